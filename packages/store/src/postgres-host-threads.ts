import type { Digest, HostThread, HostThreads, KeptExplanation, ObjectId, PullOutcome, RunId } from '@fixpoint/core'
import type { Database } from './database.ts'

interface ThreadRow {
  readonly repository: string
  readonly number: number
  readonly kind: HostThread['kind']
  readonly report: string
  readonly run: RunId | null
}

interface OutcomeRow {
  readonly repository: string
  readonly number: number
  readonly run: RunId
  readonly outcome: PullOutcome['outcome']
  readonly at: Date
  readonly commit: ObjectId | null
  readonly survived_7: number | null
  readonly survived_30: number | null
  readonly survived_90: number | null
}

const THREAD = 'repository, number, kind, report, run'
const OUTCOME = 'repository, number, run, outcome, at, commit, survived_7, survived_30, survived_90'

/** Which threads of a code host belong to which report. Hosts do not tell upper from lower case in names, so neither does a look-up. */
export class PostgresHostThreads implements HostThreads {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async bind({ repository, number, kind, report, run }: HostThread): Promise<void> {
    await this.#database.query(`INSERT INTO fixpoint.host_threads (${THREAD}) VALUES (lower($1), $2, $3, $4, $5) ON CONFLICT (repository, number) DO NOTHING`, [
      repository,
      number,
      kind,
      report,
      run ?? null,
    ])
  }

  async find(repository: string, number: number): Promise<HostThread | undefined> {
    const [thread] = await this.#threads('WHERE repository = lower($1) AND number = $2', [repository, number])
    return thread
  }

  async ofReport(report: string): Promise<readonly HostThread[]> {
    return this.#threads('WHERE report = $1 ORDER BY bound_at, repository, number', [report])
  }

  /** What is known under the new name already stays. */
  async renamed(from: string, to: string): Promise<void> {
    await this.#database.transaction(async (queries) => {
      for (const table of ['host_threads', 'pull_outcomes']) {
        await queries.query(
          `UPDATE fixpoint.${table} AS one SET repository = lower($2) WHERE repository = lower($1)
           AND NOT EXISTS (SELECT FROM fixpoint.${table} AS other WHERE other.repository = lower($2) AND other.number = one.number)`,
          [from, to],
        )
      }
    })
  }

  async explained(run: RunId, words: Digest, at: Date): Promise<void> {
    await this.#database.query(
      `INSERT INTO fixpoint.explanations (run, words, at) VALUES ($1, $2, $3)
       ON CONFLICT (run) DO UPDATE SET words = excluded.words, at = excluded.at`,
      [run, words, at],
    )
  }

  async explanationOf(run: RunId): Promise<KeptExplanation | undefined> {
    const { rows } = await this.#database.query<KeptExplanation>('SELECT words, at FROM fixpoint.explanations WHERE run = $1', [run])
    return rows[0]
  }

  async ended({ repository, number, run, outcome, at, commit }: Omit<PullOutcome, 'survived'>): Promise<void> {
    await this.#database.query(
      `INSERT INTO fixpoint.pull_outcomes (repository, number, run, outcome, at, commit) VALUES (lower($1), $2, $3, $4, $5, $6)
       ON CONFLICT (repository, number) DO UPDATE SET run = excluded.run, outcome = excluded.outcome, at = excluded.at, commit = excluded.commit`,
      [repository, number, run, outcome, at, commit ?? null],
    )
  }

  async survivalDue(now: Date, limit: number): Promise<readonly (PullOutcome & { readonly days: 7 | 30 | 90 })[]> {
    const { rows } = await this.#database.query<OutcomeRow & { days: 7 | 30 | 90 }>(
      `SELECT ${OUTCOME}, days FROM fixpoint.pull_outcomes,
         LATERAL (VALUES (7, survived_7), (30, survived_30), (90, survived_90)) AS measure (days, share)
       WHERE outcome <> 'declined' AND commit IS NOT NULL AND NOT lost AND share IS NULL AND at <= $1::timestamptz - days * interval '24 hours'
       ORDER BY at + days * interval '24 hours', repository, number LIMIT $2`,
      [now, limit],
    )
    return rows.map((row) => ({ ...outcomeOf(row), days: row.days }))
  }

  async survived(repository: string, number: number, days: 7 | 30 | 90, share: number): Promise<void> {
    await this.#database.query(`UPDATE fixpoint.pull_outcomes SET survived_${days} = $3 WHERE repository = lower($1) AND number = $2`, [
      ...[repository, number, share],
    ])
  }

  async lost(repository: string, number: number): Promise<void> {
    await this.#database.query('UPDATE fixpoint.pull_outcomes SET lost = true WHERE repository = lower($1) AND number = $2', [repository, number])
  }

  async outcomes(since: Date): Promise<readonly PullOutcome[]> {
    const { rows } = await this.#database.query<OutcomeRow>(`SELECT ${OUTCOME} FROM fixpoint.pull_outcomes WHERE at >= $1 ORDER BY at, repository, number`, [
      since,
    ])
    return rows.map(outcomeOf)
  }

  async #threads(where: string, values: readonly unknown[]): Promise<readonly HostThread[]> {
    const { rows } = await this.#database.query<ThreadRow>(`SELECT ${THREAD} FROM fixpoint.host_threads ${where}`, values)
    return rows.map((row) => ({ ...row, run: row.run ?? undefined }))
  }
}

function outcomeOf({ repository, number, run, outcome, at, commit, ...row }: OutcomeRow): PullOutcome {
  const measured = ([7, 30, 90] as const).flatMap((days) => {
    const share = row[`survived_${days}`]
    return share === null ? [] : [[days, share]]
  })
  return { repository, number, run, outcome, at, commit: commit ?? undefined, survived: Object.fromEntries(measured) }
}
