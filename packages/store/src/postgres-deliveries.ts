import { type Deliveries, type DeliveryRecord, Failure, type NewDelivery, type Retention } from '@fixpoint/core'
import type { Database } from './database.ts'
import { packContent, readContent } from './delivery-content.ts'
import { byIdentity, type DeliveryRow, identity, identityOf, recordOf } from './delivery-row.ts'
import { GroupCommit } from './group-commit.ts'
import { inBatches } from './in-batches.ts'
import { RefusedLines, tooFast } from './refused-lines.ts'
import type { Seal } from './sealed.ts'
import { SortableIds } from './sortable-ids.ts'
import { storable, storableName } from './storable-text.ts'

interface Accepting {
  readonly id: string
  readonly source: string
  readonly key: string
  readonly deliveryId: string
  readonly size: number
  readonly content: Uint8Array
}

/** What may be on its way to the database at once, in all. More is refused, and the source sends it again. */
export interface PendingLimits {
  readonly deliveries: number
  readonly bytes: number
}
const PENDING: PendingLimits = { deliveries: 10_000, bytes: 128 * 1024 * 1024 }

const COLUMNS = 'id, source, key, delivery_id, received_at, size, state, reason, reports, duplicates'

/**
 * Raw webhook deliveries. Those that arrive at the same time are committed together, by one statement: an answer is given after the
 * commit that holds its delivery. Contents are compressed and sealed.
 */
export class PostgresDeliveries implements Deliveries, Retention {
  readonly #database: Database
  readonly #seal: Seal
  readonly #ids = new SortableIds()
  readonly #accepting: GroupCommit<Accepting, { id: string; fresh: boolean }>
  readonly #refused: RefusedLines
  readonly #limits: PendingLimits
  #pending = 0
  #pendingBytes = 0

