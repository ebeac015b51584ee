import { type Deliveries, Failure } from '@fixpoint/core'
import type { Database } from './database.ts'
import { identity, identityOf } from './delivery-row.ts'
import { GroupCommit } from './group-commit.ts'
import type { SortableIds } from './sortable-ids.ts'
import { storable } from './storable-text.ts'

type Refused = Parameters<Deliveries['refuse']>[0]

/** Lines that one key may make in an hour: what comes after is counted on the newest. */
const LINES = 100

/**
 * The lines of refused deliveries. Whoever knows the address of a key can send forged ones without end, so they are counted many at a
 * time, by one writer, and never take the place of true ones.
 */
export class RefusedLines {
  readonly #database: Database
  readonly #ids: SortableIds
  readonly #most: number
  readonly #group: GroupCommit<Refused, undefined>
  #pending = 0

  constructor(database: Database, ids: SortableIds, most: number) {
    this.#database = database
    this.#ids = ids
    this.#most = most
    this.#group = new GroupCommit(
      (group) => this.#write(group),
      (error) => !(error instanceof Failure),
      { items: 500, bytes: 500, writers: 1 },
    )
  }

  async count(refused: Refused): Promise<void> {
    if (this.#pending >= this.#most) throw tooFast()
    this.#pending += 1
    try {
      await this.#group.add({ ...refused, ...identityOf(refused), reason: storable(refused.reason) }, 1)
    } finally {
      this.#pending -= 1
    }
  }

  async #write(group: readonly Refused[]): Promise<readonly undefined[]> {
    await this.#database.transaction(async (transaction) => {
      const { rows } = await transaction.query<Line>(
        `SELECT recent.* FROM unnest($1::text[]) AS named (key) CROSS JOIN LATERAL (
           SELECT id, source, key, delivery_id FROM fixpoint.deliveries
           WHERE key = named.key AND state = 'refused' AND received_at > now() - interval '1 hour' ORDER BY id DESC LIMIT $2
         ) AS recent ORDER BY id`,
        [[...new Set(group.map((one) => one.key))], LINES],
      )
      const { counts, lines } = share(group, rows, () => this.#ids.next('dlv'))
      const counted = [...counts].sort()
      await transaction.query(
        `UPDATE fixpoint.deliveries AS line SET duplicates = duplicates + more.copies
         FROM unnest($1::text[], $2::integer[]) AS more (id, copies) WHERE line.id = more.id`,
        [counted.map(([id]) => id), counted.map(([, copies]) => copies)],
      )
      await transaction.query(
        `INSERT INTO fixpoint.deliveries (id, source, key, delivery_id, size, reason, duplicates, state)
         SELECT id, source, key, delivery_id, size, reason, copies, 'refused'
         FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::integer[])
           AS new (id, source, key, delivery_id, size, reason, copies)`,
        [
          lines.map((line) => line.id),
          lines.map((line) => line.first.source),
          lines.map((line) => line.first.key),
          lines.map((line) => line.first.deliveryId),
          lines.map((line) => line.first.bytes),
          lines.map((line) => line.first.reason),
          lines.map((line) => line.copies),
        ],
      )
    })
    return group.map(() => undefined)
  }
}

export function tooFast(): Failure {
  return new Failure('database-unreachable', 'deliveries arrive faster than the database takes them', 'Answer 503: the source sends this one again.')
}

interface Line {
  readonly id: string
  readonly source: string
  readonly key: string
  readonly delivery_id: string
}

interface NewLine {
  readonly id: string
  readonly first: Refused
  copies: number
}

/** On which line each is counted: its own, a new one while its key may have more, or the newest of its key. */
function share(group: readonly Refused[], known: readonly Line[], nextId: () => string): { counts: ReadonlyMap<string, number>; lines: readonly NewLine[] } {
  const own = new Map(known.map((line) => [identity({ source: line.source, key: line.key, deliveryId: line.delivery_id }), line.id]))
  const ofKey = new Map<string, string[]>()
  for (const line of known) ofKey.set(line.key, [...(ofKey.get(line.key) ?? []), line.id])
  const counts = new Map<string, number>()
  const lines = new Map<string, NewLine>()
  for (const refused of group) {
    const ids = ofKey.get(refused.key) ?? []
    const id = own.get(identity(refused)) ?? (ids.length < LINES ? undefined : ids.at(-1))
    const line = id === undefined ? undefined : lines.get(id)
    if (line !== undefined) line.copies += 1
    else if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1)
    else {
      const made = nextId()
      lines.set(made, { id: made, first: refused, copies: 0 })
      own.set(identity(refused), made)
      ofKey.set(refused.key, [...ids, made])
    }
  }
  return { counts, lines: [...lines.values()] }
}
