import { Announcement, type Attempted, type OutboundMessage, type OutboundState, type Outbox, type Retention, RunId, type Subscription } from '@fixpoint/core'
import type { Database } from './database.ts'
import { inBatches } from './in-batches.ts'
import { OutboundLines } from './outbound-lines.ts'
import { storable } from './storable-text.ts'

/** What others are told. `PostgresJournal` writes the messages of runs here, each in the transaction of its event. */
export class PostgresOutbox implements Outbox, Retention {
  readonly #database: Database
  readonly #lines: OutboundLines

  constructor(database: Database, subscriptions: readonly Subscription[] = []) {
    this.#database = database
    this.#lines = new OutboundLines(subscriptions)
  }

  async announce(announcement: Announcement, key: string, run?: RunId): Promise<number> {
    const { rowCount } = await this.#database.query(
      `INSERT INTO fixpoint.outbound (id, subscriber, topic, announcement, key, at, run, report, repository)
       SELECT message.id, subscriber, topic, announcement, $2, now(), $3::text, report.id, report.repository
       FROM json_to_recordset($1::json) AS message (id text, subscriber text, topic text, announcement json)
       LEFT JOIN fixpoint.report_runs AS owned ON owned.run = $3 LEFT JOIN fixpoint.reports AS report ON report.id = owned.report
       ON CONFLICT (subscriber, topic, key) DO NOTHING`,
      [this.#lines.of(Announcement.parse(announcement)), storable(key), run ?? null],
    )
    return rowCount ?? 0
  }

  async get(id: string): Promise<OutboundMessage | undefined> {
    const [message] = await this.#rows(`SELECT ${COLUMNS} FROM fixpoint.outbound WHERE id = $1`, [storable(id)])
    return message
  }

  async due(): Promise<readonly string[]> {
    const { rows } = await this.#database.query<{ id: string }>(
      `SELECT DISTINCT ON (subscriber) id FROM fixpoint.outbound
       WHERE state = 'waiting' AND next_at <= now() AND (taken_until IS NULL OR taken_until < now()) ORDER BY subscriber, id`,
    )
    return rows.map(({ id }) => id)
  }

  /** Two that ask in the same moment may both get one: each of them another. */
  async take(subscriber: string, forMs: number): Promise<OutboundMessage | undefined> {
    const [message] = await this.#rows(
      `UPDATE fixpoint.outbound SET attempts = attempts + 1, taken_until = now() + $2 * interval '1 millisecond'
       WHERE id = (
         SELECT id FROM fixpoint.outbound
         WHERE subscriber = $1 AND state = 'waiting' AND next_at <= now() AND (taken_until IS NULL OR taken_until < now())
           AND NOT EXISTS (SELECT FROM fixpoint.outbound WHERE subscriber = $1 AND state = 'waiting' AND taken_until >= now())
         ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING ${COLUMNS}`,
      [storable(subscriber), forMs],
    )
    return message
  }

  async conclude(id: string, attempted: Attempted): Promise<void> {
    const state = 'state' in attempted ? attempted.state : 'waiting'
    await this.#database.query(
      `UPDATE fixpoint.outbound SET state = $2, reason = $3, next_at = now() + $4 * interval '1 millisecond', taken_until = NULL
       WHERE id = $1 AND state = 'waiting'`,
      [storable(id), state, 'reason' in attempted ? storable(attempted.reason) : null, 'againInMs' in attempted ? attempted.againInMs : 0],
    )
  }

  async resend(id: string): Promise<boolean> {
    const { rowCount } = await this.#database.query(
      "UPDATE fixpoint.outbound SET state = 'waiting', attempts = 0, next_at = now(), taken_until = NULL, reason = NULL WHERE id = $1",
      [storable(id)],
    )
    return rowCount === 1
  }

  async list({ limit, before, state, subscriber }: Parameters<Outbox['list']>[0]): Promise<readonly OutboundMessage[]> {
    return this.#rows(
      `SELECT ${COLUMNS} FROM fixpoint.outbound
       WHERE ($2::text IS NULL OR id < $2) AND ($3::text IS NULL OR state = $3) AND ($4::text IS NULL OR subscriber = $4)
       ORDER BY id DESC LIMIT $1`,
      [limit, before === undefined ? null : storable(before), state ?? null, subscriber === undefined ? null : storable(subscriber)],
    )
  }

  /** What still waits stays. */
  async expire(before: Date): Promise<number> {
    return inBatches(async (limit) => {
      const { rowCount } = await this.#database.query(
        `DELETE FROM fixpoint.outbound WHERE id = ANY (ARRAY (
           SELECT id FROM fixpoint.outbound WHERE state <> 'waiting' AND at < $1 ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED))`,
        [before, limit],
      )
      return rowCount ?? 0
    })
  }

  async #rows(text: string, values: readonly unknown[]): Promise<readonly OutboundMessage[]> {
    const { rows } = await this.#database.query<Row>(text, values)
    return rows.map(messageOf)
  }
}

const COLUMNS = 'id, subscriber, announcement::text AS announcement, at, run, report, repository, state, attempts, next_at, reason'

interface Row {
  readonly id: string
  readonly subscriber: string
  readonly announcement: string
  readonly at: Date
  readonly run: string | null
  readonly report: string | null
  readonly repository: string | null
  readonly state: OutboundState
  readonly attempts: number
  readonly next_at: Date
  readonly reason: string | null
}

function messageOf({ next_at, announcement, run, report, repository, reason, ...row }: Row): OutboundMessage {
  return {
    ...row,
    announcement: Announcement.parse(JSON.parse(announcement)),
    run: run === null ? undefined : RunId.parse(run),
    report: report ?? undefined,
    repository: repository ?? undefined,
    nextAt: next_at,
    reason: reason ?? undefined,
  }
}
