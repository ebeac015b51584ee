import { DelayedError, WaitingError } from 'bullmq'
import type { BullJob } from './backend.ts'

/** A run whose place is taken looks again after a second, then ever less often. */
const STEP_BACK_MS = 1_000
const STEP_BACK_AT_MOST_MS = 10_000
const REMEMBERED = 10_000

/** Somebody else may have it at once. */
export async function giveBack(job: BullJob, token: string | undefined): Promise<never> {
  await job.moveToWait(token)
  throw new WaitingError()
}

export async function later(job: BullJob, token: string | undefined, ms: number): Promise<never> {
  // PostgreSQL takes whole milliseconds only.
  await job.moveToDelayed(Date.now() + Math.max(Math.ceil(ms), 1), token)
  throw new DelayedError()
}

/** Jobs that found their place taken, and how often. */
export class StepsBack {
  readonly #times = new Map<string, number>()

  /** `full`: the key of the place. */
  async take(job: BullJob, token: string | undefined, full: string): Promise<never> {
    const id = job.id ?? ''
    const times = (this.#times.get(id) ?? 0) + 1
    this.#times.set(id, times)
    if (this.#times.size > REMEMBERED) this.#times.clear()
    // Its own place is free as soon as whoever had it is known to be dead; a group may be full for long.
    const most = full.startsWith('run:') ? STEP_BACK_MS : STEP_BACK_AT_MOST_MS
    return later(job, token, Math.min(STEP_BACK_MS * times, most) * (0.75 + Math.random() / 2))
  }

  over({ id = '' }: BullJob): void {
    this.#times.delete(id)
  }
}
