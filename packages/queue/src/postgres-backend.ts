import { codeOf, Failure } from '@fixpoint/core'
import {
  createPostgresBackend,
  type PgPool,
  type PostgresConnectionOptions,
  type PostgresQueueBackend,
  Queue,
  runMigrations,
  Worker,
  type WorkerOptions,
} from 'bullmq'
import pg from 'pg'
import type { Backend, BullQueue, BullWorker, Data, Processor } from './backend.ts'
import { PostgresTurnstile } from './postgres-turnstile.ts'
import type { Turnstile } from './turnstile.ts'

/** BullMQ keeps its tables in this schema when it is given a pool. */
const SCHEMA = 'bullmq'
/** A worker holds one connection for LISTEN; six kinds of job, and some for statements. */
const CONNECTIONS = 18
const CONNECT_MS = 5_000
const STATEMENT_MS = 15_000

// The types of `pg` and BullMQ's own of it differ in the overloads of `on`.
const poolOf = (pool: pg.Pool) => pool as unknown as PgPool

export class PostgresBackend implements Backend {
  readonly turnstile: Turnstile
  readonly #pool: pg.Pool
  readonly #namespace: string
  readonly #place: string

  private constructor(pool: pg.Pool, turnstile: Turnstile, namespace: string, place: string) {
    this.#pool = pool
    this.turnstile = turnstile
    this.#namespace = namespace
    this.#place = place
  }

  /** Migrates first: nobody works on tables that are not there. */
  static async open(url: string, namespace: string): Promise<PostgresBackend> {
    const config = configOf(url)
    const place = placeOf(config)
    const pool = new pg.Pool({
      ...config,
      application_name: 'fixpoint queue',
      options: `-c search_path=${SCHEMA}`,
      max: CONNECTIONS,
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: STATEMENT_MS,
      keepAlive: true,
    })
    // An idle connection that broke is replaced at the next query; without a listener it would end the process.
    pool.setMaxListeners(CONNECTIONS * 2)
    pool.on('error', () => undefined)
    pool.on('connect', (client) => client.on('error', () => undefined))
    try {
      const client = await pool.connect()
      try {
        await runMigrations(client, SCHEMA)
        return new PostgresBackend(pool, await PostgresTurnstile.open(client, pool, namespace), namespace, place)
      } finally {
        client.release()
      }
    } catch (error) {
      await pool.end().catch(() => undefined)
      throw failureOf(error, place)
    }
  }

  queue(name: string): BullQueue {
    return new Queue<Data, unknown, string, Data, unknown, string, PostgresQueueBackend, PostgresConnectionOptions>(
      this.#nameOf(name),
      { connection: poolOf(this.#pool) },
      createPostgresBackend,
    )
  }

  worker(name: string, processor: Processor, options: Omit<WorkerOptions, 'connection'>): BullWorker {
    return new Worker<Data, unknown, string, PostgresQueueBackend, object, PostgresConnectionOptions>(
      this.#nameOf(name),
      processor,
      { ...options, connection: poolOf(this.#pool) },
      createPostgresBackend,
    )
  }

  async ping(): Promise<void> {
    await this.#pool.query('SELECT 1')
  }

  /** BullMQ writes the clocks of hosts into the database: after a step back, nobody would look for dead workers until it is caught up. */
  async mend(lockMs: number): Promise<void> {
    const future = Date.now() + 4 * lockMs
    const own = `${this.#namespace}-%`
    await this.#pool.query(`DELETE FROM bullmq.meta WHERE queue LIKE $1 AND field = 'stalled-check' AND value::bigint > $2`, [own, future])
    await this.#pool.query(`UPDATE bullmq.job SET locked_until_ms = $3 WHERE queue LIKE $1 AND state = 'active' AND locked_until_ms > $2`, [
      own,
      future,
      Date.now() + lockMs,
    ])
  }

  failureOf(error: unknown): unknown {
    return failureOf(error, this.#place)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.end()
  }

  #nameOf(name: string): string {
    return `${this.#namespace}-${name}`
  }
}

function configOf(url: string): pg.PoolConfig {
  const protocol = URL.canParse(url) ? new URL(url).protocol : ''
  if (protocol === 'postgres:' || protocol === 'postgresql:') return { connectionString: url }
  // The address may hold a password: it is not repeated.
  throw new Failure('settings-invalid', 'the address of the queue’s database is no address', 'Write it as postgres://user:password@host:5432/database.')
}

function placeOf(config: pg.PoolConfig): string {
  const client = new pg.Client(config)
  return `${client.host}:${client.port}/${client.database ?? ''}`
}

const REFUSED: readonly RegExp[] = [/^Connection terminated/, /^timeout exceeded/, /^Query read timeout/, /^Client was closed/, /^Client has encountered/]

function failureOf(error: unknown, place: string): unknown {
  if (error instanceof Failure || !(error instanceof Error)) return error
  const unreachable = (what: string, hint: string) => new Failure('queue-unreachable', `the queue’s database at ${place} ${what}`, hint, { cause: error })
  if (error.name === 'UnsupportedPostgresVersionError') return unreachable('is too old', 'Use PostgreSQL 14 or newer.')
  if (error.name === 'SchemaVersionMismatchError')
    return unreachable('was migrated by a newer version', 'Start the newer version of Fixpoint; nothing was changed.')
  const code = codeOf(error) ?? ''
  if (code.startsWith('28')) return unreachable('refused to let us in', 'Check the user, the password and pg_hba.conf of the server.')
  if (code === '42501')
    return unreachable('does not let us create a schema', 'GRANT CREATE ON DATABASE to the user of DATABASE_URL, or run `fixpoint db migrate` as its owner.')
  if (code === '3D000') return unreachable('does not exist', 'Create it (CREATE DATABASE), or correct its name in DATABASE_URL.')
  const down = /^(08|53|57)/.test(code) || /^E[A-Z]+$/.test(code) || REFUSED.some((pattern) => pattern.test(error.message))
  return down ? unreachable(`cannot be reached (${code || error.message})`, 'Check that PostgreSQL runs there and that DATABASE_URL is right.') : error
}
