import {
  BugReport,
  type DeliveryRecord,
  type HostActor,
  type HostEvent,
  type HostedRepository,
  type HostIssue,
  type HostThread,
  inert,
  type RepositoryName,
  type RunId,
  reveal,
  type StoredReport,
} from '@fixpoint/core'
import { Archive } from '@fixpoint/engine'
import { hasTrace, missingOf, reportOfIssue } from '@fixpoint/intake'
import type { Admitted } from '../admission.ts'
import type { WorkerHands } from '../hands.ts'
import type { DeskHands, DeskSettings } from './desk-hands.ts'
import { HELP } from './help.ts'
import { LoopBreaker } from './loop-breaker.ts'
import { PullDesk } from './pull-desk.ts'
import { Voice } from './voice.ts'
import { refusalOf } from './who-may.ts'

/** What became of something that a host told. */
export type Attended = { readonly done: string; readonly reports: readonly string[] } | { readonly ignored: string }

interface Admits {
  admit(report: string, options: { readonly wanted: boolean; readonly by: string }): Promise<Admitted>
  resume(run: RunId): Promise<Admitted>
}

type Commanded = Extract<HostEvent, { kind: 'commanded' }>
const TITLE = 300

/**
 * Where people on a code host are attended to: what they ask for becomes a report and a run, or a word to one that is under way. Who may not ask
 * is told by a sign; everything that we say ourselves is no wish of anybody's.
 */
export class HostDesk {
  readonly voice: Voice
  readonly #hands: WorkerHands
  readonly #desk: DeskHands
  readonly #admission: Admits
  readonly #archive: Archive
  readonly #pulls: PullDesk
  readonly #breaker: LoopBreaker

  constructor(hands: WorkerHands, desk: DeskHands, admission: Admits) {
    this.#hands = hands
    this.#desk = desk
    this.#admission = admission
    this.#archive = new Archive(hands.artifacts)
    this.voice = new Voice(hands, desk)
    this.#pulls = new PullDesk(hands, desk, this.voice)
    this.#breaker = new LoopBreaker(hands, desk)
  }

  async attend(event: HostEvent, delivery: DeliveryRecord): Promise<Attended> {
    if (event.by.id === this.#desk.hosts.self.id && !this.#desk.personal && event.kind !== 'checks-failed') return { ignored: 'we did it ourselves' }
    const loop = await this.#breaker.refusalOf(event)
    if (loop !== undefined) return { ignored: loop }
    switch (event.kind) {
      case 'labelled':
        return this.#asked(event, delivery, { issue: event.issue.number }, (settings) =>
          hasLabel(settings, event.label) ? undefined : `${JSON.stringify(event.label)} is no label that asks for a run`,
        )
      case 'unlabelled':
        return this.#unlabelled(event)
      case 'commanded':
        return this.#commanded(event, delivery)
      case 'issue-closed':
        return this.#closed(event)
      case 'reviewed':
        return this.#pulls.reviewed(event)
      case 'pull-closed':
        return this.#pulls.closed(event)
      case 'checks-failed':
        return this.#pulls.checksFailed(event)
      case 'button-pressed':
        return this.#pressed(event)
      case 'repository-gone':
        return this.#gone(event)
      case 'repository-renamed':
        await this.#desk.threads.renamed(event.from, event.repository)
        return { done: `${event.from} is called ${event.repository} now`, reports: [] }
      case 'installed':
        return { done: `installed on ${event.repository}`, reports: [] }
      default:
        return event satisfies never
    }
  }

