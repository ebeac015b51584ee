import { Digest, type Outcome, type Phase, RunId, type RunIndex, type RunPage, type RunSummary } from '@fixpoint/core'
import type { Database } from './database.ts'
import { storable, storableName } from './storable-text.ts'

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
  readonly owner: string | null
  readonly title: string | null
  readonly source: string | null
  readonly repository: string | null
  readonly url: string | null
  readonly money: string
  readonly tokens: string
}

const MILLION = 1_000_000
const LINES = `
  SELECT line.id, phase, awaiting, outcome, line.report, proposal, entries, opened_at, updated_at,
    owner.id AS owner, title, source, coalesce(owner.repository, opened.repository) AS repository, url, took.money, took.tokens
  FROM fixpoint.runs AS line
  LEFT JOIN fixpoint.report_runs AS opened ON opened.run = line.id
  LEFT JOIN fixpoint.reports AS owner ON owner.id = opened.report
  LEFT JOIN LATERAL (
    SELECT coalesce(sum(coalesce(money, reserved_money)), 0) AS money, coalesce(sum(coalesce(tokens, reserved_tokens)), 0) AS tokens
    FROM fixpoint.spending WHERE run = line.id
  ) AS took ON true`

/** The read model that `PostgresJournal` keeps: as true as the journal, since both are written at once. */
export class PostgresRunIndex implements RunIndex {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async get(run: RunId): Promise<RunSummary | undefined> {
    const { rows } = await this.#database.query<Line>(`${LINES} WHERE line.id = $1`, [RunId.parse(run)])
    return rows.map(summaryOf)[0]
  }

  async list({ limit, before, phase, awaiting, outcome, repository, source, text }: RunPage): Promise<readonly RunSummary[]> {
    const { rows } = await this.#database.query<Line>(
      `${LINES}
       WHERE ($2::text IS NULL OR line.id < $2) AND ($3::text IS NULL OR phase = $3) AND ($4::boolean IS NULL OR awaiting = $4)
         AND ($5::text IS NULL OR outcome = $5) AND ($6::text IS NULL OR owner.repository = $6) AND ($7::text IS NULL OR owner.source = $7)
         AND ($8::text IS NULL OR strpos(lower(owner.title), lower($8)) > 0)
       ORDER BY line.id DESC LIMIT $1`,
      [
        ...[limit, before ?? null, phase ?? null, awaiting ?? null, outcome ?? null],
        ...[orNull(repository, storableName), orNull(source, storable), orNull(text, storable)],
      ],
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
    owner:
      line.owner === null
        ? undefined
        : { id: line.owner, title: line.title ?? '', source: line.source ?? '', repository: line.repository ?? undefined, url: line.url ?? undefined },
    spent: { money: Number(line.money) / MILLION, tokens: Number(line.tokens) },
    entries: line.entries,
    openedAt: line.opened_at,
    updatedAt: line.updated_at,
  }
}

function orNull(text: string | undefined, clean: (text: string) => string): string | null {
  return text === undefined ? null : clean(text)
}
