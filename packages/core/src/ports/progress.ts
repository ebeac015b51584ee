import type { JournalEntry } from '../life/events.ts'
import type { Step } from '../life/next-step.ts'

/** What a person watching may be told. Not durable; losing it loses nothing. */
export type Progress =
  | { readonly kind: 'step-started'; readonly step: Step['kind'] }
  | { readonly kind: 'step-note'; readonly step: Step['kind']; readonly message: string }
  | { readonly kind: 'fact'; readonly entry: JournalEntry; readonly durationMs: number }

export type ProgressListener = (progress: Progress) => void
