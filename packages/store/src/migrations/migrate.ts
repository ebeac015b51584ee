import { createHash } from 'node:crypto'
import { Failure } from '@fixpoint/core'
import type { Database, Queries } from '../database.ts'
import { MIGRATIONS, type Migration } from './migrations.ts'

export interface MigrationStatus {
  /** Oldest first; `appliedAt` is undefined for what is still to come. */
  readonly migrations: readonly { readonly number: number; readonly name: string; readonly appliedAt: Date | undefined }[]
  readonly pending: number
}

/** A number that nobody else is likely to lock with: the first bytes of the SHA-256 of "fixpoint migrations". */
const LOCK = '-7790701349494655434'

/** Brings the database up to this version of the code; returns how many migrations it took. Any number of processes may do so at once. */
export async function migrate(database: Database, migrations: readonly Migration[] = MIGRATIONS): Promise<number> {
  return database.withOwnConnection(async (connection) => {
    // Waits for another process that migrates; the end of the connection lets it go.
    await connection.query('SELECT pg_advisory_lock($1)', [LOCK])
    await connection.query('CREATE SCHEMA IF NOT EXISTS fixpoint')
    await connection.query(
      'CREATE TABLE IF NOT EXISTS fixpoint.migrations (number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
    )
    const applied = await appliedIn(connection)
    assertKnown(applied, migrations, database.place)
    const missing = migrations.filter((migration) => !applied.has(migration.number))
    for (const migration of missing) await apply(connection, migration)
    return missing.length
  })
}

/** What was applied and what is to come. Throws as `migrate` does when the database is not one that this version knows. */
export async function migrationStatus(database: Database, migrations: readonly Migration[] = MIGRATIONS): Promise<MigrationStatus> {
  const there = await database.query<{ there: boolean }>(`SELECT to_regclass('fixpoint.migrations') IS NOT NULL AS there`)
  const applied: Applied = there.rows[0]?.there === true ? await appliedIn(database) : new Map()
  assertKnown(applied, migrations, database.place)
  const all = migrations.map(({ number, name }) => ({ number, name, appliedAt: applied.get(number)?.appliedAt }))
  return { migrations: all, pending: all.filter((migration) => migration.appliedAt === undefined).length }
}

type Applied = ReadonlyMap<number, { readonly name: string; readonly checksum: string; readonly appliedAt: Date }>

async function appliedIn(queries: Queries): Promise<Applied> {
  const { rows } = await queries.query<{ number: number; name: string; checksum: string; applied_at: Date }>(
    'SELECT number, name, checksum, applied_at FROM fixpoint.migrations ORDER BY number',
  )
  return new Map(rows.map((row) => [row.number, { name: row.name, checksum: row.checksum, appliedAt: row.applied_at }]))
}

async function apply(connection: Queries, migration: Migration): Promise<void> {
  await connection.query('BEGIN')
  try {
    await connection.query(migration.sql)
    await connection.query('INSERT INTO fixpoint.migrations (number, name, checksum) VALUES ($1, $2, $3)', [
      migration.number,
      migration.name,
      checksumOf(migration),
    ])
    await connection.query('COMMIT')
  } catch (error) {
    await connection.query('ROLLBACK')
    throw error
  }
}

function assertKnown(applied: Applied, migrations: readonly Migration[], place: string): void {
  const newest = migrations.at(-1)?.number ?? 0
  for (const [number, { name, checksum }] of applied) {
    if (number > newest) {
      throw new Failure(
        'settings-invalid',
        `the database at ${place} was migrated by a newer version of Fixpoint (migration ${number}, ${name}; this one knows ${newest})`,
        'Start the newer version again, or restore a backup from before the upgrade: migrations only go forward.',
      )
    }
    const known = migrations.find((migration) => migration.number === number)
    if (known === undefined || checksumOf(known) !== checksum) {
      throw new Failure(
        'settings-invalid',
        `migration ${number} (${name}) of the database at ${place} is not the one that this version of Fixpoint has`,
        'The database was made by a build that was never released. Use that build, or give Fixpoint an empty database.',
      )
    }
  }
}

function checksumOf(migration: Migration): string {
  return createHash('sha256').update(`${migration.name}\n${migration.sql}`).digest('hex')
}
