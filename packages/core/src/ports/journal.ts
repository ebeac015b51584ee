import type { JournalEntry } from '../life/events.ts'
import type { RunId } from '../words/ids.ts'

/** The events of every run, in order, for ever. */
export interface Journal {
  /** All entries of a run, `seq` rising from 0 without gaps; empty for an unknown run. */
  read(run: RunId): Promise<readonly JournalEntry[]>
  /** The right to append. The newest lease wins: earlier holders are refused from then on. */
  lease(run: RunId): Promise<JournalLease>
  /** Every run that has an entry, newest first. */
  list(): Promise<readonly RunId[]>
}

export interface JournalLease extends AsyncDisposable {
  /** Durable when it resolves. Throws `StaleRun` when `seq` is taken or the lease was lost; then nothing was written. */
  append(entry: JournalEntry): Promise<void>
  /** Throws `StaleRun` when a newer lease exists: asked before every outward effect. */
  assertHeld(): Promise<void>
}
