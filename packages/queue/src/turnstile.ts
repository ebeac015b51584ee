import type { RunId } from '@fixpoint/core'

/** Room for `limit` holders under a key. */
export interface Claim {
  readonly key: string
  readonly limit: number
}

export interface ParkedRun {
  readonly run: RunId
  readonly deaths: number
  readonly throws: number
  readonly reason: string
  readonly worker: string | undefined
  readonly at: string
}

/**
 * Who may be in at once: one driver per run, so many runs per group and in all. A place that is not renewed is free after `ttlMs`, by the
 * clock of the database: hosts may disagree. Beside it, the runs that nobody may wake.
 */
export interface Turnstile {
  /** Takes all places or none; tells the first key that was full. */
  enter(claims: readonly Claim[], holder: string, ttlMs: number): Promise<string | undefined>
  /** False when a place was lost. */
  stay(keys: readonly string[], holder: string, ttlMs: number): Promise<boolean>
  leave(keys: readonly string[], holder: string): Promise<void>
  /** Counts a death once, from 1 again when the run got further since the last one; tells how many there were, and how long the last one is ago. */
  died(run: RunId, death: string, reached: number): Promise<{ readonly deaths: number; readonly agoMs: number }>
  /** It was driven to where it rests: what died with it before is forgotten. */
  lived(run: RunId): Promise<void>
  park(evidence: ParkedRun): Promise<void>
  isParked(run: RunId): Promise<boolean>
  parked(): Promise<readonly ParkedRun[]>
  release(run: RunId): Promise<boolean>
  /** True once in `ms` for each key, whoever asks. */
  once(key: string, ms: number): Promise<boolean>
}
