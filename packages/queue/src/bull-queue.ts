import { randomUUID } from 'node:crypto'
import type { RunId } from '@fixpoint/core'
import type { Backend, BullQueue as Bull, Data } from './backend.ts'
import { catalogue, type JobName, jobNames, type Payload } from './catalogue.ts'
import { BullConsumer } from './consumer.ts'
import type { ConsumeOptions, Consumer, Evidence, JobCounts, JobQueue, QueueLog } from './job-queue.ts'
import { PostgresBackend } from './postgres-backend.ts'
import { RedisBackend } from './redis-backend.ts'

const PRIORITY = 100
/** Enough to look back at, and never much memory. */
const KEEP_FAILED = { count: 500, age: 7 * 24 * 3600 }

export interface QueueOptions {
  /** `postgres://…` or `redis://…`. */
  readonly url: string
  /** Two services on one database have two names. */
  readonly namespace?: string
  readonly log: QueueLog
}

/** Opens the queue: tables are migrated, the settings of Redis looked at. Throws a `Failure` when it cannot be used. */
export async function openQueue({ url, namespace = 'fixpoint', log }: QueueOptions): Promise<JobQueue> {
  const backend = /^rediss?:/.test(url) ? await RedisBackend.open(url, namespace, log) : await PostgresBackend.open(url, namespace)
  const queue = new BullQueue(backend, log)
  try {
    await queue.ready()
    return queue
  } catch (error) {
    await queue[Symbol.asyncDispose]()
    throw error
  }
}

class BullQueue implements JobQueue {
  readonly #backend: Backend
  readonly #log: QueueLog
  readonly #queues: Readonly<Record<JobName, Bull>>
  readonly #consumers = new Set<BullConsumer>()
  #closed: Promise<void> | undefined

  constructor(backend: Backend, log: QueueLog) {
    this.#backend = backend
    // Connections that end because we close them, or because the database ends with us, are no news.
    this.#log = (level, ...what) => {
      if (this.#closed === undefined || level === 'error') log(level, ...what)
    }
    this.#queues = Object.fromEntries(jobNames.map((name) => [name, this.#open(name)])) as Record<JobName, Bull>
  }

  /** A connection that breaks before it was ready is never mended: whoever opens is told instead. */
  async ready(): Promise<void> {
    await this.#reaching(() => Promise.all(jobNames.map((name) => this.#queues[name].waitUntilReady())))
  }

  async wake(run: RunId, options: { readonly priority?: number; readonly delayMs?: number; readonly group?: string } = {}): Promise<void> {
    const { priority = PRIORITY, delayMs = 0, group } = options
    const payload = group === undefined ? { run } : { run, group }
    await this.#reaching(async () => {
      if (await this.#backend.turnstile.isParked(run)) return
      // One that is to ring later is another alarm clock: when it rings, it wakes like anybody else.
      if (delayMs > 0) await this.#add('run-wake-up', { ...payload, rings: true }, { delayMs, priority })
      else await this.#add('run-wake-up', payload, { priority })
    })
  }

  async enqueue<Name extends Exclude<JobName, 'run-wake-up'>>(name: Name, payload: Payload<Name>, { delayMs = 0 } = {}): Promise<void> {
    await this.#reaching(() => this.#add(name, catalogue[name].schema.parse(payload), { delayMs }))
  }

  async consume(options: ConsumeOptions): Promise<Consumer> {
    const consumer = new BullConsumer({
      backend: this.#backend,
      options,
      log: this.#log,
      wake: (run, how) => this.wake(run, how),
      tick: async (name, everyMs) => {
        if (await this.#backend.turnstile.once(name, everyMs)) await this.#add(name, {}, {})
      },
      gone: () => this.#consumers.delete(consumer),
    })
    this.#consumers.add(consumer)
    try {
      await this.#reaching(() => consumer.start())
      return consumer
    } catch (error) {
      await consumer.drain()
      throw error
    }
  }

  async pause(): Promise<void> {
    await this.#reaching(() => this.#queues['run-wake-up'].pause())
  }

  async resume(): Promise<void> {
    await this.#reaching(() => this.#queues['run-wake-up'].resume())
  }

  async isPaused(): Promise<boolean> {
    return this.#reaching(() => this.#queues['run-wake-up'].isPaused())
  }

  async parked(): Promise<readonly Evidence[]> {
    const parked = await this.#reaching(() => this.#backend.turnstile.parked())
    return parked.map((each) => ({ ...each, at: new Date(each.at) }))
  }

  async release(run: RunId): Promise<boolean> {
    return this.#reaching(() => this.#backend.turnstile.release(run))
  }

  async counts(): Promise<Readonly<Record<JobName, JobCounts>>> {
    const counted = await this.#reaching(() =>
      Promise.all(
        jobNames.map(async (name): Promise<[JobName, JobCounts]> => {
          const { waiting = 0, prioritized = 0, paused = 0, active = 0, delayed = 0, failed = 0 } = await this.#queues[name].getJobCounts()
          return [name, { waiting: waiting + prioritized + paused, active, delayed, failed }]
        }),
      ),
    )
    return Object.fromEntries(counted) as Record<JobName, JobCounts>
  }

  async ping(): Promise<void> {
    await this.#reaching(() => this.#backend.ping())
  }

  /** Drains what consumes here first. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed ??= this.#close()
    await this.#closed
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.drain()))
    await Promise.allSettled(jobNames.map((name) => this.#queues[name].close()))
    await this.#backend[Symbol.asyncDispose]()
  }

  #open(name: JobName): Bull {
    const queue = this.#backend.queue(name)
    queue.on('error', (error) => this.#log('warn', 'queue', { queue: name, error: error.message }))
    return queue
  }

  async #add(name: JobName, payload: Data, { delayMs = 0, priority }: { readonly delayMs?: number; readonly priority?: number }): Promise<void> {
    const kind = catalogue[name]
    // The catalogue proved that this kind takes this payload.
    const one = delayMs > 0 ? undefined : (kind.oneBy as (payload: Data) => string | undefined)(payload)
    await this.#queues[name].add(name, payload, {
      jobId: randomUUID(),
      attempts: kind.attempts,
      backoff: { type: 'exponential', delay: kind.backoffMs, jitter: 0.5 },
      delay: delayMs,
      ...(priority === undefined ? {} : { priority }),
      removeOnComplete: true,
      removeOnFail: KEEP_FAILED,
      // One waits, and one more is kept while one is being worked on; one that was put off is called back.
      ...(one === undefined ? {} : { deduplication: { id: one, keepLastIfActive: true, reschedule: true } }),
    })
  }

  async #reaching<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw this.#backend.failureOf(error)
    }
  }
}
