import { codeOf, Failure } from '@fixpoint/core'
import { Queue, Worker, type WorkerOptions } from 'bullmq'
import { Redis } from 'ioredis'
import type { Backend, BullQueue, BullWorker, Data, Processor } from './backend.ts'
import type { QueueLog } from './job-queue.ts'
import { RedisTurnstile } from './redis-turnstile.ts'
import type { Turnstile } from './turnstile.ts'

const CONNECT_MS = 5_000
/** A frozen server is told from a slow one after this long. */
const COMMAND_MS = 5_000

/** Two connections: producers must not hang when Redis is away, workers wait until it is back. */
export class RedisBackend implements Backend {
  readonly turnstile: Turnstile
  readonly #producing: Redis
  readonly #consuming: Redis
  readonly #prefix: string
  readonly #place: string

  private constructor(producing: Redis, consuming: Redis, prefix: string, place: string) {
    this.#producing = producing
    this.#consuming = consuming
    this.#prefix = prefix
    this.#place = place
    this.turnstile = new RedisTurnstile(producing, prefix)
  }

  static async open(url: string, namespace: string, log: QueueLog): Promise<RedisBackend> {
    const place = placeOf(url)
    const producing = connection(url, { maxRetriesPerRequest: 1, commandTimeout: COMMAND_MS, enableOfflineQueue: false })
    // Why a connection was closed is told to its listeners only.
    let why: unknown
    const listen = (error: Error) => {
      why = error
    }
    producing.on('error', listen)
    try {
      await producing.connect()
      await inspect(producing, place, log)
    } catch (error) {
      producing.disconnect()
      throw failureOf(error instanceof Failure ? error : (why ?? error), place)
    } finally {
      producing.off('error', listen)
    }
    const consuming = connection(url, { maxRetriesPerRequest: null })
    await consuming.connect()
    // In braces, so that a cluster keeps it all in one slot.
    return new RedisBackend(producing, consuming, `{${namespace}}`, place)
  }

  queue(name: string): BullQueue {
    return new Queue<Data, unknown, string, Data, unknown, string>(name, { connection: this.#producing, prefix: this.#prefix })
  }

  worker(name: string, processor: Processor, options: Omit<WorkerOptions, 'connection'>): BullWorker {
    return new Worker<Data, unknown>(name, processor, { ...options, connection: this.#consuming, prefix: this.#prefix })
  }

  async ping(): Promise<void> {
    await this.#producing.ping()
  }

  /** Redis counts down by itself. */
  async mend(): Promise<void> {}

  failureOf(error: unknown): unknown {
    return failureOf(error, this.#place)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#producing.disconnect()
    this.#consuming.disconnect()
  }
}

function connection(
  url: string,
  options: { readonly maxRetriesPerRequest: number | null; readonly commandTimeout?: number; readonly enableOfflineQueue?: boolean },
): Redis {
  const redis = new Redis(url, {
    ...options,
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    keepAlive: 10_000,
    connectionName: 'fixpoint',
    retryStrategy: (times) => Math.min(100 * times, 2_000),
  })
  // It reconnects by itself; without a listener it writes to the console.
  redis.on('error', () => undefined)
  return redis
}

/** An evicting Redis drops jobs in silence: refused. One without an append-only file forgets them when it is killed: said, because a sweep finds them again. */
async function inspect(redis: Redis, place: string, log: QueueLog): Promise<void> {
  const info = fields(await redis.info())
  const policy = info.get('maxmemory_policy')
  if (policy !== undefined && policy !== 'noeviction') {
    throw new Failure(
      'settings-invalid',
      `the Redis at ${place} throws keys away when it is full (maxmemory-policy ${policy})`,
      'Set `maxmemory-policy noeviction` in its redis.conf, or use a Redis of its own for the queue.',
    )
  }
  if (policy === undefined) log('warn', 'Redis does not tell its eviction policy: make sure that maxmemory-policy is noeviction', { place })
  const major = Number.parseInt(info.get('redis_version') ?? '0', 10)
  if (major < 6) throw new Failure('settings-invalid', `the Redis at ${place} is version ${info.get('redis_version') ?? 'unknown'}`, 'Use Redis 6.2 or newer.')
  if (info.get('role') === 'slave') throw new Failure('settings-invalid', `the Redis at ${place} is a replica`, 'Point REDIS_URL at the primary.')
  if (info.get('aof_enabled') !== '1')
    log('warn', 'Redis has no append-only file: after a crash, runs wait for the next sweep. Set `appendonly yes` in its redis.conf.', { place })
}

function fields(info: string): ReadonlyMap<string, string> {
  return new Map(
    info.split('\r\n').flatMap((line): [string, string][] => {
      const colon = line.indexOf(':')
      return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1)]] : []
    }),
  )
}

function placeOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined || !['redis:', 'rediss:'].includes(parsed.protocol)) {
    // The address may hold a password: it is not repeated.
    throw new Failure('settings-invalid', 'REDIS_URL is no address', 'Write it as redis://user:password@host:6379/0, or rediss:// with TLS.')
  }
  return parsed.host
}

const AWAY: readonly RegExp[] = [/^Connection is closed/, /^Command timed out/, /Stream isn't writeable/, /^Reached the max retries/, /^connect ETIMEDOUT/]

function failureOf(error: unknown, place: string): unknown {
  if (error instanceof Failure || !(error instanceof Error)) return error
  const unreachable = (what: string, hint: string) => new Failure('queue-unreachable', `the Redis at ${place} ${what}`, hint, { cause: error })
  if (/^(NOAUTH|WRONGPASS|NOPERM)/.test(error.message)) return unreachable('refused to let us in', 'Check user and password in REDIS_URL.')
  if (/^LOADING/.test(error.message)) return unreachable('is still loading its data', 'Wait a moment and start again.')
  if (/^OOM/.test(error.message)) return unreachable('is full', 'Raise its maxmemory: nothing is lost, and nothing new is taken.')
  if (/^(READONLY|MISCONF)/.test(error.message)) return unreachable('takes no writes', 'Look at its log: it is a replica, or its disk is full.')
  const code = codeOf(error) ?? ''
  const down = /^E[A-Z]+$/.test(code) || AWAY.some((pattern) => pattern.test(error.message))
  return down ? unreachable(`cannot be reached (${code || error.message})`, 'Check that Redis runs there and that REDIS_URL is right.') : error
}
