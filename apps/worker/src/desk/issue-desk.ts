import {
  BugReport,
  type DeliveryRecord,
  type HostActor,
  type HostEvent,
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
import type { Explanations } from './explanations.ts'
import { type Asking, refusalOfLabel } from './hearing.ts'
import type { Attended } from './host-desk.ts'
import type { Voice } from './voice.ts'
import { refusalOf } from './who-may.ts'

export interface Admits {
  admit(report: string, options: { readonly wanted: boolean; readonly by: string }): Promise<Admitted>
  resume(run: RunId): Promise<Admitted>
}

interface IssueDeskParts {
  readonly admission: Admits
  readonly voice: Voice
  readonly explanations: Explanations
}

type Of<K extends HostEvent['kind']> = Extract<HostEvent, { kind: K }>
const TITLE = 300

/** What people want of an issue: it becomes a report and a run, or a word to one that is under way. Who asks may: that was found out before. */
export class IssueDesk {
  readonly #hands: WorkerHands
  readonly #desk: DeskHands
  readonly #admission: Admits
  readonly #voice: Voice
  readonly #explanations: Explanations
  readonly #archive: Archive

  constructor(hands: WorkerHands, desk: DeskHands, { admission, voice, explanations }: IssueDeskParts) {
    this.#hands = hands
    this.#desk = desk
    this.#admission = admission
    this.#voice = voice
    this.#explanations = explanations
    this.#archive = new Archive(hands.artifacts)
  }

  /** Made a report of, then opened a run for. */
  async asked({ issue, repository, by }: Asking, delivery: DeliveryRecord, settings: DeskSettings): Promise<Attended> {
    if (settings.off !== undefined) return this.sayOff(repository, issue.number, settings.off)
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
    return this.#admit(stored.id, { wanted: !by.bot, by: by.login })
  }

  async commanded(event: Of<'commanded'>, delivery: DeliveryRecord, settings: DeskSettings): Promise<Attended> {
    const { command, repository, issue, by } = event
    const thread = await this.#desk.threads.find(repository, issue.number)
    const run = thread === undefined ? undefined : await this.openRunOf(thread)
    switch (command.name) {
      case 'stop':
        return this.stop(thread, run, by)
      case 'approve':
        return this.approve(thread, run, by)
      case 'words':
        if (thread !== undefined && run !== undefined && command.words.trim() !== '')
          return this.#say(thread, run, { kind: 'steer', by: by.login, words: command.words })
        break
      case 'explain': {
        const explained = thread && (await this.#explanations.of(thread, delivery))
        if (explained !== undefined) return explained
        break
      }
      default:
    }
    return this.asked(event, delivery, settings)
  }

  async unlabelled({ issue, label, repository, by }: Of<'unlabelled'>): Promise<Attended> {
    const settings = await this.#desk.settingsOf(repository)
    const notOurs = refusalOfLabel(label, settings)
    return notOurs === undefined ? this.#end({ repository, number: issue.number, by, settings }) : { ignored: notOurs }
  }

  async closed({ issue, repository, by }: Of<'issue-closed'>): Promise<Attended> {
    return this.#end({ repository, number: issue.number, by, settings: await this.#desk.settingsOf(repository) })
  }

  async stop(thread: HostThread | undefined, run: RunId | undefined, by: HostActor): Promise<Attended> {
    if (thread === undefined || run === undefined) return { ignored: 'nothing is under way here' }
    return this.#say(thread, run, { kind: 'cancel', by: by.login })
  }

  async approve(thread: HostThread | undefined, run: RunId | undefined, by: HostActor): Promise<Attended> {
    const summary = run === undefined ? undefined : await this.#hands.runIndex.get(run)
    if (thread === undefined || run === undefined || summary?.phase !== 'proposing' || summary.proposal === undefined)
      return { ignored: 'no patch waits for a word here' }
    return this.#say(thread, run, { kind: 'approve', by: by.login, proposal: summary.proposal })
  }

  async retry({ report }: HostThread, by: HostActor): Promise<Attended> {
    return this.#admit(report, { wanted: true, by: by.login })
  }

  /** Once on an issue. */
  async sayOff(repository: RepositoryName, number: number, off: string): Promise<Attended> {
    await (await this.#desk.hosts.open(repository)).ensureComment(number, `off-${number}`, `### Fixpoint is off in this repository\n\n${off}\n`)
    return { ignored: `it is off here, and that was said: ${off}` }
  }

  async openRunOf(thread: HostThread): Promise<RunId | undefined> {
    const report = await this.#hands.reports.get(thread.report)
    const run = report?.runs.at(-1)
    return run !== undefined && (await this.#hands.runIndex.get(run))?.outcome === undefined ? run : undefined
  }

  /** What nobody wants any more is stopped; a pull request that is open already is decided on where it is. */
  async #end({ repository, number, by, settings }: { repository: RepositoryName; number: number; by: HostActor; settings: DeskSettings }): Promise<Attended> {
    const thread = await this.#desk.threads.find(repository, number)
    const run = thread === undefined ? undefined : await this.openRunOf(thread)
    if (thread === undefined || run === undefined) return { ignored: 'nothing is under way here' }
    if ((await this.#hands.runIndex.get(run))?.phase === 'proposed') return { ignored: 'its pull request is open: it is decided on there' }
    const refusal = await refusalOf(by, await this.#desk.hosts.open(repository), settings)
    return refusal === undefined ? this.stop(thread, run, by) : { ignored: refusal }
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

  async #admit(report: string, how: Parameters<Admits['admit']>[1]): Promise<Attended> {
    const admitted = await this.#admission.admit(report, how)
    return this.#told(report, 'run' in admitted ? `opened ${admitted.run}` : `no run: ${admitted.held}`)
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
    if (report !== undefined) await this.#voice.ofReport(report, { missing })
    return { done, reports: [id] }
  }
}
