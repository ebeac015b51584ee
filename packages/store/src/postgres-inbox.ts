import { type Inbox, InboxMessage, type Retention, type RunId, type WaitingMessage } from '@fixpoint/core'
import type { Database } from './database.ts'
import { inBatches } from './in-batches.ts'
import { SortableIds } from './sortable-ids.ts'
import { storable } from './storable-text.ts'

/** Messages that one look gives out; the rest comes when these were taken. */
const MOST = 1000

/** What people and hosts say to runs. Messages are kept as JSON text, in which every character survives. */
export class PostgresInbox implements Inbox, Retention {
  readonly #database: Database
  readonly #ids = new SortableIds()

  constructor(database: Database) {
    this.#database = database
  }

  async put(run: RunId, message: InboxMessage): Promise<string> {
    const id = this.#ids.next('msg')
    await this.#database.query('INSERT INTO fixpoint.inbox (id, run, message) VALUES ($1, $2, $3)', [id, run, JSON.stringify(InboxMessage.parse(message))])
    return id
  }

  async waiting(run: RunId): Promise<readonly WaitingMessage[]> {
    const { rows } = await this.#database.query<{ id: string; at: Date; message: string }>(
      'SELECT id, at, message::text AS message FROM fixpoint.inbox WHERE run = $1 AND taken_at IS NULL ORDER BY id LIMIT $2',
      [run, MOST],
    )
    return rows.map(({ id, at, message }) => ({ id, at, message: InboxMessage.parse(JSON.parse(message)) }))
  }

  async take(id: string, why?: string): Promise<void> {
    await this.#database.query('UPDATE fixpoint.inbox SET taken_at = now(), why = $2 WHERE id = $1 AND taken_at IS NULL', [
      storable(id),
      why === undefined ? null : storable(why),
    ])
  }

  /** What was taken goes; what waits stays. */
  async expire(before: Date): Promise<number> {
    return inBatches(async (limit) => {
      const { rowCount } = await this.#database.query(
        `DELETE FROM fixpoint.inbox WHERE id = ANY (ARRAY (
           SELECT id FROM fixpoint.inbox WHERE taken_at < $1 ORDER BY taken_at LIMIT $2 FOR UPDATE SKIP LOCKED))`,
        [before, limit],
      )
      return rowCount ?? 0
    })
  }
}
