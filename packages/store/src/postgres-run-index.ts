import { Digest, type Outcome, type Phase, RunId, type RunIndex, type RunSummary } from '@fixpoint/core'
import type { Database } from './database.ts'

interface Line {
  readonly id: string
  readonly phase: Phase
  readonly awaiting: boolean
  readonly outcome: Outcome | null
  readonly report: string
  readonly proposal: string | null
  readonly entries: number
  readonly opened_at: Date
  readonly updated_at: Date
}

const COLUMNS = 'id, phase, awaiting, outcome, report, proposal, entries, opened_at, updated_at'

/** The read model that `PostgresJournal` keeps: as true as the journal, since both are written at once. */
export class PostgresRunIndex implements RunIndex {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async get(run: RunId): Promise<RunSummary | undefined> {
    const { rows } = await this.#database.query<Line>(`SELECT ${COLUMNS} FROM fixpoint.runs WHERE id = $1`, [RunId.parse(run)])
    return rows.map(summaryOf)[0]
  }

  async list(page: { readonly limit: number; readonly before?: RunId; readonly phase?: Phase; readonly awaiting?: boolean }): Promise<readonly RunSummary[]> {
    const { rows } = await this.#database.query<Line>(
      `SELECT ${COLUMNS} FROM fixpoint.runs
       WHERE ($2::text IS NULL OR id < $2) AND ($3::text IS NULL OR phase = $3) AND ($4::boolean IS NULL OR awaiting = $4)
       ORDER BY id DESC LIMIT $1`,
      [page.limit, page.before ?? null, page.phase ?? null, page.awaiting ?? null],
    )
    return rows.map(summaryOf)
  }

  /** Those that nothing happened to for the longest time first, so that a sweep reaches everybody. */
  async due(limit: number): Promise<readonly RunId[]> {
    const { rows } = await this.#database.query<{ id: string }>(
      `SELECT id FROM fixpoint.runs AS line
       WHERE phase <> 'settled'
         AND (NOT awaiting OR EXISTS (SELECT 1 FROM fixpoint.inbox WHERE run = line.id AND taken_at IS NULL))
       ORDER BY updated_at, id LIMIT $1`,
      [limit],
    )
    return rows.map((row) => RunId.parse(row.id))
  }
}

function summaryOf(line: Line): RunSummary {
  return {
    id: RunId.parse(line.id),
    phase: line.phase,
    awaiting: line.awaiting,
    outcome: line.outcome ?? undefined,
    report: Digest.parse(line.report),
    proposal: line.proposal === null ? undefined : Digest.parse(line.proposal),
    entries: line.entries,
    openedAt: line.opened_at,
    updatedAt: line.updated_at,
  }
}
