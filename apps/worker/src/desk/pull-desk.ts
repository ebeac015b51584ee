import type { DeliveryRecord, HostEvent, HostThread, InboxMessage, RunId } from '@fixpoint/core'
import type { WorkerHands } from '../hands.ts'
import type { DeskHands } from './desk-hands.ts'
import type { Explanations } from './explanations.ts'
import type { Attended } from './host-desk.ts'
import { CHECKS, refusalOfRound } from './rounds.ts'
import { type RunStatus, statusOf } from './run-status.ts'
import type { Voice } from './voice.ts'
import { refusalOf } from './who-may.ts'

type Of<K extends HostEvent['kind']> = Extract<HostEvent, { kind: K }>
const WORDS = 20_000
const SOMEBODY = { login: 'somebody', id: 0, bot: false }

/** What people, and checks, say to a pull request of ours. Talk among people is none of our business. */
export class PullDesk {
  readonly #hands: WorkerHands
  readonly #desk: DeskHands
  readonly #voice: Voice
  readonly #explanations: Explanations

  constructor(hands: WorkerHands, desk: DeskHands, { voice, explanations }: { readonly voice: Voice; readonly explanations: Explanations }) {
    this.#hands = hands
    this.#desk = desk
    this.#voice = voice
    this.#explanations = explanations
  }

