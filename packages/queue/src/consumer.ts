import { randomUUID } from 'node:crypto'
import type { RunId } from '@fixpoint/core'
import { DelayedError, UnrecoverableError, WaitingError } from 'bullmq'
import type { Backend, BullJob, BullWorker } from './backend.ts'
import { catalogue, type JobName, jobNames } from './catalogue.ts'
import { type HeldJob, HeldJobs } from './held-jobs.ts'
import { type ConsumeOptions, type Consumer, Draining, type Handled, type JobContext, type QueueLog } from './job-queue.ts'
import { Parking } from './parking.ts'
import { giveBack, later, StepsBack } from './put-off.ts'
import type { Claim } from './turnstile.ts'

/** Chores: short, and the same whoever does them. */
const CHORES_AT_ONCE = 1
const CHORE_DEATHS = 3
const NEVER_MIND = 1_000_000
const OUTBOUND_AT_ONCE = 4
/** Between two looks for room. */
const LOOK_MS = 1_000
const DRAIN_MS = 30_000
const MEND_MS = 10_000
const EVERYWHERE = 'everywhere'

interface Hands {
  readonly backend: Backend
  readonly options: ConsumeOptions
  readonly log: QueueLog
  readonly wake: (run: RunId, how: { readonly priority?: number; readonly group?: string }) => Promise<void>
  readonly tick: (name: 'sweep' | 'deliveries' | 'retention', everyMs: number) => Promise<void>
  readonly gone: () => void
}

/** One worker of BullMQ per kind of job, and what BullMQ does not do: places, parking, lost locks, going home. */
export class BullConsumer implements Consumer {
  readonly #hands: Hands
  readonly #options: ConsumeOptions
  readonly #workers: ReadonlyMap<JobName, BullWorker>
  readonly #held: HeldJobs
  readonly #parking: Parking
  readonly #stepsBack = new StepsBack()
  readonly #timers: NodeJS.Timeout[] = []
  #draining = false
  #paused = false
  #waiting = false
  #drained: Promise<void> | undefined