  /** An issue that somebody wants worked on. Seen at once, then made a report of, then opened a run for. */
  async #asked(
    { issue, repository, by }: { readonly issue: HostIssue; readonly repository: RepositoryName; readonly by: HostActor },
    delivery: DeliveryRecord,
    sign: Parameters<HostedRepository['react']>[0],
    otherwise: (settings: DeskSettings) => string | undefined,
  ): Promise<Attended> {
    const [settings, host] = await Promise.all([this.#desk.settingsOf(repository), this.#desk.hosts.open(repository)])
    const notMeant = settings.enabled ? otherwise(settings) : 'the settings of this repository say enabled: false'
    if (notMeant !== undefined) return { ignored: notMeant }
    const refusal = await refusalOf(by, host, settings)
    if (refusal !== undefined) return this.#refuse(host, by, sign, refusal)
    await host.react(sign, 'eyes')
    const stored = await this.#sight(issue, repository, delivery)
    await this.#desk.threads.bind({ repository, number: issue.number, kind: 'issue', report: stored.id, run: undefined })
    if (settings.problem !== undefined) {
      await this.#hands.reports.move(stored.id, {
        from: ['new', 'held', 'settled', 'needs-trace', 'reopened', 'confirmed', 'muted'],
        to: 'held',
        reason: settings.problem,
      })
      return this.#told(stored.id, `held: ${settings.problem}`)
    }
    const report = await this.#archive.get(BugReport, stored.report)
    const missing =
      hasTrace(report) || report.checks.length > 0 || settings.models ? undefined : (missingOf(report) ?? 'a stack trace, or code that makes it fail')
    if (missing !== undefined) {
      await this.#hands.reports.move(stored.id, {
        from: ['new', 'held', 'settled', 'needs-trace', 'reopened'],
        to: 'needs-trace',
        reason: 'the issue does not say enough to make it fail',
      })
      return this.#told(stored.id, 'asked its author for more', missing)
    }
    await this.#withdrawStop(stored)
    // What was put aside for want of a trace may have one now.
    if (stored.state === 'needs-trace') await this.#hands.reports.move(stored.id, { from: ['needs-trace'], to: 'new' })
    // An app's wish opens no gate that time and thrift keep shut: two that answer each other would never end.
    const admitted = await this.#admission.admit(stored.id, { wanted: !by.bot, by: by.login })
    return this.#told(stored.id, 'run' in admitted ? `opened ${admitted.run}` : `no run: ${admitted.held}`)
  }

  /** A label that is taken off and put on again was a slip of the hand, as long as nobody acted on it. */
  async #withdrawStop({ runs }: StoredReport): Promise<void> {
    const { inbox } = this.#hands
    const run = runs.at(-1)
    const waiting = run === undefined ? [] : await inbox.waiting(run)
    for (const { id, message } of waiting) if (message.kind === 'cancel') await inbox.take(id, 'it was asked for again')
  }

  /** The text is pinned: what the run works with is what stood there when somebody asked for it. */
  async #sight(issue: HostIssue, repository: RepositoryName, delivery: DeliveryRecord): Promise<StoredReport> {
    const { report } = await reportOfIssue(issue, { host: this.#desk.host, repository })
    // An issue is one report, also when its repository gets another name.
    const thread = await this.#desk.threads.find(repository, issue.number)
    const known = thread && (await this.#hands.reports.get(thread.report))
    const digest = await this.#archive.put(BugReport, report)
    const title = inert(reveal(report.title), TITLE)
    const { report: stored, created } = await this.#hands.reports.sight({
      ...{ groupKey: known?.groupKey ?? report.groupKey, title, report: digest, hasTrace: true, severity: 'error', source: 'github' },
      ...{ delivery: delivery.id, at: delivery.receivedAt, repository, url: issue.url },
      ...(report.revision !== undefined && /^[0-9a-f]{7,64}$/.test(report.revision) ? { commit: report.revision } : { release: report.revision }),
    })
    if (!created && stored.report !== digest) await this.#hands.reports.retell(stored.id, { report: digest, title })
    return (await this.#hands.reports.get(stored.id)) ?? stored
  }

  async #commanded(event: Commanded, delivery: DeliveryRecord): Promise<Attended> {
    const { command, repository, issue, by } = event
    const sign = event.point ? { point: event.comment } : { comment: event.comment }
    const settings = await this.#desk.settingsOf(repository)
    const host = await this.#desk.hosts.open(repository)
    const refusal = await refusalOf(by, host, settings)
    if (refusal !== undefined) return this.#refuse(host, by, sign, refusal)
    await host.react(sign, 'eyes')
    const thread = await this.#desk.threads.find(repository, issue.number)
    if (command.name === 'help' || command.name === 'unknown') {
      await host.ensureComment(issue.number, `help-${issue.number}`, HELP)
      return { done: 'said what can be asked for', reports: [] }
    }
    if (event.pull) return this.#pulls.commanded(event, thread)

    const run = thread === undefined ? undefined : await this.#openRunOf(thread)
    switch (command.name) {
      case 'stop':
        if (thread === undefined || run === undefined) return { ignored: 'nothing is under way here' }
        return this.#say(thread, run, { kind: 'cancel', by: by.login })
      case 'approve':
        return this.#approve(thread, run, by)
      case 'words':
        if (thread !== undefined && run !== undefined && command.words.trim() !== '')
          return this.#say(thread, run, { kind: 'steer', by: by.login, words: command.words })
        break
      case 'explain': {
        const known = thread && (await this.#hands.reports.get(thread.report))
        if (known !== undefined && known.runs.length > 0) return this.#told(known.id, 'said how it stands')
        break
      }
      default:
    }
    return this.#asked(event, delivery, sign, () => undefined)
  }

  async #approve(thread: HostThread | undefined, run: RunId | undefined, by: HostActor): Promise<Attended> {
    const summary = run === undefined ? undefined : await this.#hands.runIndex.get(run)
    if (thread === undefined || run === undefined || summary?.phase !== 'proposing' || summary.proposal === undefined)
      return { ignored: 'no patch waits for a word here' }
    return this.#say(thread, run, { kind: 'approve', by: by.login, proposal: summary.proposal })
  }

  async #unlabelled({ issue, label, repository, by }: Extract<HostEvent, { kind: 'unlabelled' }>): Promise<Attended> {
    const settings = await this.#desk.settingsOf(repository)
    if (!hasLabel(settings, label)) return { ignored: `${JSON.stringify(label)} is no label that asks for a run` }
    return this.#end({ repository, number: issue.number, by, settings })
  }

  async #closed({ issue, repository, by }: Extract<HostEvent, { kind: 'issue-closed' }>): Promise<Attended> {
    return this.#end({ repository, number: issue.number, by, settings: await this.#desk.settingsOf(repository) })
  }

  /** What nobody wants any more is stopped; a pull request that is open already is decided on where it is. */
  async #end({ repository, number, by, settings }: { repository: RepositoryName; number: number; by: HostActor; settings: DeskSettings }): Promise<Attended> {
    const thread = await this.#desk.threads.find(repository, number)
    const run = thread === undefined ? undefined : await this.#openRunOf(thread)
    if (thread === undefined || run === undefined) return { ignored: 'nothing is under way here' }
    if ((await this.#hands.runIndex.get(run))?.phase === 'proposed') return { ignored: 'its pull request is open: it is decided on there' }
    const refusal = await refusalOf(by, await this.#desk.hosts.open(repository), settings)
    if (refusal !== undefined) return { ignored: refusal }
    return this.#say(thread, run, { kind: 'cancel', by: by.login })
  }

  async #pressed({ run, action, repository, by }: Extract<HostEvent, { kind: 'button-pressed' }>): Promise<Attended> {
    const report = await this.#hands.reports.ofRun(run)
    const thread = report && (await this.#desk.threads.ofReport(report.id)).find((each) => each.repository === repository)
    if (report === undefined || thread === undefined) return { ignored: 'that run belongs to no thread of this repository' }
    const host = await this.#desk.hosts.open(repository)
    const refusal = await refusalOf(by, host, await this.#desk.settingsOf(repository))
    if (refusal !== undefined) return { ignored: refusal }
    const open = await this.#openRunOf(thread)
    if (action === 'stop') return open === undefined ? { ignored: 'nothing is under way here' } : this.#say(thread, open, { kind: 'cancel', by: by.login })
    if (action === 'approve') return this.#approve(thread, open, by)
    if (action === 'ready') return this.#pulls.ready(thread, run)
    if (action !== 'retry') return { ignored: `there is no button ${JSON.stringify(action)}` }
    const admitted = await this.#admission.admit(report.id, { wanted: true, by: by.login })
    return this.#told(report.id, 'run' in admitted ? `opened ${admitted.run}` : `no run: ${admitted.held}`)
  }

  async #gone({ repository, why, by }: Extract<HostEvent, { kind: 'repository-gone' }>): Promise<Attended> {
    const running = await this.#hands.reports.list({ limit: 200, state: 'running', repository })
    for (const { runs } of running) {
      const run = runs.at(-1)
      const summary = run && (await this.#hands.runIndex.get(run))
      if (run === undefined) continue
      // Nobody merges a pull request that is gone.
      await this.#hands.inbox.put(run, summary?.phase === 'proposed' ? { kind: 'ended', by: by.login, outcome: 'declined' } : { kind: 'cancel', by: by.login })
      await this.#hands.queue.wake(run, { priority: 1 })
    }
    return { done: `${repository} is ${why}: ${running.length} runs are stopped`, reports: running.map(({ id }) => id) }
  }

  /** A person is told by a sign; an app reads none. */
  async #refuse(host: HostedRepository, by: HostActor, sign: Parameters<HostedRepository['react']>[0], refusal: string): Promise<Attended> {
    if (!by.bot) await host.react(sign, 'confused')
    return { ignored: refusal }
  }

  async #say(thread: HostThread, run: RunId, message: Parameters<WorkerHands['inbox']['put']>[1]): Promise<Attended> {
    await this.#hands.inbox.put(run, message)
    await this.#admission.resume(run)
    await this.#hands.queue.wake(run, { priority: 1 })
    return { done: `told ${run}: ${message.kind}`, reports: [thread.report] }
  }

  /** What is said on the host can wait for the next fact; the report is what it is. */
  async #told(id: string, done: string, missing?: string): Promise<Attended> {
    const report = await this.#hands.reports.get(id)
    if (report !== undefined) await this.voice.ofReport(report, { missing })
    return { done, reports: [id] }
  }

  async #openRunOf(thread: HostThread): Promise<RunId | undefined> {
    const report = await this.#hands.reports.get(thread.report)
    const run = report?.runs.at(-1)
    return run !== undefined && (await this.#hands.runIndex.get(run))?.outcome === undefined ? run : undefined
  }
}

/** Labels of a code host do not differ by case alone. */
function hasLabel({ labels }: DeskSettings, label: string): boolean {
  return labels.some((each) => each.toLowerCase() === label.toLowerCase())
}
