import type { RepositoryName } from '../words/host-event.ts'
import type { Digest, ObjectId, RunId } from '../words/ids.ts'

/** An issue or a pull request that belongs to a report. */
export interface HostThread {
  readonly repository: RepositoryName
  readonly number: number
  readonly kind: 'issue' | 'pull'
  readonly report: string
  /** Of a pull request: the run that opened it. */
  readonly run: RunId | undefined
}

/** What became of a pull request of ours; the share of its added lines that still stand is asked after 7, 30 and 90 days. */
export interface PullOutcome {
  readonly repository: RepositoryName
  readonly number: number
  readonly run: RunId
  readonly outcome: 'merged' | 'merged-with-edits' | 'declined'
  readonly at: Date
  readonly commit: ObjectId | undefined
  /** By days after the merge; what is not known yet is not there. */
  readonly survived: Readonly<Partial<Record<7 | 30 | 90, number>>>
}

/** A model's words on why a run's failure happens, and when they came. */
export interface KeptExplanation {
  readonly words: Digest
  readonly at: Date
}

/** Which threads of a code host belong to which report, what was explained there, and what became of our pull requests. */
export interface HostThreads {
  /** Twice is once; a thread belongs to one report for good. */
  bind(thread: HostThread): Promise<void>
  find(repository: RepositoryName, number: number): Promise<HostThread | undefined>
  ofReport(report: string): Promise<readonly HostThread[]>
  renamed(from: RepositoryName, to: RepositoryName): Promise<void>
  /** The last word counts. */
  explained(run: RunId, words: Digest, at: Date): Promise<void>
  explanationOf(run: RunId): Promise<KeptExplanation | undefined>
  /** The last word counts. */
  ended(outcome: Omit<PullOutcome, 'survived'>): Promise<void>
  /** Merged ones whose survival is due to be measured now: with the days it is due for. */
  survivalDue(now: Date, limit: number): Promise<readonly (PullOutcome & { readonly days: 7 | 30 | 90 })[]>
  survived(repository: RepositoryName, number: number, days: 7 | 30 | 90, share: number): Promise<void>
  /** Nobody will be able to tell how much of it stands: what was measured is kept, and no more is due. */
  lost(repository: RepositoryName, number: number): Promise<void>
  outcomes(since: Date): Promise<readonly PullOutcome[]>
}
