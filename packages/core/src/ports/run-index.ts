import type { Outcome } from '../life/events.ts'
import type { Phase } from '../life/run.ts'
import type { Digest, RunId } from '../words/ids.ts'

/** A run as a list shows it: folded from its journal in the transaction of each append. */
export interface RunSummary {
  readonly id: RunId
  readonly phase: Phase
  /** Waits for a person, or for what becomes of its pull request. */
  readonly awaiting: boolean
  readonly outcome: Outcome | undefined
  readonly report: Digest
  readonly proposal: Digest | undefined
  readonly entries: number
  readonly openedAt: Date
  readonly updatedAt: Date
}

/** The runs of a store that keeps read models. */
export interface RunIndex {
  get(run: RunId): Promise<RunSummary | undefined>
  /** Newest first; `before` is an id of an earlier page. */
  list(page: { readonly limit: number; readonly before?: RunId; readonly phase?: Phase; readonly awaiting?: boolean }): Promise<readonly RunSummary[]>
  /** Runs with a due step: neither settled nor waiting for a person with an empty inbox. */
  due(limit: number): Promise<readonly RunId[]>
}
