import {
  type Amount,
  type DaySpend,
  type Exhausted,
  type Ledger,
  passedBy,
  type ReservationRequest,
  type RunId,
  reachedToday,
  type Spending,
  type SpentSoFar,
} from '@fixpoint/core'
import type { Database, Queries } from './database.ts'
import { SortableIds } from './sortable-ids.ts'
import { storableName } from './storable-text.ts'

const MILLION = 1_000_000
/** Whoever reserves holds it: the first bytes of the SHA-256 of "fixpoint ledger". */
const LOCK = '-6085218405713778918'
const TODAY = "(clock_timestamp() AT TIME ZONE 'UTC')::date"

/** Money and tokens on PostgreSQL. Reservations queue up for one lock, so that each sees what all before it took; a call of a model takes a thousand times longer. */
export class PostgresLedger implements Ledger {
  readonly #database: Database
  readonly #spending: Spending
  readonly #ids = new SortableIds()

  /** `spending`: the operator's ceilings. */
  constructor(database: Database, spending: Spending) {
    this.#database = database
    this.#spending = spending
  }

  async reserve({ run, repository, atMost, budget, deadlineMs }: ReservationRequest): Promise<{ reservation: string } | { refused: Exhausted }> {
    return this.#database.transaction(async (queries) => {
      await queries.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
      const { spent, now } = await soFar(queries, repository, run)
      const refused = passedBy(atMost, spent, this.#spending, budget, now)
      if (refused !== undefined) return { refused }
      const reservation = this.#ids.next('rsv')
      await queries.query(
        `INSERT INTO fixpoint.spending (id, run, repository, day, reserved_money, reserved_tokens, deadline)
         VALUES ($1, $2, $3, ${TODAY}, $4, $5, clock_timestamp() + $6 * interval '1 millisecond')`,
        [reservation, run, storableName(repository), millionths(atMost.money), Math.ceil(atMost.tokens), deadlineMs],
      )
      return { reservation }
    })
  }

  async settle(reservation: string, spent: Amount): Promise<boolean> {
    const { rowCount } = await this.#database.query(
      `UPDATE fixpoint.spending SET settled_at = clock_timestamp(),
         money = CASE WHEN deadline < clock_timestamp() THEN greatest(reserved_money, $2::bigint) ELSE $2::bigint END,
         tokens = CASE WHEN deadline < clock_timestamp() THEN greatest(reserved_tokens, $3::bigint) ELSE $3::bigint END
       WHERE id = $1 AND settled_at IS NULL`,
      [reservation, millionths(spent.money), Math.ceil(spent.tokens)],
    )
    return rowCount === 1
  }

  async reached(repository: string): Promise<Exhausted | undefined> {
    const { spent, now } = await soFar(this.#database, repository)
    return reachedToday(spent, this.#spending, now)
  }

  async ofRun(run: RunId): Promise<Amount> {
    const { spent } = await soFar(this.#database, '', run)
    return spent.run
  }

  async since(day: Date): Promise<readonly DaySpend[]> {
    const { rows } = await this.#database.query<DayRow>(
      `SELECT to_char(day, 'YYYY-MM-DD') AS day, repository,
         coalesce(sum(coalesce(money, reserved_money)) FILTER (WHERE NOT open), 0) AS money,
         coalesce(sum(coalesce(tokens, reserved_tokens)) FILTER (WHERE NOT open), 0) AS tokens,
         coalesce(sum(reserved_money) FILTER (WHERE open), 0) AS open_money,
         coalesce(sum(reserved_tokens) FILTER (WHERE open), 0) AS open_tokens
       FROM (SELECT *, settled_at IS NULL AND deadline >= clock_timestamp() AS open FROM fixpoint.spending WHERE day >= ($1::timestamptz AT TIME ZONE 'UTC')::date) AS line
       GROUP BY day, repository ORDER BY day DESC, repository`,
      [day],
    )
    return rows.map((row) => ({
      day: row.day,
      repository: row.repository,
      spent: { money: Number(row.money) / MILLION, tokens: Number(row.tokens) },
      reserved: { money: Number(row.open_money) / MILLION, tokens: Number(row.open_tokens) },
    }))
  }
}

async function soFar(queries: Queries, repository: string, run = ''): Promise<{ spent: SpentSoFar; now: Date }> {
  const { rows } = await queries.query<{ scope: keyof SpentSoFar; money: string; tokens: string; now: Date }>(
    `WITH line AS (
       SELECT run, repository, day, coalesce(money, reserved_money) AS money, coalesce(tokens, reserved_tokens) AS tokens FROM fixpoint.spending
       WHERE day = ${TODAY} OR run = $2
     )
     SELECT scope, coalesce(sum(money), 0) AS money, coalesce(sum(tokens), 0) AS tokens, clock_timestamp() AS now
     FROM unnest(ARRAY['run', 'repository', 'day']) AS scope
     LEFT JOIN line ON CASE scope WHEN 'run' THEN run = $2 WHEN 'repository' THEN repository = $1 AND day = ${TODAY} ELSE day = ${TODAY} END
     GROUP BY scope`,
    [storableName(repository), run],
  )
  const amounts = rows.map(({ scope, money, tokens }) => [scope, { money: Number(money) / MILLION, tokens: Number(tokens) }])
  return { spent: Object.fromEntries(amounts), now: rows[0]?.now ?? new Date() }
}

/** Never less than it was. */
function millionths(money: number): number {
  return Math.ceil(Number((money * MILLION).toFixed(3)))
}

interface DayRow {
  readonly day: string
  readonly repository: string
  readonly money: string
  readonly tokens: string
  readonly open_money: string
  readonly open_tokens: string
}
