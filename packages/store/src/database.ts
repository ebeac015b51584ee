import { codeOf, Failure } from '@fixpoint/core'
import pg from 'pg'

/** What a port's adapter asks with: the pool itself, or one connection inside a transaction. */
export interface Queries {
  /** Values travel apart from the text, always. Under a `name` each connection has the text planned once; for what is asked all the time. */
  query<Row extends pg.QueryResultRow = pg.QueryResultRow>(text: string, values?: readonly unknown[], name?: string): Promise<pg.QueryResult<Row>>
}

export interface DatabaseOptions {
  /** Connections of this process at most. */
  readonly connections?: number
  /** A statement that takes longer is ended by the server. */
  readonly statementTimeoutMs?: number
  readonly connectTimeoutMs?: number
  /** Shown by PostgreSQL to whoever looks who is connected. */
  readonly name?: string
}

/** One pool of connections. Errors of the connection are `Failure('database-unreachable')`; what a statement did wrong is thrown as it is. */
export class Database implements Queries, AsyncDisposable {
  readonly #pool: pg.Pool
  readonly #config: pg.ClientConfig
  /** Without the password: for messages. */
  readonly place: string
  readonly #own = new Set<pg.Client>()
  #closed: Promise<unknown> | undefined

  constructor(config: pg.ClientConfig, options: DatabaseOptions = {}) {
    this.#config = {
      ...config,
      application_name: options.name ?? 'fixpoint',
      connectionTimeoutMillis: options.connectTimeoutMs ?? 10_000,
      keepAlive: true,
    }
    const statementTimeoutMs = options.statementTimeoutMs ?? 30_000
    this.#pool = new pg.Pool({
      ...this.#config,
      max: options.connections ?? 10,
      idleTimeoutMillis: 30_000,
      statement_timeout: statementTimeoutMs,
      // Ours, should the server not answer at all.
      query_timeout: statementTimeoutMs + 5_000,
      idle_in_transaction_session_timeout: 60_000,
    })
    this.place = placeOf(config)
    // An idle connection that broke is replaced at the next query; without a listener it would end the process.
    this.#pool.on('error', () => undefined)
  }

  async query<Row extends pg.QueryResultRow = pg.QueryResultRow>(text: string, values: readonly unknown[] = [], name?: string): Promise<pg.QueryResult<Row>> {
    return this.#reaching(() => this.#pool.query<Row>({ text, values: [...values], ...(name !== undefined && { name }) }))
  }

  /** Runs `work` in one transaction on one connection: committed when it resolves, rolled back when it throws. */
  async transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    return this.withConnection(async (connection) => {
      await connection.query('BEGIN')
      const result = await work(connection)
      await connection.query('COMMIT')
      return result
    })
  }

  /** One connection for several statements. It goes back to the pool clean, or not at all. */
  async withConnection<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    const client = await this.#reaching(() => this.#pool.connect())
    const ignore = () => undefined
    client.on('error', ignore)
    let clean = false
    try {
      const result = await work(this.#queriesOf(client))
      clean = true
      return result
    } catch (error) {
      // A connection that failed may still be busy, and a server drops the transaction of one that ends.
      if (!(error instanceof Failure))
        clean = await client.query('ROLLBACK').then(
          () => true,
          () => false,
        )
      throw error
    } finally {
      client.off('error', ignore)
      client.release(!clean)
    }
  }

  /** One connection outside of the pool and without limits of time, ended afterwards: for what may take minutes. */
  async withOwnConnection<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    const client = await this.dedicated('migrating')
    try {
      return await work(this.#queriesOf(client))
    } finally {
      await client.end().catch(() => undefined)
    }
  }

  /** A connection outside of the pool; the caller ends it. */
  async dedicated(purpose: string): Promise<pg.Client> {
    const client = new pg.Client({ ...this.#config, application_name: `${this.#config.application_name ?? 'fixpoint'} (${purpose})` })
    client.on('error', () => undefined)
    if (this.#closed !== undefined) throw new Error('the database was closed')
    this.#own.add(client)
    client.on('end', () => this.#own.delete(client))
    try {
      await this.#reaching(() => client.connect())
    } catch (error) {
      this.#own.delete(client)
      throw error
    }
    return client
  }

  /** Ends every connection, once those that work are back. */
  async close(): Promise<void> {
    this.#closed ??= Promise.all([this.#pool.end(), ...[...this.#own].map((client) => client.end().catch(() => undefined))])
    await this.#closed
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #queriesOf(client: pg.ClientBase): Queries {
    return { query: (text, values = [], name) => this.#reaching(() => client.query({ text, values: [...values], ...(name !== undefined && { name }) })) }
  }

  async #reaching<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw failureOf(error, this.place)
    }
  }
}

/** Opens a pool and asks it one thing, so that a wrong address is told at once. `url` is `postgres://user:password@host:port/database`. */
export async function openDatabase(url: string, options: DatabaseOptions = {}): Promise<Database> {
  const database = databaseAt(url, options)
  try {
    await database.query('SELECT 1')
  } catch (error) {
    await database.close()
    throw error
  }
  return database
}

/** The address may hold a password, and errors of its parsers hold the address: neither is repeated. */
function databaseAt(url: string, options: DatabaseOptions): Database {
  try {
    if (!/^postgres(ql)?:$/.test(new URL(url).protocol)) throw new TypeError('another protocol')
    return new Database({ connectionString: url }, options)
  } catch {
    throw new Failure(
      'settings-invalid',
      'the address of the database is no address, or names a certificate that cannot be read',
      'Write it as postgres://user:password@host:5432/database.',
    )
  }
}

function placeOf(config: pg.ClientConfig): string {
  const client = new pg.Client(config)
  return `${client.host}:${client.port}/${client.database ?? ''}`
}

/** Classes of SQLSTATE in which the server or the way to it is at fault: 08 connection, 57 operator, 53 resources, 28 sign-in, 3D no such database. */
export function failureOf(error: unknown, place: string): unknown {
  if (error instanceof Failure || !(error instanceof Error)) return error
  const code = codeOf(error) ?? ''
  const unreachable = (message: string, hint: string) => new Failure('database-unreachable', `the database at ${place} ${message}`, hint, { cause: error })
  if (code.startsWith('28')) return unreachable('refused to let us in', 'Check the user, the password and pg_hba.conf of the server.')
  if (code.startsWith('3D')) return unreachable('does not exist', 'Create it (CREATE DATABASE), or correct its name in DATABASE_URL.')
  if (code === '53100')
    return new Failure('disk-full', `the disk of the database at ${place} is full`, 'Free some space there: nothing is lost.', { cause: error })
  if (code === '53300') return unreachable('has no connection left', 'Raise max_connections, or start fewer workers.')
  if (code === '57014') return unreachable('took too long for a statement', 'Look at its load and its locks; the statement was ended and nothing was written.')
  if (code === '25006') return unreachable('takes no writes', 'It is a standby or read-only: point DATABASE_URL at the primary.')
  if (code.startsWith('08') || code.startsWith('57') || code.startsWith('53'))
    return unreachable('ended the connection', 'Wait until it is up again; the same command goes on.')
  if (SOCKET.has(code) || LOST.some((pattern) => pattern.test(error.message))) {
    return unreachable(`cannot be reached (${code || error.message})`, 'Check that PostgreSQL runs there and that DATABASE_URL is right.')
  }
  return error
}

const SOCKET: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOENT', 'EACCES'],
  ...['CERT_HAS_EXPIRED', 'SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ERR_TLS_CERT_ALTNAME_INVALID'],
])

/** What the driver says without a code. */
const LOST: readonly RegExp[] = [
  /^Connection terminated/,
  /^Client has encountered a connection error/,
  /^timeout expired$/,
  /^timeout exceeded when trying to connect$/,
  /^Query read timeout$/,
  /^Client was closed and is not queryable$/,
  /does not support SSL connections/,
]

/** No connection, or one that broke: the same may work later. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof Failure && error.code === 'database-unreachable'
}