  /** A formal request for changes, with everything that was said at lines. */
  async reviewed({ repository, by, pull, review, state, body, command }: Of<'reviewed'>): Promise<Attended> {
    if (state !== 'changes-requested' && command === undefined) return { ignored: `a review that says ${state} asks for nothing` }
    const thread = await this.#oursAt(repository, pull)
    if (thread === undefined) return { ignored: 'it is no pull request of ours' }
    const host = await this.#desk.hosts.open(repository)
    const refusal = await refusalOf(by, host, await this.#desk.settingsOf(repository))
    if (refusal !== undefined) return { ignored: refusal }
    const points = await host.reviewPoints(pull, review)
    const said = points.map(({ path, line, body: words }) => `${path === undefined ? '' : `${path}${line === undefined ? '' : `:${line}`}: `}${words}`)
    const words = [body, ...said].filter((part) => part.trim() !== '').join('\n\n')
    if (words === '') return { ignored: 'the review says nothing but that changes are wanted: there is nothing to go by' }
    return this.#round(thread, { by: by.login, words, review })
  }

  async commanded({ repository, by, command }: Of<'commanded'>, thread: HostThread | undefined, delivery: DeliveryRecord): Promise<Attended> {
    const run = thread?.run
    if (thread === undefined || run === undefined) return { ignored: 'it is no pull request of ours' }
    switch (command.name) {
      case 'stop':
        return this.#tell(thread, run, { kind: 'cancel', by: by.login })
      case 'explain':
        return (await this.#explanations.of(thread, delivery)) ?? { ignored: 'the run of this pull request is gone' }
      case 'approve':
        return { ignored: 'a pull request is approved of by people, in a review' }
      default:
        if (command.words.trim() === '') return { ignored: `what should change at ${repository}#${thread.number} was not said` }
        return this.#round(thread, { by: by.login, words: command.words })
    }
  }

  async closed({ repository, by, pull, head, branch, merged }: Of<'pull-closed'>): Promise<Attended> {
    const thread = await this.#oursAt(repository, pull)
    const run = thread?.run
    if (thread === undefined || run === undefined) return { ignored: 'it is no pull request of ours' }
    const status = await statusOf(run, this.#hands)
    const edited = status?.published !== undefined && status.published.commit !== head
    const outcome = merged === undefined ? 'declined' : 'merged'
    await this.#desk.threads.ended({
      ...{ repository, number: pull, run, at: this.#hands.clock.now(), commit: merged },
      outcome: merged === undefined ? 'declined' : edited ? 'merged-with-edits' : 'merged',
    })
    if (merged === undefined) await (await this.#desk.hosts.open(repository)).deleteBranch(branch, head)
    return this.#tell(thread, run, { kind: 'ended', by: by.login, outcome, edited, ...(merged !== undefined && { merge: merged }) })
  }

  /** What people did to a pull request before anybody could hear of it: between its opening and the moment at which it is known whose it is. */
  async catchUp(run: RunId): Promise<void> {
    const status = await statusOf(run, this.#hands)
    const report = status?.phase === 'proposed' ? await this.#hands.reports.ofRun(run) : undefined
    const thread = report && (await this.#desk.threads.ofReport(report.id)).find((each) => each.kind === 'pull' && each.number === status?.published?.pull)
    if (thread === undefined) return
    const { repository, number } = thread
    const pull = await (await this.#desk.hosts.open(repository)).pull(number)
    if (pull === undefined || pull.state === 'open') return
    const { head, branch, merged, mergedBy: by = SOMEBODY } = pull
    await this.closed({ kind: 'pull-closed', repository, by, pull: number, head, branch, ...(merged !== undefined && { merged }) })
  }

  /** The logs of what is red become a lesson; twice at most. */
  async checksFailed({ repository, commit, pulls }: Of<'checks-failed'>): Promise<Attended> {
    for (const pull of pulls) {
      const thread = await this.#oursAt(repository, pull)
      const run = thread?.run
      const status = run === undefined ? undefined : await statusOf(run, this.#hands)
      if (thread === undefined || status?.published?.commit !== commit) continue
      const failed = await (await this.#desk.hosts.open(repository)).failedChecks(commit)
      if (failed.length === 0) return { ignored: 'nothing that failed says why' }
      const share = Math.floor(WORDS / failed.length) - 200
      const words = failed
        .map(({ name, log }) => `The check ${JSON.stringify(name)} of the repository fails on this patch. The end of what it printed:\n${log.slice(-share)}`)
        .join('\n\n')
      return this.#round(thread, { by: CHECKS, words })
    }
    return { ignored: 'these checks are on no commit that we propose' }
  }

  async ready(thread: HostThread, run: RunId): Promise<Attended> {
    const status = await statusOf(run, this.#hands)
    const pull = status?.published?.pull
    if (pull === undefined) return { ignored: 'there is no pull request' }
    await (await this.#desk.hosts.open(thread.repository)).markReady(pull)
    return { done: `#${pull} is ready for review`, reports: [thread.report] }
  }

  async #round(thread: HostThread, { by, words, review }: { readonly by: string; readonly words: string; readonly review?: number }): Promise<Attended> {
    const status = thread.run === undefined ? undefined : await statusOf(thread.run, this.#hands)
    if (thread.run === undefined || status?.proposal === undefined) return { ignored: 'the run of this pull request is gone' }
    const refusal = status.outcome === undefined ? this.#refusal(status, by, await this.#desk.settingsOf(thread.repository)) : 'its run is over'
    if (refusal !== undefined) {
      await this.#voice.ofRun(thread.run)
      return { ignored: `no further attempt: ${refusal}` }
    }
    const message = {
      kind: 'request-changes',
      by,
      proposal: status.proposal.digest,
      words: words.trim().slice(0, WORDS),
      ...(review !== undefined && { review }),
    } as const
    return this.#tell(thread, thread.run, message)
  }

  #refusal(status: RunStatus, by: string, settings: Parameters<typeof refusalOfRound>[2]): string | undefined {
    return refusalOfRound(status, by, settings)
  }

  async #oursAt(repository: HostThread['repository'], pull: number): Promise<HostThread | undefined> {
    const thread = await this.#desk.threads.find(repository, pull)
    return thread?.kind === 'pull' ? thread : undefined
  }

  async #tell(thread: HostThread, run: RunId, message: InboxMessage): Promise<Attended> {
    await this.#hands.inbox.put(run, message)
    await this.#hands.queue.wake(run, { priority: 1 })
    return { done: `told ${run}: ${message.kind}`, reports: [thread.report] }
  }
}
