import { setTimeout as sleep } from 'node:timers/promises'
import type { JobName } from './catalogue.ts'
import { Draining, LostLock } from './job-queue.ts'
import type { Turnstile } from './turnstile.ts'

const GIVE_BACK_MS = 2_000
const LOOK_MS = 20

/** A job in hand, with the places it takes. */
export interface HeldJob {
  readonly jobId: string | undefined
  readonly name: JobName
  readonly controller: AbortController
  readonly keys: readonly string[]
  readonly holder: string
  renewedAt: number
  readonly done: Promise<unknown>
}

/** What one consumer has in its hands, and whether it still may: a job whose lock or place is lost is told so. */
export class HeldJobs {
  readonly #held = new Set<HeldJob>()
  /** Those whose handler has not ended; the others are being given back. */
  readonly #atWork = new Set<HeldJob>()
  readonly #turnstile: Turnstile
  readonly #lockOf: (name: JobName) => number
  readonly #warn: (message: string, error: unknown, name?: JobName) => void

  constructor(turnstile: Turnstile, lockOf: (name: JobName) => number, warn: (message: string, error: unknown, name?: JobName) => void) {
    this.#turnstile = turnstile
    this.#lockOf = lockOf
    this.#warn = warn
  }

  get size(): number {
    return this.#held.size
  }

  get ids(): readonly (string | undefined)[] {
    return [...this.#held].map(({ jobId }) => jobId)
  }

  take(job: HeldJob): void {
    this.#held.add(job)
    this.#atWork.add(job)
    const ended = () => void this.#atWork.delete(job)
    job.done.then(ended, ended)
  }

  async letGo(job: HeldJob): Promise<void> {
    this.#held.delete(job)
    if (job.keys.length === 0) return
    await this.#turnstile.leave(job.keys, job.holder).catch((error) => this.#warn('a place stays taken until it ends by itself', error, job.name))
  }

  locksRenewed(name: JobName, jobIds: readonly string[]): void {
    for (const held of this.#among(name, jobIds)) held.renewedAt = performance.now()
  }

  locksLost(name: JobName, jobIds: readonly string[]): void {
    for (const held of this.#among(name, jobIds)) held.controller.abort(new LostLock())
  }

  /** Places are renewed with the locks. Nobody told us that a lock is lost when nobody could: then time does. */
  async renewPlaces(): Promise<void> {
    await Promise.all(
      [...this.#held].map(async (held) => {
        const lockMs = this.#lockOf(held.name)
        if (performance.now() - held.renewedAt > lockMs) held.controller.abort(new LostLock())
        if (held.keys.length === 0) return
        const stayed = await this.#turnstile.stay(held.keys, held.holder, lockMs).catch((error) => {
          this.#warn('could not renew a place', error, held.name)
          return true
        })
        if (!stayed && this.#held.has(held)) held.controller.abort(new LostLock())
      }),
    )
  }

  /** Asks all of them to end. Resolves when they have, or when the time is over: also for one that was being taken when they were asked. */
  async sendHome(withinMs: number): Promise<void> {
    for (const { controller } of this.#held) controller.abort(new Draining())
    const began = performance.now()
    let lastAtWork = began
    while (this.#held.size > 0) {
      const now = performance.now()
      if (this.#atWork.size > 0) lastAtWork = now
      if (now - began > withinMs || now - lastAtWork > GIVE_BACK_MS) return
      await sleep(LOOK_MS)
    }
  }

  #among(name: JobName, jobIds: readonly string[]): readonly HeldJob[] {
    return [...this.#held].filter((held) => held.name === name && held.jobId !== undefined && jobIds.includes(held.jobId))
  }
}
