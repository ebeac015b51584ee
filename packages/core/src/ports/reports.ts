import type { Severity } from '../words/alert.ts'
import type { Digest, ObjectId, RunId } from '../words/ids.ts'

/**
 * Where a report stands. `needs-trace`: cannot be worked on until the source sends more. `held`: a gate (severity, cool-down, cap, no
 * repository) keeps it from a run, and `reason` says which. `reopened`: seen again in a release that contains the fix. `confirmed`:
 * not seen for a week after its fix.
 */
export type ReportState = 'new' | 'needs-trace' | 'held' | 'running' | 'settled' | 'reopened' | 'confirmed' | 'muted'

export interface NewSighting {
  /** The same for a thousand alerts about one defect in one repository. */
  readonly groupKey: string
  /** The key that it had while its service was not mapped to a repository: a report under it is taken over. */
  readonly formerKey?: string | undefined
  readonly title: string
  /** The normalised `BugReport`, as an artifact. */
  readonly report: Digest
  readonly hasTrace: boolean
  readonly severity: Severity
  readonly source: string
  readonly delivery: string
  readonly at: Date
  readonly repository?: string | undefined
  readonly service?: string | undefined
  readonly environment?: string | undefined
  readonly release?: string | undefined
  readonly commit?: string | undefined
  readonly url?: string | undefined
  readonly missing?: readonly string[] | undefined
}

/** What a settled run proposed. */
export interface ReportFix {
  readonly commit: ObjectId
  /** When the run was settled: an occurrence from before says nothing about it. */
  readonly at: Date
  /** When it was found to be merged or released. */
  readonly landedAt: Date | undefined
}

/** One step in the life of a report. */
export interface ReportMove {
  readonly at: Date
  readonly from: ReportState
  readonly to: ReportState
  readonly reason: string | undefined
  readonly run: RunId | undefined
}

/** One defect as its sightings tell it. */
export interface StoredReport {
  readonly id: string
  readonly groupKey: string
  readonly title: string
  readonly state: ReportState
  readonly reason: string | undefined
  /** Who asked for a run that is not begun yet. */
  readonly wantedBy: string | undefined
  /** Who asked for its newest run; undefined when nobody did. */
  readonly askedBy: string | undefined
  readonly severity: Severity
  readonly source: string
  readonly repository: string | undefined
  readonly service: string | undefined
  readonly environment: string | undefined
  readonly release: string | undefined
  readonly commit: string | undefined
  readonly url: string | undefined
  readonly missing: readonly string[]
  readonly report: Digest
  readonly sightings: number
  readonly firstSeen: Date
  readonly lastSeen: Date
  readonly fix: ReportFix | undefined
  /** Oldest first. */
  readonly runs: readonly RunId[]
}

export interface ReportChange {
  readonly from: readonly ReportState[]
  readonly to: ReportState
  readonly reason?: string
  readonly run?: RunId
  readonly wantedBy?: string
  readonly fix?: ReportFix
}

/** Where a page ended, as it was then: a report that is seen again moves, and the pages after it do not. */
export type ReportCursor = Pick<StoredReport, 'lastSeen' | 'id'>

/** Occurrences within one day, in UTC. */
export interface DailySightings {
  /** `2026-01-02`. */
  readonly day: string
  readonly sightings: number
}

/** Reports and their sightings. */
export interface Reports {
  /** One more occurrence: a new report, or a count on a known one. Twice for one delivery and group key is once. */
  sight(sighting: NewSighting): Promise<{ readonly report: StoredReport; readonly created: boolean }>
  /** Somebody approved another text of it: the next run is about that one. False for a report that is not there. */
  retell(id: string, told: { readonly report: Digest; readonly title: string }): Promise<boolean>
  get(id: string): Promise<StoredReport | undefined>
  /** The one that a run was opened for. */
  ofRun(run: RunId): Promise<StoredReport | undefined>
  /**
   * Moves a report if it stands in one of `from`; false when it does not. `run` is added to its runs. `wantedBy` is kept until the report
   * has a run, which remembers it as `askedBy`, or is put aside. `fix` is of a run that is settled.
   */
  move(id: string, change: ReportChange): Promise<boolean>
  /** Its last moves, newest first. */
  history(id: string, limit: number): Promise<readonly ReportMove[]>
  /** How often it was seen since a moment, a line for each day that saw it, oldest first. Sightings that have expired are not in it. */
  sightingsByDay(id: string, since: Date): Promise<readonly DailySightings[]>
  /** Newest sighting first. */
  list(page: {
    readonly limit: number
    readonly before?: ReportCursor
    readonly state?: ReportState
    readonly repository?: string
  }): Promise<readonly StoredReport[]>
  /** Runs that were opened since a moment, for daily caps. */
  runsSince(since: Date, repository?: string): Promise<number>
}
