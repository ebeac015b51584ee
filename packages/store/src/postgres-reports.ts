import type { DailySightings, NewSighting, ReportChange, ReportMove, ReportState, Reports, Retention, RunId, StoredReport } from '@fixpoint/core'
import type { Database } from './database.ts'
import { inBatches } from './in-batches.ts'
import { REPORT_COLUMNS, type ReportRow, reportOf } from './report-row.ts'
import { SortableIds } from './sortable-ids.ts'
import { storable, storableName } from './storable-text.ts'

const MOST_MISSING = 50
/** Between two looks somebody else can make the report; nobody can do so twice. */
const ATTEMPTS = 5

/** Reports and their sightings. A sighting and what it changes in its report are one statement. */
export class PostgresReports implements Reports, Retention {
  readonly #database: Database
  readonly #ids = new SortableIds()

  constructor(database: Database) {
    this.#database = database
  }

  async sight(sighting: NewSighting): Promise<{ report: StoredReport; created: boolean }> {
    const values = this.#valuesOf(sighting)
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const [counted] = await this.#rows(COUNT, values)
      if (counted !== undefined) return { report: counted, created: false }
      if (sighting.formerKey !== undefined && (await this.#takeOver(sighting, sighting.formerKey))) continue
      // Unknown, or sighted by this delivery before.
      const [known] = await this.#rows(`SELECT ${REPORT_COLUMNS} FROM fixpoint.reports AS report WHERE group_key = $1`, [values[2]])
      if (known !== undefined && (await this.#isSighted(known.id, sighting.delivery))) return { report: known, created: false }
      if (known !== undefined) continue
      const [created] = await this.#rows(CREATE, values)
      if (created !== undefined) return { report: created, created: true }
    }
    throw new Error(`a report was there and was not there, ${ATTEMPTS} times`)
  }

  async retell(id: string, { report, title }: Parameters<Reports['retell']>[1]): Promise<boolean> {
    const { rowCount } = await this.#database.query('UPDATE fixpoint.reports SET report = $2, title = $3 WHERE id = $1', [
      ...[storable(id), report, storable(title)],
    ])
    return rowCount === 1
  }

  async get(id: string): Promise<StoredReport | undefined> {
    const [report] = await this.#rows(`SELECT ${REPORT_COLUMNS} FROM fixpoint.reports AS report WHERE id = $1`, [storable(id)])
    return report
  }

  /** Repositories that reports name, the busiest first. */
  async repositories(limit: number): Promise<readonly string[]> {
    const { rows } = await this.#database.query<{ repository: string }>(
      'SELECT repository FROM fixpoint.reports WHERE repository IS NOT NULL GROUP BY 1 ORDER BY max(last_seen) DESC LIMIT $1',
      [limit],
    )
    return rows.map(({ repository }) => repository)
  }

