import type { Digest, ObjectId, ReportFix, ReportState, RunId, Severity, StoredReport } from '@fixpoint/core'

export const REPORT_COLUMNS = `report.id, report.group_key, report.title, report.state, report.reason, report.wanted_by, report.asked_by, report.severity, report.source, report.repository, report.service,
  report.environment, report.release, report.commit, report.url, report.missing, report.report, report.sightings, report.first_seen, report.last_seen,
  report.fix, report.fixed_at, report.landed_at,
  ARRAY (SELECT run FROM fixpoint.report_runs AS added WHERE added.report = report.id ORDER BY added_at, run) AS runs`

export interface ReportRow {
  readonly id: string
  readonly group_key: string
  readonly title: string
  readonly state: ReportState
  readonly reason: string | null
  readonly wanted_by: string | null
  readonly asked_by: string | null
  readonly severity: Severity
  readonly source: string
  readonly repository: string | null
  readonly service: string | null
  readonly environment: string | null
  readonly release: string | null
  readonly commit: string | null
  readonly url: string | null
  readonly missing: string[]
  readonly report: Digest
  readonly sightings: number
  readonly first_seen: Date
  readonly last_seen: Date
  readonly fix: ObjectId | null
  readonly fixed_at: Date | null
  readonly landed_at: Date | null
  readonly runs: RunId[]
}

export function reportOf(row: ReportRow): StoredReport {
  const { id, title, state, severity, source, missing, report, sightings, runs } = row
  return {
    ...{ id, groupKey: row.group_key, title, state, reason: row.reason ?? undefined, severity, source },
    ...{ wantedBy: row.wanted_by ?? undefined, askedBy: row.asked_by ?? undefined },
    ...{ repository: row.repository ?? undefined, service: row.service ?? undefined, environment: row.environment ?? undefined },
    ...{ release: row.release ?? undefined, commit: row.commit ?? undefined, url: row.url ?? undefined },
    ...{ missing, report, sightings, firstSeen: row.first_seen, lastSeen: row.last_seen, fix: fixOf(row), runs },
  }
}

function fixOf({ fix, fixed_at, landed_at }: ReportRow): ReportFix | undefined {
  return fix === null || fixed_at === null ? undefined : { commit: fix, at: fixed_at, landedAt: landed_at ?? undefined }
}
