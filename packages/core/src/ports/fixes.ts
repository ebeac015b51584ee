import type { Outcome } from '../life/events.ts'
import type { ReportFix, ReportState, StoredReport } from './reports.ts'

/** A release in which a defect was seen after its run was settled. Neither name: the source told none. */
export interface SeenRelease {
  readonly release: string | undefined
  readonly commit: string | undefined
  readonly lastSeen: Date
}

/** A settled or confirmed report that was fixed, and where it was seen since: the newest first, and not all of very many. */
export interface FixedReport {
  readonly report: StoredReport
  readonly fix: ReportFix
  readonly seenSince: readonly SeenRelease[]
}

/** How well it goes, in numbers. */
export interface ServiceNumbers {
  readonly reports: Readonly<Partial<Record<ReportState, number>>>
  readonly runs: Readonly<Partial<Record<Outcome, number>>>
  /** `reopened` and `confirmed`: how often that happened. */
  readonly fixes: { readonly proposed: number; readonly landed: number; readonly reopened: number; readonly confirmed: number }
  /** What people said to proposals, each time they said it. */
  readonly decisions: { readonly approved: number; readonly changesRequested: number; readonly rejected: number }
}

/** What became of fixes: queries over sightings. */
export interface Fixes {
  /**
   * Those with something to find out, the one that was looked at the longest time ago first: seen again since it was looked at; not known to
   * be merged, and not looked at since `lookedBefore`; or merged and not seen since `quietSince`.
   */
  due(page: { readonly lookedBefore: Date; readonly quietSince: Date; readonly limit: number }): Promise<readonly FixedReport[]>
  /** `sightings`: how many there were when it was looked at. Without, it is looked at again. */
  looked(report: string, look: { readonly at: Date; readonly sightings?: number; readonly landedAt?: Date }): Promise<void>
  numbers(): Promise<ServiceNumbers>
}