  async ofRun(run: RunId): Promise<StoredReport | undefined> {
    const [report] = await this.#rows(
      `SELECT ${REPORT_COLUMNS} FROM fixpoint.report_runs AS opened JOIN fixpoint.reports AS report ON report.id = opened.report WHERE opened.run = $1`,
      [run],
    )
    return report
  }

  async move(id: string, change: ReportChange): Promise<boolean> {
    const { from, to, reason, run, wantedBy, fix } = change
    const { rowCount } = await this.#database.query(MOVE, [
      ...[storable(id), from, to, orNull(reason, storable), run ?? null, orNull(wantedBy, storable), WAITING],
      ...[fix?.commit ?? null, fix?.at ?? null, fix?.landedAt ?? null],
    ])
    return rowCount === 1
  }

  async history(id: string, limit: number): Promise<readonly ReportMove[]> {
    const { rows } = await this.#database.query<{ at: Date; from_state: ReportState; to_state: ReportState; reason: string | null; run: RunId | null }>(
      'SELECT at, from_state, to_state, reason, run FROM fixpoint.report_moves WHERE report = $1 ORDER BY at DESC LIMIT $2',
      [storable(id), limit],
    )
    return rows.map((row) => ({ at: row.at, from: row.from_state, to: row.to_state, reason: row.reason ?? undefined, run: row.run ?? undefined }))
  }

  async sightingsByDay(id: string, since: Date): Promise<readonly DailySightings[]> {
    const { rows } = await this.#database.query<DailySightings>(
      `SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, count(*)::integer AS sightings FROM fixpoint.sightings
       WHERE report = $1 AND at >= $2 GROUP BY day ORDER BY day`,
      [storable(id), since],
    )
    return rows
  }

  async list(page: Parameters<Reports['list']>[0]): Promise<readonly StoredReport[]> {
    return this.#rows(
      `SELECT ${REPORT_COLUMNS} FROM fixpoint.reports AS report
       WHERE ($2::timestamptz IS NULL OR (last_seen, id) < ($2, $3))
         AND ($4::text IS NULL OR state = $4) AND ($5::text IS NULL OR repository = $5)
       ORDER BY last_seen DESC, id DESC LIMIT $1`,
      [page.limit, page.before?.lastSeen ?? null, orNull(page.before?.id, storable), page.state ?? null, orNull(page.repository, storableName)],
    )
  }

  async runsSince(since: Date, repository?: string): Promise<number> {
    const { rows } = await this.#database.query<{ runs: number }>(
      'SELECT count(*)::integer AS runs FROM fixpoint.report_runs WHERE added_at >= $1 AND ($2::text IS NULL OR repository = $2)',
      [since, orNull(repository, storableName)],
    )
    return rows[0]?.runs ?? 0
  }

  /** Single sightings go; the reports and their counts stay. */
  async expire(before: Date): Promise<number> {
    return inBatches(async (limit) => {
      const { rowCount } = await this.#database.query(
        `DELETE FROM fixpoint.sightings WHERE id = ANY (ARRAY (
           SELECT id FROM fixpoint.sightings WHERE at < $1 ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED))`,
        [before, limit],
      )
      return rowCount ?? 0
    })
  }

  async #rows(text: string, values: readonly unknown[]): Promise<readonly StoredReport[]> {
    const { rows } = await this.#database.query<ReportRow>(text, values)
    return rows.map(reportOf)
  }

  /** A report that was made before its service was mapped is the same defect. */
  async #takeOver({ groupKey, repository }: NewSighting, formerKey: string): Promise<boolean> {
    const { rowCount } = await this.#database.query(
      `UPDATE fixpoint.reports SET group_key = $1, repository = $3
       WHERE group_key = $2 AND repository IS NULL AND NOT EXISTS (SELECT FROM fixpoint.reports WHERE group_key = $1)`,
      [storableName(groupKey), storableName(formerKey), orNull(repository, storableName)],
    )
    return rowCount === 1
  }

  async #isSighted(report: string, delivery: string): Promise<boolean> {
    const { rowCount } = await this.#database.query('SELECT FROM fixpoint.sightings WHERE report = $1 AND delivery = $2', [report, storableName(delivery)])
    return rowCount === 1
  }

  #valuesOf(sighting: NewSighting): readonly unknown[] {
    return [
      this.#ids.next('rep'),
      this.#ids.next('sgt'),
      storableName(sighting.groupKey),
      storable(sighting.title),
      sighting.report,
      sighting.hasTrace,
      sighting.severity,
      storableName(sighting.source),
      storableName(sighting.delivery),
      sighting.at,
      orNull(sighting.repository, storableName),
      ...[sighting.service, sighting.environment, sighting.release, sighting.commit, sighting.url].map((text) => orNull(text, storable)),
      (sighting.missing ?? []).slice(0, MOST_MISSING).map((text) => storable(text)),
    ]
  }
}

/** States in which somebody's wish for a run is remembered. */
const WAITING: readonly ReportState[] = ['new', 'held', 'reopened', 'needs-trace']

const MOVE = `WITH before AS (
  SELECT id, state FROM fixpoint.reports WHERE id = $1 AND state = ANY ($2::text[]) FOR UPDATE
), moved AS (
  UPDATE fixpoint.reports AS report SET
    state = $3, reason = $4, moved_at = now(), wanted_by = CASE WHEN $3 = ANY ($7::text[]) THEN coalesce($6, wanted_by) END,
    asked_by = CASE WHEN $5::text IS NULL THEN asked_by ELSE coalesce($6, wanted_by) END,
    fix = CASE WHEN came_to_rest THEN $8 ELSE fix END,
    fixed_at = CASE WHEN came_to_rest THEN $9::timestamptz ELSE fixed_at END,
    landed_at = CASE WHEN came_to_rest THEN $10::timestamptz ELSE landed_at END,
    looked_at = CASE WHEN NOT came_to_rest THEN looked_at END,
    looked_sightings = CASE WHEN came_to_rest THEN 0 ELSE looked_sightings END
  FROM (SELECT id, state, state = 'running' AND $3 = 'settled' AS came_to_rest FROM before) AS before
  WHERE report.id = before.id RETURNING report.id, report.repository, before.state AS from_state
), told AS (
  INSERT INTO fixpoint.report_moves (report, from_state, to_state, reason, run) SELECT id, from_state, $3, $4, $5 FROM moved
), added AS (
  INSERT INTO fixpoint.report_runs (report, run, repository) SELECT id, $5, repository FROM moved WHERE $5::text IS NOT NULL ON CONFLICT DO NOTHING
)
SELECT id FROM moved`

