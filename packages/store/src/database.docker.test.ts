import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Database, openDatabase } from './database.ts'
import { migrate, migrationStatus } from './migrations/migrate.ts'
import { MIGRATIONS } from './migrations/migrations.ts'
import { PrivatePostgres } from './private-server/private-postgres.ts'

let folder: string
let server: PrivatePostgres
let database: Database
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fixpoint-database-'))
  server = await PrivatePostgres.start({ folder, settings: { fsync: 'off' } })
  database = await openDatabase(server.url, { statementTimeoutMs: 500 })
})
afterAll(async () => {
  await database?.close()
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(() => database.query('DROP SCHEMA IF EXISTS fixpoint CASCADE'))

describe('migrations', () => {
  const next = { number: 900, name: 'next', sql: 'CREATE TABLE fixpoint.next (id integer)' }

  it('bring an empty database up to date, once', async () => {
    expect((await migrationStatus(database)).pending).toBe(MIGRATIONS.length)
    expect(await migrate(database)).toBe(MIGRATIONS.length)
    expect(await migrate(database)).toBe(0)
    const status = await migrationStatus(database)
    expect(status.pending).toBe(0)
    expect(status.migrations.every((migration) => migration.appliedAt instanceof Date)).toBe(true)
  })

  it('many processes at once: each migration is applied once', async () => {
    const counts = await Promise.all(Array.from({ length: 6 }, () => migrate(database)))
    expect(counts.sort()).toEqual([0, 0, 0, 0, 0, MIGRATIONS.length])
  })

  it('one that fails leaves nothing, and those before it stay', async () => {
    const broken = { ...next, sql: 'CREATE TABLE fixpoint.half (id integer); SELECT 1/0' }
    await expect(migrate(database, [...MIGRATIONS, broken])).rejects.toThrow('division by zero')
    expect((await database.query(`SELECT to_regclass('fixpoint.half') AS half`)).rows).toEqual([{ half: null }])
    expect((await migrationStatus(database, [...MIGRATIONS, next])).pending).toBe(1)
    expect(await migrate(database, [...MIGRATIONS, next])).toBe(1)
  })

  it('a database from a newer version is refused, with what to do, and not touched', async () => {
    await migrate(database, [...MIGRATIONS, next])
    for (const ask of [migrate, migrationStatus]) {
      await expect(ask(database)).rejects.toMatchObject({
        code: 'settings-invalid',
        message: expect.stringContaining('newer version'),
        hint: expect.stringContaining('newer version'),
      })
    }
  })

  it('a migration that was changed after it was applied is refused', async () => {
    await migrate(database, [next])
    await expect(migrate(database, [{ ...next, sql: 'SELECT 1' }])).rejects.toMatchObject({ code: 'settings-invalid' })
  })
})

describe('failures of the database say what to do, and no password', () => {
  const failure = (code: string, words: string) => ({ name: 'Failure', code, message: expect.stringContaining(words), hint: expect.stringMatching(/\w/) })

  it('nobody listens', async () => {
    await expect(openDatabase('postgres://u:hush-hush@127.0.0.1:1/x')).rejects.toMatchObject(failure('database-unreachable', '127.0.0.1:1/x'))
    const error = await openDatabase('postgres://u:hush-hush@127.0.0.1:1/x').catch((reason: unknown) => reason)
    expect(JSON.stringify(error) + String(error)).not.toContain('hush')
  })

  it('somebody listens and says nothing', async () => {
    const mute = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => mute.once('listening', resolve))
    const { port } = mute.address() as { port: number }
    await expect(openDatabase(`postgres://u@127.0.0.1:${port}/x`, { connectTimeoutMs: 300 })).rejects.toMatchObject(
      failure('database-unreachable', 'cannot be reached'),
    )
    mute.close()
  })

  it.each(['nonsense', 'http://example.org', 'postgres://u:hush-hush@:x:y/', 'postgres://u:hush-hush@h/d?sslrootcert=/nowhere/hush'])(
    '%j is no address',
    async (url) => {
      const error = await openDatabase(url).catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: 'settings-invalid' })
      expect(String(error)).not.toContain('hush')
    },
  )

  it('a wrong password, and a database that is not there', async () => {
    const url = new URL(server.url)
    url.password = 'wrong'
    await expect(openDatabase(url.href)).rejects.toMatchObject(failure('database-unreachable', 'refused to let us in'))
    await expect(openDatabase(server.url.replace(/fixpoint$/, 'elsewhere'))).rejects.toMatchObject(failure('database-unreachable', 'does not exist'))
  })

  it('a statement that takes too long is ended by the server', async () => {
    await expect(database.query('SELECT pg_sleep(5)')).rejects.toMatchObject(failure('database-unreachable', 'too long'))
  })

  it('a connection that is cut, idle and at work; the pool goes on', async () => {
    await using other = new Database({ connectionString: server.url }, { connections: 1 })
    const { rows } = await other.query('SELECT pg_backend_pid() AS pid')
    const working = other.query('SELECT pg_sleep(3)')
    working.catch(() => undefined)
    await expect.poll(async () => (await database.query('SELECT state FROM pg_stat_activity WHERE pid = $1', [rows[0]?.pid])).rows[0]?.state).toBe('active')
    await database.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid])
    await expect(working).rejects.toMatchObject(failure('database-unreachable', 'ended the connection'))
    expect((await other.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  })

  it('what a statement did wrong is no failure of the world', async () => {
    await expect(database.query('SELEC')).rejects.toMatchObject({ name: 'error', code: '42601' })
  })
})

describe('transactions', () => {
  it('are whole or not there, and the connection is clean afterwards', async () => {
    await using one = new Database({ connectionString: server.url }, { connections: 1 })
    await one.query('CREATE SCHEMA fixpoint')
    await one.query('CREATE TABLE fixpoint.numbers (number integer)')
    await one.transaction((queries) => queries.query('INSERT INTO fixpoint.numbers VALUES ($1)', [1]))
    const bug = new TypeError('a bug of ours')
    await expect(
      one.transaction(async (queries) => {
        await queries.query('INSERT INTO fixpoint.numbers VALUES ($1)', [2])
        throw bug
      }),
    ).rejects.toBe(bug)
    expect((await one.query('SELECT number FROM fixpoint.numbers')).rows).toEqual([{ number: 1 }])
  })
})
