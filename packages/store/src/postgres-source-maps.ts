import type { Digest, Retention, SourceMaps, StoredSourceMap } from '@fixpoint/core'
import type { Database } from './database.ts'
import { inBatches } from './in-batches.ts'
import { storableName } from './storable-text.ts'

interface Row {
  readonly service: string
  readonly release: string
  readonly file: string
  readonly debug_id: string | null
  readonly map: Digest
}

export class PostgresSourceMaps implements SourceMaps, Retention {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async put({ service, release, file, debugId, map }: StoredSourceMap): Promise<void> {
    await this.#database.query(
      `INSERT INTO fixpoint.source_maps (service, release, file, debug_id, map) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (service, release, file) DO UPDATE SET debug_id = excluded.debug_id, map = excluded.map, uploaded_at = now()`,
      [storableName(service), storableName(release), storableName(file), debugId ?? null, map],
    )
  }

  async find({ service, release, debugIds, limit }: Parameters<SourceMaps['find']>[0]): Promise<readonly StoredSourceMap[]> {
    const { rows } = await this.#database.query<Row>(
      `SELECT service, release, file, debug_id, map FROM fixpoint.source_maps
       WHERE (service = $1 AND release = $2) OR debug_id = ANY ($3::text[]) ORDER BY uploaded_at DESC, file LIMIT $4`,
      [service === undefined ? null : storableName(service), release === undefined ? null : storableName(release), debugIds, limit],
    )
    return rows.map(({ debug_id, ...row }) => ({ ...row, debugId: debug_id ?? undefined }))
  }

  async expire(before: Date): Promise<number> {
    return inBatches(async (limit) => {
      const { rowCount } = await this.#database.query(
        `DELETE FROM fixpoint.source_maps WHERE (service, release, file) IN (
           SELECT service, release, file FROM fixpoint.source_maps WHERE uploaded_at < $1 LIMIT $2)`,
        [before, limit],
      )
      return rowCount ?? 0
    })
  }
}
