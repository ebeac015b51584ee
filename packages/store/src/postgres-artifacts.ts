import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { type Artifacts, Digest, Failure, type Retention } from '@fixpoint/core'
import type { Database } from './database.ts'
import { inBatches } from './in-batches.ts'

const compress = promisify(gzip)
const decompress = promisify(gunzip)

/** The driver holds it several times over, as text too. */
const LARGEST = 32 * 1024 * 1024

/** Bytes by digest on PostgreSQL, packed where it pays, and checked against the digest at every read. */
export class PostgresArtifacts implements Artifacts, Retention {
  readonly #database: Database
  readonly #largest: number

  constructor(database: Database, options: { readonly largestBytes?: number } = {}) {
    this.#database = database
    this.#largest = options.largestBytes ?? LARGEST
  }

  async put(bytes: Uint8Array): Promise<Digest> {
    if (bytes.byteLength > this.#largest) throw tooLarge(bytes.byteLength, this.#largest)
    const mine = bytes.slice()
    const digest = digestOf(mine)
    if (await this.#keep(digest)) return digest
    const packed = await compress(mine)
    const [packing, content] = packed.byteLength < mine.byteLength ? ['gzip', packed] : ['raw', Buffer.from(mine.buffer)]
    await this.#database.query(
      `INSERT INTO fixpoint.artifacts (digest, packing, size, bytes) VALUES ($1, $2, $3, $4)
       ON CONFLICT (digest) DO UPDATE SET kept_at = now()`,
      [digest, packing, mine.byteLength, content],
    )
    return digest
  }

  async get(digest: Digest): Promise<Uint8Array> {
    const { rows } = await this.#database.query<{ packing: string; size: string; bytes: Buffer }>(
      'SELECT packing, size, bytes FROM fixpoint.artifacts WHERE digest = $1',
      [Digest.parse(digest)],
    )
    const bytes = rows[0] === undefined ? undefined : await unpack(rows[0]).catch(() => undefined)
    if (bytes === undefined || digestOf(bytes) !== digest) {
      throw new Failure('artifact-missing', `artifact ${digest} is gone or damaged`, 'It may have expired. Start a new run for the same report.')
    }
    return bytes
  }

  /**
   * Spares what a run that is not settled, or a report that is open, names; and what was put while such a run was at work, because
   * artifacts name each other too.
   */
  async expire(before: Date): Promise<number> {
    return inBatches(async (limit) => {
      const { rowCount } = await this.#database.query(
        `DELETE FROM fixpoint.artifacts AS artifact WHERE digest IN (
           SELECT digest FROM fixpoint.artifacts AS old
           WHERE kept_at < $1
             AND NOT EXISTS (
               SELECT 1 FROM fixpoint.runs AS run
               WHERE phase <> 'settled' AND old.kept_at BETWEEN run.opened_at - interval '2 hours' AND run.updated_at + interval '2 hours')
             AND digest NOT IN (
               SELECT (regexp_matches(entry::text, '"([0-9a-f]{64})"', 'g'))[1]
               FROM fixpoint.events JOIN fixpoint.runs AS run ON run.id = events.run WHERE phase <> 'settled')
             AND digest NOT IN (SELECT map FROM fixpoint.source_maps WHERE uploaded_at >= $1)
             AND digest NOT IN (SELECT report FROM fixpoint.reports WHERE state NOT IN ('settled', 'confirmed', 'muted'))
           ORDER BY kept_at LIMIT $2)
         AND kept_at < $1`,
        [before, limit],
      )
      return rowCount ?? 0
    })
  }

  /** What is put again is in use. False when it is not there; an expiry that removes it at this moment is waited for. */
  async #keep(digest: Digest): Promise<boolean> {
    const { rows } = await this.#database.query<{ there: boolean }>(
      `WITH renewed AS (
         UPDATE fixpoint.artifacts SET kept_at = now() WHERE digest = $1 AND kept_at < now() - interval '1 hour' RETURNING 1
       )
       SELECT EXISTS (SELECT 1 FROM renewed)
         OR EXISTS (SELECT 1 FROM fixpoint.artifacts WHERE digest = $1 AND kept_at >= now() - interval '1 hour') AS there`,
      [digest],
      'fixpoint-keep',
    )
    return rows[0]?.there === true
  }
}

async function unpack({ packing, size, bytes }: { packing: string; size: string; bytes: Buffer }): Promise<Uint8Array> {
  return packing === 'gzip' ? new Uint8Array(await decompress(bytes, { maxOutputLength: Math.max(1, Number(size)) })) : new Uint8Array(bytes)
}

function tooLarge(size: number, largest: number): Failure {
  return new Failure(
    'artifact-too-large',
    `an artifact of ${megabytes(size)} is more than the ${megabytes(largest)} that the database takes`,
    'Something wrote far more output than a run needs: look at the tests of the project, or report it with what was being done.',
  )
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

function digestOf(bytes: Uint8Array): Digest {
  return Digest.parse(createHash('sha256').update(bytes).digest('hex'))
}
