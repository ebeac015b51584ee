import type { RunId } from '../words/ids.ts'
import type { Amount, Ceiling, Exhausted } from '../words/spending.ts'

export interface ReservationRequest {
  readonly run: RunId
  readonly repository: string
  /** What the call cannot pass. */
  readonly atMost: Amount
  /** Of the run's policy. */
  readonly budget: Ceiling
  /** A call that takes longer has died. */
  readonly deadlineMs: number
}

/** What one repository spent on a day. */
export interface DaySpend {
  /** `2026-03-04`, in UTC. */
  readonly day: string
  readonly repository: string
  /** Settled, and what nobody settled in time. */
  readonly spent: Amount
  /** Under way. */
  readonly reserved: Amount
}

/**
 * What calls of models cost. Before a call its most is reserved, afterwards what it was is settled. A reservation counts in full until then,
 * and for ever when its holder died: money that may have been spent is never given out again.
 */
export interface Ledger {
  /** One after the other, whoever asks and wherever: no two are given the same room. */
  reserve(request: ReservationRequest): Promise<{ readonly reservation: string } | { readonly refused: Exhausted }>
  /** False when it was settled before. After its deadline the most that was reserved counts, or what it was, if that is more. */
  settle(reservation: string, spent: Amount): Promise<boolean>
  /** The operator's ceiling of today that is reached for a repository: no run of it is worth beginning. */
  reached(repository: string): Promise<Exhausted | undefined>
  /** Spent and reserved. */
  ofRun(run: RunId): Promise<Amount>
  /** Newest day first. */
  since(day: Date): Promise<readonly DaySpend[]>
}