  constructor(database: Database, seal: Seal, limits: PendingLimits = PENDING) {
    this.#limits = limits
    this.#database = database
    this.#seal = seal
    this.#accepting = new GroupCommit(
      (group) => this.#insert(group),
      (error) => !(error instanceof Failure),
      { items: 200, bytes: 8 * 1024 * 1024, writers: 2 },
    )
    this.#refused = new RefusedLines(database, this.#ids, limits.deliveries)
  }

  async accept(delivery: NewDelivery): Promise<{ id: string; fresh: boolean }> {
    const { body, headers } = delivery
    return this.#counted(body.byteLength, async () => {
      const id = this.#ids.next('dlv')
      const content = await packContent(this.#seal, id, headers, body)
      return this.#accepting.add({ id, ...identityOf(delivery), size: body.byteLength, content }, content.byteLength)
    })
  }

  async refuse(delivery: Parameters<Deliveries['refuse']>[0]): Promise<void> {
    await this.#refused.count(delivery)
  }

  async waiting(limit: number): Promise<readonly DeliveryRecord[]> {
    const { rows } = await this.#database.query<DeliveryRow>(
      `SELECT ${COLUMNS}
       FROM fixpoint.deliveries WHERE state = 'accepted' ORDER BY id LIMIT $1`,
      [limit],
    )
    return rows.map(recordOf)
  }

  async content(id: string): Promise<{ headers: Readonly<Record<string, string>>; body: Uint8Array } | undefined> {
    const { rows } = await this.#database.query<{ id: string; content: Buffer | null }>('SELECT id, content FROM fixpoint.deliveries WHERE id = $1', [
      storable(id),
    ])
    const [row] = rows
    return row === undefined || row.content === null ? undefined : readContent(this.#seal, row.id, row.content)
  }

  /** The first conclusion counts: whoever comes later worked on the same delivery. */
  async conclude(id: string, conclusion: Parameters<Deliveries['conclude']>[1]): Promise<void> {
    await this.#database.query(
      `UPDATE fixpoint.deliveries SET state = $2, reason = $3, reports = $4, concluded_at = now() WHERE id = $1 AND state = 'accepted'`,
      [
        storable(id),
        conclusion.state,
        conclusion.reason === undefined ? null : storable(conclusion.reason),
        conclusion.reports.map((report) => storable(report)),
      ],
    )
  }

  async replay(id: string): Promise<boolean> {
    const { rowCount } = await this.#database.query(
      `UPDATE fixpoint.deliveries SET state = 'accepted', reason = NULL, concluded_at = NULL WHERE id = $1 AND content IS NOT NULL`,
      [storable(id)],
    )
    return rowCount === 1
  }

  async get(id: string): Promise<DeliveryRecord | undefined> {
    const { rows } = await this.#database.query<DeliveryRow>(`SELECT ${COLUMNS} FROM fixpoint.deliveries WHERE id = $1`, [storable(id)])
    return rows.map(recordOf)[0]
  }

  async list(page: Parameters<Deliveries['list']>[0]): Promise<readonly DeliveryRecord[]> {
    const { rows } = await this.#database.query<DeliveryRow>(
      `SELECT ${COLUMNS}
       FROM fixpoint.deliveries
       WHERE ($2::text IS NULL OR id < $2) AND ($3::text IS NULL OR source = $3) AND ($4::text IS NULL OR state = $4)
       ORDER BY id DESC LIMIT $1`,
      [page.limit, page.before === undefined ? null : storable(page.before), page.source === undefined ? null : storableName(page.source), page.state ?? null],
    )
    return rows.map(recordOf)
  }

  /** Contents of concluded deliveries go; their lines stay, and still tell a copy from a new one. */
  async expire(before: Date): Promise<number> {
    return inBatches(async (limit) => {
      const { rowCount } = await this.#database.query(
        `UPDATE fixpoint.deliveries SET content = NULL WHERE id = ANY (ARRAY (
           SELECT id FROM fixpoint.deliveries WHERE content IS NOT NULL AND state <> 'accepted' AND received_at < $1
           ORDER BY received_at LIMIT $2 FOR UPDATE SKIP LOCKED))`,
        [before, limit],
      )
      return rowCount ?? 0
    })
  }

  /** Whole lines go, except of what waits. */
  async forget(before: Date): Promise<number> {
    return inBatches(async (limit) => {
      const { rowCount } = await this.#database.query(
        `DELETE FROM fixpoint.deliveries WHERE id = ANY (ARRAY (
           SELECT id FROM fixpoint.deliveries WHERE state <> 'accepted' AND received_at < $1
           ORDER BY received_at LIMIT $2 FOR UPDATE SKIP LOCKED))`,
        [before, limit],
      )
      return rowCount ?? 0
    })
  }

  async #counted<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    if (this.#pending >= this.#limits.deliveries || this.#pendingBytes + bytes > this.#limits.bytes) {
      throw tooFast()
    }
    this.#pending += 1
    this.#pendingBytes += bytes
    try {
      return await work()
    } finally {
      this.#pending -= 1
      this.#pendingBytes -= bytes
    }
  }

  /** One statement, so one transaction. Rows are inserted in the order of their identity, lest two processes wait for each other. */
  async #insert(group: readonly Accepting[]): Promise<readonly { id: string; fresh: boolean }[]> {
    const copies = byIdentity(group)
    const firsts = [...copies.keys()].sort().flatMap((same) => copies.get(same)?.slice(0, 1) ?? [])
    const starts: number[] = []
    let next = 1
    for (const { content } of firsts) {
      starts.push(next)
      next += content.byteLength
    }
    const { rows } = await this.#database.query<{ id: string; source: string; key: string; delivery_id: string }>(
      // All contents are one parameter: the driver would write an array of them out in hexadecimal.
      `INSERT INTO fixpoint.deliveries (id, source, key, delivery_id, size, duplicates, content, state)
       SELECT new.id, new.source, new.key, new.delivery_id, new.size, new.copies, substring($7::bytea FROM new.start FOR new.length), 'accepted'
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::integer[], $8::integer[], $9::integer[])
         AS new (id, source, key, delivery_id, size, copies, start, length)
       ON CONFLICT (source, key, delivery_id) WHERE state <> 'refused'
       DO UPDATE SET duplicates = deliveries.duplicates + excluded.duplicates + 1
       RETURNING id, source, key, delivery_id`,
      [
        firsts.map((one) => one.id),
        firsts.map((one) => one.source),
        firsts.map((one) => one.key),
        firsts.map((one) => one.deliveryId),
        firsts.map((one) => one.size),
        firsts.map((one) => (copies.get(identity(one))?.length ?? 1) - 1),
        Buffer.concat(firsts.map((one) => one.content)),
        starts,
        firsts.map((one) => one.content.byteLength),
      ],
    )
    const kept = new Map(rows.map((row) => [identity({ source: row.source, key: row.key, deliveryId: row.delivery_id }), row.id]))
    return group.map((one) => {
      const id = kept.get(identity(one))
      if (id === undefined) throw new Error('a delivery that was inserted did not come back')
      return { id, fresh: id === one.id }
    })
  }
}
