import type { Outcome } from '../life/events.ts'
import type { Phase } from '../life/run.ts'
import type { Digest, RunId } from '../words/ids.ts'
import type { Amount } from '../words/spending.ts'

export interface RunOwner {
  readonly id: string
  readonly title: string
  readonly source: string
  readonly repository: string | undefined
  readonly url: string | undefined
}

/** A run as a list shows it: folded from its journal in the transaction of each append. */
export interface RunSummary {
  readonly id: RunId
  readonly phase: Phase
  /** Waits for a person, or for what becomes of its pull request. */
  readonly awaiting: boolean
  readonly outcome: Outcome | undefined
  readonly report: Digest
  readonly proposal: Digest | undefined
  /** The report that it is made for, where a service keeps reports. */
  readonly owner: RunOwner | undefined
  /** What models took, or may still take of what was reserved. */
  readonly spent: Amount
  readonly entries: number
  readonly openedAt: Date
  readonly updatedAt: Date
}

/** Newest first; `before` is an id of an earlier page. `text` is looked for in the title of the report, whatever its case. */
export interface RunPage {
  readonly limit: number
  readonly before?: RunId
  readonly phase?: Phase
  readonly awaiting?: boolean
  readonly outcome?: Outcome
  readonly repository?: string
  readonly source?: string
  readonly text?: string
}

/** The runs of a store that keeps read models. */
export interface RunIndex {
  get(run: RunId): Promise<RunSummary | undefined>
  list(page: RunPage): Promise<readonly RunSummary[]>
  /** Runs with a due step: neither settled nor waiting for a person with an empty inbox. */
  due(limit: number): Promise<readonly RunId[]>
}
