import type { Change, Changes } from '@fixpoint/core'
import type { Database } from './database.ts'
import { SortableIds } from './sortable-ids.ts'
import { storable } from './storable-text.ts'

export class PostgresChanges implements Changes {
  readonly #database: Database
  readonly #ids = new SortableIds()

  constructor(database: Database) {
    this.#database = database
  }

  async add({ by, what, subject }: Pick<Change, 'by' | 'what' | 'subject'>): Promise<void> {
    await this.#database.query('INSERT INTO fixpoint.changes (id, by, what, subject) VALUES ($1, $2, $3, $4)', [
      ...[this.#ids.next('chg'), storable(by), storable(what), storable(subject)],
    ])
  }

  async list({ limit, before }: { readonly limit: number; readonly before?: string }): Promise<readonly Change[]> {
    const { rows } = await this.#database.query<Change>(
      'SELECT id, at, by, what, subject FROM fixpoint.changes WHERE $2::text IS NULL OR id < $2 ORDER BY id DESC LIMIT $1',
      [limit, before === undefined ? null : storable(before)],
    )
    return rows
  }
}
