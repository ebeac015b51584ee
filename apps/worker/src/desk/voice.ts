import type { Explanation, HostedRepository, HostThread, RepositoryName, RunId, StoredReport } from '@fixpoint/core'
import { PARKED } from '../gates.ts'
import type { WorkerHands } from '../hands.ts'
import { causeText } from './cause-text.ts'
import { checksOf } from './check-text.ts'
import type { DeskHands } from './desk-hands.ts'
import { needsPerson } from './rounds.ts'
import { causeOf, type RunCause } from './run-cause.ts'
import { type RunStatus, statusOf } from './run-status.ts'
import { commentText, type ThreadStatus } from './status-text.ts'

const NEEDS_INFO = 'fixpoint:needs-info'

type VoiceHands = Pick<WorkerHands, 'journal' | 'artifacts' | 'reports'>

/**
 * Says how a report stands, where it was asked for: one comment and one check, made of the journal as it is now. Whoever calls it twice, late or out
 * of order has said the same.
 */
export class Voice {
  readonly #hands: VoiceHands
  readonly #desk: DeskHands

  constructor(hands: VoiceHands, desk: DeskHands) {
    this.#hands = hands
    this.#desk = desk
  }

  async ofRun(run: RunId): Promise<void> {
    const report = await this.#hands.reports.ofRun(run)
    if (report !== undefined) await this.ofReport(report)
  }

  async ofReport(report: StoredReport, more: Pick<ThreadStatus, 'missing'> = { missing: undefined }): Promise<void> {
    const threads = await this.#desk.threads.ofReport(report.id)
    const issue = threads.find(({ kind }) => kind === 'issue')
    const bound = issue ?? threads.at(-1)
    // What came from an alert is nobody's on a code host until it has a pull request there.
    if (bound === undefined) return
    const host = await this.#desk.hosts.open(bound.repository)
    const run = await this.#statusOf(report)
    const status = await this.#threadStatus(report, run, bound.repository, more)
    const comment = () => host.ensureComment(bound.number, `report-${report.id}`, commentText(status))
    if (issue !== undefined) {
      await comment()
      await host.setState(issue.number, status.missing === undefined ? undefined : NEEDS_INFO)
    } else if (run !== undefined && run.rounds.length > 0) {
      // The pull request says itself what it proposes; what became of a wish to change it is said below it.
      await comment()
    }
    for (const check of checksOf(status)) await host.ensureCheck(check)
    if (run !== undefined) await this.#answer(run, host)
  }

  /** Says on an issue or a pull request why it fails, as far as the run knows; and, when a model was asked, with its words. Undefined: nothing is known. */
  async ofCause(report: StoredReport, { repository, number }: Pick<HostThread, 'repository' | 'number'>, words?: Explanation): Promise<RunCause | undefined> {
    const run = report.runs.at(-1)
    const cause = run === undefined ? undefined : await causeOf(run, this.#hands)
    if (cause === undefined) return undefined
    const host = await this.#desk.hosts.open(repository)
    const status = await this.#threadStatus(report, await this.#statusOf(report), repository, { missing: undefined })
    const text = causeText(status, { ...cause, explanation: words ?? cause.explanation }, (at) => host.lineUrl(at))
    await host.ensureComment(number, `cause-${report.id}`, text)
    return cause
  }

  async #statusOf(report: StoredReport): Promise<RunStatus | undefined> {
    const run = report.runs.at(-1)
    return run === undefined ? undefined : statusOf(run, this.#hands)
  }

  async #threadStatus(
    report: StoredReport,
    run: RunStatus | undefined,
    repository: RepositoryName,
    { missing }: Pick<ThreadStatus, 'missing'>,
  ): Promise<ThreadStatus> {
    const reason = report.state === 'held' || report.state === 'needs-trace' ? report.reason : undefined
    const parked = reason?.startsWith(PARKED) === true
    const held = parked ? undefined : reason
    const settings = run?.published === undefined ? undefined : await this.#desk.settingsOf(repository)
    return {
      asked: report.wantedBy ?? report.askedBy,
      held: missing === undefined ? held : undefined,
      parked,
      missing,
      // A report that is held has a run that could not be opened, or one of long ago.
      run: held !== undefined && run?.outcome !== undefined ? undefined : run,
      runUrl: run === undefined ? undefined : this.#desk.runUrl(run.run),
      needsPerson: run === undefined || settings === undefined ? undefined : needsPerson(run, settings),
    }
  }

  /** Every point of a review that another commit answers is answered once. */
  async #answer(run: RunStatus, host: HostedRepository): Promise<void> {
    const pull = run.published?.pull
    if (pull === undefined) return
    for (const { review, commit } of run.rounds) {
      if (review === undefined || commit === undefined) continue
      for (const point of await host.reviewPoints(pull, review))
        await host.answerPoint(
          pull,
          point.id,
          `${run.run}-${point.id}`,
          `Taken into account in ${commit}: the patch was drafted anew with these words in mind and judged again. The description of this pull request holds the new evidence.`,
        )
    }
  }
}