  constructor(hands: Hands) {
    this.#hands = hands
    this.#options = hands.options
    this.#held = new HeldJobs(
      hands.backend.turnstile,
      (name) => this.#lockOf(name),
      (...what) => this.#warn(...what),
    )
    this.#parking = new Parking(hands.backend.turnstile, hands.options, this.#lockOf('run-wake-up'))
    const names = jobNames.filter((name) => hands.options.handlers[name] !== undefined)
    this.#workers = new Map(names.map((name) => [name, this.#work(name)]))
  }

  async start(): Promise<void> {
    await Promise.all([...this.#workers.values()].map((worker) => worker.waitUntilReady()))
    this.#timers.push(setInterval(() => void this.#held.renewPlaces(), this.#lockOf('run-wake-up') / 4))
    // The longest lock there is, so that none of a healthy worker is shortened.
    const longest = Math.max(...jobNames.map((name) => this.#lockOf(name)))
    const mend = () => this.#hands.backend.mend(longest).catch((error) => this.#warn('locks in the future could not be put right', error))
    this.#timers.push(setInterval(mend, MEND_MS))
    await mend()
    for (const [name, everyMs] of Object.entries(this.#options.every ?? {}) as ['sweep', number][]) {
      const tick = () => this.#hands.tick(name, everyMs).catch((error) => this.#warn('a job that comes by itself did not come', error, name))
      void tick()
      // More often than it is due: whoever is first adds it, the others find that it was added.
      this.#timers.push(setInterval(tick, Math.max(everyMs / 4, 250)))
    }
    if (this.#options.signal.aborted) void this.drain()
    else this.#options.signal.addEventListener('abort', () => void this.drain(), { once: true })
  }

  get busy(): number {
    return this.#held.size
  }

  async pause(): Promise<void> {
    this.#paused = true
    await Promise.all([...this.#workers.values()].map((worker) => worker.pause(true)))
  }

  async resume(): Promise<void> {
    if (this.#draining) return
    this.#paused = false
    await Promise.all([...this.#workers.values()].map((worker) => worker.resume()))
  }

  async drain(): Promise<void> {
    this.#drained ??= this.#goHome()
    await this.#drained
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.drain()
  }

  async #goHome(): Promise<void> {
    this.#draining = true
    for (const timer of this.#timers.slice(1)) clearInterval(timer)
    await this.pause().catch((error) => this.#warn('could not stop taking jobs', error))
    await this.#held.sendHome(this.#options.drainMs ?? DRAIN_MS)
    const stuck = this.#held.ids
    if (stuck.length > 0) this.#hands.log('error', 'handlers did not go home in time: their jobs go on elsewhere when the lock ends', { jobs: stuck })
    await Promise.all([...this.#workers.values()].map((worker) => worker.close(stuck.length > 0)))
    for (const timer of this.#timers) clearInterval(timer)
    this.#hands.gone()
  }

  #work(name: JobName): BullWorker {
    const lockMs = this.#lockOf(name)
    const worker = this.#hands.backend.worker(name, (job, token) => this.#process(name, job, token), {
      name: this.#options.name ?? `pid-${process.pid}`,
      concurrency:
        name === 'run-wake-up'
          ? Math.min(this.#options.concurrency, this.#options.everywhere ?? Number.POSITIVE_INFINITY)
          : name === 'outbound'
            ? OUTBOUND_AT_ONCE
            : CHORES_AT_ONCE,
      lockDuration: lockMs,
      lockRenewTime: lockMs / 2,
      stalledInterval: lockMs / 4,
      // Deaths of runs are counted by `Parking`: it matters whether the run got further in between.
      maxStalledCount: name === 'run-wake-up' ? NEVER_MIND : CHORE_DEATHS - 1,
      runRetryDelay: 1_000,
      drainDelay: 5,
      autorun: true,
    })
    worker.on('error', (error) => this.#warn('worker', error, name))
    worker.on('locksRenewed', ({ jobIds }) => this.#held.locksRenewed(name, jobIds))
    worker.on('lockRenewalFailed', (jobIds) => this.#held.locksLost(name, jobIds))
    worker.on('failed', (job, error) => {
      if (job !== undefined) this.#failed(name, job, error)
    })
    return worker
  }

  /** Parks before BullMQ hears of it: a wake-up that was kept meanwhile is taken the moment this one has failed. */
  async #process(name: JobName, job: BullJob, token: string | undefined): Promise<unknown> {
    try {
      return await this.#take(name, job, token)
    } catch (error) {
      if (name === 'run-wake-up' && error instanceof Error && isLastTry(name, job, error))
        await this.#parking.park(job, error).catch((problem) => this.#warn('could not park a run', problem, name))
      throw error
    }
  }

  async #take(name: JobName, job: BullJob, token: string | undefined): Promise<unknown> {
    // It was on its way when we were told to go home.
    if (this.#draining) return giveBack(job, token)
    const parsed = catalogue[name].schema.safeParse(job.data)
    if (!parsed.success) throw new UnrecoverableError(`not a payload of ${name}`)
    if (name !== 'run-wake-up') return this.#handle(name, job, token, [])
    const { run, group } = catalogue[name].schema.parse(job.data)
    if (job.data.rings === true) return this.#hands.wake(run, group === undefined ? {} : { group })
    if (await this.#hands.backend.turnstile.isParked(run)) return
    const restMs = await this.#parking.restOf(run, job)
    if (restMs > 0) return later(job, token, restMs)
    const { perGroup, everywhere } = this.#options
    await this.#handle(name, job, token, [
      { key: `run:${run}`, limit: 1 },
      ...(group === undefined || perGroup === undefined ? [] : [{ key: `group:${group}`, limit: perGroup }]),
      ...(everywhere === undefined ? [] : [{ key: EVERYWHERE, limit: everywhere }]),
    ])
    await this.#parking.lived(run, job).catch((error) => this.#warn('deaths stay counted', error, name))
  }

  async #handle(name: JobName, job: BullJob, token: string | undefined, claims: readonly Claim[]): Promise<unknown> {
    const { turnstile } = this.#hands.backend
    const lockMs = this.#lockOf(name)
    const holder = randomUUID()
    const keys = claims.map(({ key }) => key)
    if (claims.length > 0) {
      const full = await turnstile.enter(claims, holder, lockMs)
      if (full === EVERYWHERE) return this.#waitForRoom(job, token)
      if (full !== undefined) return this.#stepsBack.take(job, token, full)
    }
    this.#stepsBack.over(job)
    const controller = new AbortController()
    const context: JobContext = { signal: controller.signal, attempt: job.attemptsMade + 1, waitedMs: Math.max(0, Date.now() - job.timestamp - job.delay) }
    // The catalogue proved that this handler takes this payload.
    const handler = this.#options.handlers[name] as (payload: unknown, context: JobContext) => Promise<Handled>
    const done = (async () => handler(catalogue[name].schema.parse(job.data), context))()
    const held: HeldJob = { jobId: job.id, name, controller, keys, holder, renewedAt: performance.now(), done }
    this.#held.take(held)
    try {
      // Told to go home between taking and holding.
      if (this.#draining) controller.abort(new Draining())
      const handled = await done
      if (controller.signal.reason instanceof Draining) return await giveBack(job, token)
      if (handled !== undefined) return await later(job, token, handled.againInMs)
      return
    } catch (error) {
      if (controller.signal.reason instanceof Draining && !(error instanceof WaitingError)) return await giveBack(job, token)
      throw error
    } finally {
      await this.#held.letGo(held)
    }
  }

  #lockOf(name: JobName): number {
    return this.#options.lockMs ?? catalogue[name].lockMs
  }

  /** Whichever job came next would find no room either: none is taken for a moment. */
  async #waitForRoom(job: BullJob, token: string | undefined): Promise<never> {
    const worker = this.#workers.get('run-wake-up')
    if (!this.#waiting) {
      this.#waiting = true
      await worker?.pause(true)
      this.#resumeSoon(worker)
    }
    return giveBack(job, token)
  }

  #resumeSoon(worker: BullWorker | undefined): void {
    setTimeout(() => {
      this.#waiting = false
      if (!this.#draining && !this.#paused) void worker?.resume()
    }, LOOK_MS).unref()
  }

  #failed(name: JobName, job: BullJob, error: Error): void {
    const last = job.attemptsMade >= catalogue[name].attempts || error instanceof UnrecoverableError
    const { id, stalledCounter: deaths, attemptsMade: throws } = job
    this.#hands.log(last ? 'error' : 'warn', 'job failed', { job: name, id, deaths, throws, error: error.message })
  }

  #warn(message: string, error: unknown, name?: JobName): void {
    this.#hands.log('warn', message, { job: name, error: error instanceof Error ? error.message : String(error) })
  }
}

/** Given back or put off is no try. */
function isLastTry(name: JobName, job: BullJob, error: Error): boolean {
  if (error instanceof WaitingError || error instanceof DelayedError) return false
  return error instanceof UnrecoverableError || job.attemptsMade + 1 >= catalogue[name].attempts
}
