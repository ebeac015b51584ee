import type { FixedReport, Fixes, Outcome, ReportState, SeenRelease, ServiceNumbers } from '@fixpoint/core'
import type { Database } from './database.ts'
import { REPORT_COLUMNS, type ReportRow, reportOf } from './report-row.ts'

/** Releases of one report that are looked at: who is behind by more is told of the newest. */
const MOST_RELEASES = 20

interface Seen {
  readonly release: string | null
  readonly commit: string | null
  readonly last_seen: Date
}

/** What became of fixes, over the tables of reports, sightings and runs. */
export class PostgresFixes implements Fixes {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async due({ lookedBefore, quietSince, limit }: Parameters<Fixes['due']>[0]): Promise<readonly FixedReport[]> {
    const { rows } = await this.#database.query<ReportRow>(
      `SELECT ${REPORT_COLUMNS} FROM fixpoint.reports AS report
       WHERE fix IS NOT NULL AND state IN ('settled', 'confirmed') AND (
         sightings > looked_sightings
         OR (landed_at IS NULL AND (looked_at IS NULL OR looked_at < $1))
         OR (state = 'settled' AND landed_at <= $2 AND last_seen <= $2))
       ORDER BY looked_at NULLS FIRST, id LIMIT $3`,
      [lookedBefore, quietSince, limit],
    )
    const fixed: FixedReport[] = []
    for (const report of rows.map(reportOf)) {
      if (report.fix !== undefined) fixed.push({ report, fix: report.fix, seenSince: await this.#seenSince(report.id, report.fix.at) })
    }
    return fixed
  }

  async looked(report: string, { at, sightings, landedAt }: Parameters<Fixes['looked']>[1]): Promise<void> {
    await this.#database.query(
      `UPDATE fixpoint.reports SET looked_at = $2, looked_sightings = coalesce($3, looked_sightings), landed_at = coalesce(landed_at, $4)
       WHERE id = $1 AND state IN ('settled', 'confirmed')`,
      [report, at, sightings ?? null, landedAt ?? null],
    )
  }

  async numbers(): Promise<ServiceNumbers> {
    const [reports, runs, moves, said, fixes] = await Promise.all([
      this.#counts('SELECT state AS name, count(*)::integer AS many FROM fixpoint.reports GROUP BY 1'),
      this.#counts('SELECT outcome AS name, count(*)::integer AS many FROM fixpoint.runs WHERE outcome IS NOT NULL GROUP BY 1'),
      this.#counts(
        `SELECT to_state AS name, count(*)::integer AS many FROM fixpoint.report_moves
         WHERE to_state IN ('reopened', 'confirmed') AND from_state <> to_state GROUP BY 1`,
      ),
      this.#counts(
        `SELECT kind AS name, count(*)::integer AS many FROM fixpoint.events
         WHERE kind IN ('proposal-approved', 'changes-requested', 'proposal-rejected') GROUP BY 1`,
      ),
      this.#database.query<{ proposed: number; landed: number }>(
        'SELECT count(fix)::integer AS proposed, count(landed_at)::integer AS landed FROM fixpoint.reports WHERE fix IS NOT NULL',
      ),
    ])
    const { proposed = 0, landed = 0 } = fixes.rows[0] ?? {}
    return {
      reports: reports as Partial<Record<ReportState, number>>,
      runs: runs as Partial<Record<Outcome, number>>,
      fixes: { proposed, landed, reopened: moves.reopened ?? 0, confirmed: moves.confirmed ?? 0 },
      decisions: {
        approved: said['proposal-approved'] ?? 0,
        changesRequested: said['changes-requested'] ?? 0,
        rejected: said['proposal-rejected'] ?? 0,
      },
    }
  }

  async #seenSince(report: string, since: Date): Promise<readonly SeenRelease[]> {
    const { rows } = await this.#database.query<Seen>(
      `SELECT release, commit, max(at) AS last_seen FROM fixpoint.sightings WHERE report = $1 AND at > $2
       GROUP BY release, commit ORDER BY last_seen DESC LIMIT ${MOST_RELEASES}`,
      [report, since],
    )
    return rows.map((row) => ({ release: row.release ?? undefined, commit: row.commit ?? undefined, lastSeen: row.last_seen }))
  }

  async #counts(text: string): Promise<Readonly<Record<string, number>>> {
    const { rows } = await this.#database.query<{ name: string; many: number }>(text)
    return Object.fromEntries(rows.map(({ name, many }) => [name, many]))
  }
}