/** The values of a sighting by name, for both statements. */
const SIGHTED = `SELECT $1::text AS report_id, $2::text AS id, $3::text AS group_key, $4::text AS title, $5::text AS artifact, $6::boolean AS has_trace,
  $7::text AS severity, $8::text AS source, $9::text AS delivery, $10::timestamptz AS at, $11::text AS repository, $12::text AS service,
  $13::text AS environment, $14::text AS release, $15::text AS commit, $16::text AS url, $17::text[] AS missing`

const CREATE = `WITH seen AS (${SIGHTED}), report AS (
  INSERT INTO fixpoint.reports (id, group_key, title, state, severity, source, repository, service, environment, release, commit, url, missing, report,
    has_trace, sightings, first_seen, last_seen)
  SELECT report_id, group_key, title, CASE WHEN has_trace THEN 'new' ELSE 'needs-trace' END, severity, source, repository, service, environment, release,
    commit, url, missing, artifact, has_trace, 1, at, at FROM seen
  ON CONFLICT (group_key) DO NOTHING RETURNING *
), sighting AS (
  INSERT INTO fixpoint.sightings (id, report, delivery, artifact, at, severity, source, service, environment, release, commit, url)
  SELECT seen.id, report.id, delivery, artifact, at, seen.severity, seen.source, seen.service, seen.environment, seen.release, seen.commit, seen.url
  FROM seen, report
)
SELECT ${REPORT_COLUMNS} FROM report`

/** The newest sighting tells where and in which release; the first one that has a trace tells what. */
const COUNT = `WITH seen AS (${SIGHTED}), sighting AS (
  INSERT INTO fixpoint.sightings (id, report, delivery, artifact, at, severity, source, service, environment, release, commit, url)
  SELECT seen.id, known.id, delivery, artifact, at, seen.severity, seen.source, seen.service, seen.environment, seen.release, seen.commit, seen.url
  FROM seen JOIN fixpoint.reports AS known USING (group_key)
  ON CONFLICT (report, delivery) DO NOTHING RETURNING report
)
UPDATE fixpoint.reports AS report SET
  sightings = report.sightings + 1,
  first_seen = least(report.first_seen, seen.at),
  last_seen = greatest(report.last_seen, seen.at),
  severity = CASE WHEN array_position(ARRAY['info', 'warning', 'error', 'fatal'], seen.severity)
    > array_position(ARRAY['info', 'warning', 'error', 'fatal'], report.severity) THEN seen.severity ELSE report.severity END,
  repository = coalesce(report.repository, seen.repository),
  service = coalesce(report.service, seen.service),
  environment = CASE WHEN seen.at >= report.last_seen THEN coalesce(seen.environment, report.environment) ELSE coalesce(report.environment, seen.environment) END,
  release = CASE WHEN seen.at >= report.last_seen THEN coalesce(seen.release, report.release) ELSE coalesce(report.release, seen.release) END,
  commit = CASE WHEN seen.at >= report.last_seen THEN coalesce(seen.commit, report.commit) ELSE coalesce(report.commit, seen.commit) END,
  url = CASE WHEN seen.at >= report.last_seen THEN coalesce(seen.url, report.url) ELSE coalesce(report.url, seen.url) END,
  has_trace = report.has_trace OR seen.has_trace,
  title = CASE WHEN seen.has_trace AND NOT report.has_trace THEN seen.title ELSE report.title END,
  report = CASE WHEN seen.has_trace AND NOT report.has_trace THEN seen.artifact ELSE report.report END,
  missing = CASE WHEN seen.has_trace AND NOT report.has_trace THEN seen.missing ELSE report.missing END,
  reason = CASE WHEN seen.has_trace AND report.state = 'needs-trace' THEN NULL ELSE report.reason END,
  state = CASE WHEN seen.has_trace AND report.state = 'needs-trace' THEN 'new' ELSE report.state END
FROM seen, sighting WHERE report.id = sighting.report
RETURNING ${REPORT_COLUMNS}`

function orNull(text: string | undefined, clean: (text: string) => string): string | null {
  return text === undefined ? null : clean(text)
}
