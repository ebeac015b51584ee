import { type DeliveryRecord, type HostEvent, neutral, type RunId } from '@fixpoint/core'
import type { WorkerHands } from '../hands.ts'
import type { DeskHands } from './desk-hands.ts'
import { Explanations } from './explanations.ts'
import { type Heard, Hearing } from './hearing.ts'
import { HELP } from './help.ts'
import { type Admits, IssueDesk } from './issue-desk.ts'
import { LoopBreaker } from './loop-breaker.ts'
import { PullDesk } from './pull-desk.ts'
import { TriggerLabels } from './trigger-labels.ts'
import { Voice } from './voice.ts'
import { refusalOf } from './who-may.ts'

/** What became of something that a host told. `until`: more of it is under way; whoever has not finished by then is dead. */
export type Attended = { readonly done: string; readonly reports: readonly string[]; readonly until?: Date } | { readonly ignored: string }

type Of<K extends HostEvent['kind']> = Extract<HostEvent, { kind: K }>

/**
 * Where people on a code host are attended to: what they ask for becomes a report and a run, or a word to one that is under way. Who may not ask
 * is told by a sign; everything that we say ourselves is no wish of anybody's.
 */
export class HostDesk {
  readonly #voice: Voice
  readonly #hands: WorkerHands
  readonly #desk: DeskHands
  readonly #hearing: Hearing
  readonly #issues: IssueDesk
  readonly #pulls: PullDesk
  readonly #breaker: LoopBreaker
  readonly #labels: TriggerLabels

  constructor(hands: WorkerHands, desk: DeskHands, admission: Admits) {
    this.#hands = hands
    this.#desk = desk
    this.#voice = new Voice(hands, desk)
    this.#hearing = new Hearing(desk)
    const parts = { voice: this.#voice, explanations: new Explanations(hands, desk, this.#voice) }
    this.#issues = new IssueDesk(hands, desk, { admission, ...parts })
    this.#pulls = new PullDesk(hands, desk, parts)
    this.#breaker = new LoopBreaker(hands, desk)
    this.#labels = new TriggerLabels(hands, desk)
  }

  /** The sign that somebody was heard, and nothing else: what they ask for is attended to when its turn comes. */
  async acknowledge(event: HostEvent, delivery: string): Promise<void> {
    if (event.kind !== 'labelled' && event.kind !== 'commanded') return
    if ((await this.#deafTo(event, delivery)) === undefined) await this.#hearing.of(event)
  }

  /** Says how a run stands, and finds out what was done to its pull request unheard. */
  async speak(run: RunId): Promise<void> {
    await this.#voice.ofRun(run)
    await this.#pulls.catchUp(run)
  }

  async attend(event: HostEvent, delivery: DeliveryRecord): Promise<Attended> {
    // Nobody waits for them: whoever asks for something has found a way.
    if (event.kind !== 'repository-gone') void this.#labels.ensure(event.repository)
    const deaf = await this.#deafTo(event, delivery.id)
    if (deaf !== undefined) return { ignored: deaf }
    switch (event.kind) {
      case 'labelled':
      case 'commanded': {
        const heard = await this.#hearing.of(event)
        if ('ignored' in heard) return heard
        return event.kind === 'labelled' ? this.#issues.asked(event, delivery, heard.settings) : this.#commanded(event, delivery, heard)
      }
      case 'unlabelled':
        return this.#issues.unlabelled(event)
      case 'issue-closed':
        return this.#issues.closed(event)
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

  /** Why we do not listen at all. */
  async #deafTo(event: HostEvent, delivery: string): Promise<string | undefined> {
    if (event.by.id === this.#desk.hosts.self.id && !this.#desk.personal && event.kind !== 'checks-failed') return 'we did it ourselves'
    return this.#breaker.refusalOf(event, delivery)
  }

  async #commanded(event: Of<'commanded'>, delivery: DeliveryRecord, { host, settings }: Heard): Promise<Attended> {
    const { command, repository, issue } = event
    if (command.name === 'help' || command.name === 'unknown') {
      await host.ensureComment(issue.number, `help-${issue.number}`, HELP)
      return { done: 'said what can be asked for', reports: [] }
    }
    const attended = await (event.pull
      ? this.#pulls.commanded(event, await this.#desk.threads.find(repository, issue.number), delivery)
      : this.#issues.commanded(event, delivery, settings))
    // Whoever was heard is told why nothing comes of it, where that was not said already; an app would answer.
    if ('ignored' in attended && settings.off === undefined && !event.by.bot)
      await host.ensureComment(issue.number, `unmoved-${issue.number}`, unmovedText(command.name, attended.ignored))
    return attended
  }

  async #pressed({ run, action, repository, by }: Of<'button-pressed'>): Promise<Attended> {
    const report = await this.#hands.reports.ofRun(run)
    const thread = report && (await this.#desk.threads.ofReport(report.id)).find((each) => each.repository === repository)
    if (thread === undefined) return { ignored: 'that run belongs to no thread of this repository' }
    const settings = await this.#desk.settingsOf(repository)
    const refusal = await refusalOf(by, await this.#desk.hosts.open(repository), settings)
    if (refusal !== undefined) return { ignored: refusal }
    switch (action) {
      case 'stop':
        return this.#issues.stop(thread, await this.#issues.openRunOf(thread), by)
      case 'approve':
        return this.#issues.approve(thread, await this.#issues.openRunOf(thread), by)
      case 'ready':
        return this.#pulls.ready(thread, run)
      case 'retry':
        return settings.off === undefined ? this.#issues.retry(thread, by) : this.#issues.sayOff(repository, thread.number, settings.off)
      default:
        return { ignored: `there is no button ${JSON.stringify(action)}` }
    }
  }

  async #gone({ repository, why, by }: Of<'repository-gone'>): Promise<Attended> {
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
}

function unmovedText(command: string, why: string): string {
  return `Nothing comes of ${command === 'words' ? 'these words' : `\`/fixpoint ${command}\``}: ${neutral(why)}. \`/fixpoint help\` lists what can be asked for.\n`
}
