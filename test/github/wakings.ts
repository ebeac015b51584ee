import { setTimeout as sleep } from 'node:timers/promises'
import type { RunId } from '@fixpoint/core'
import type { WorkerQueue } from '@fixpoint/worker'

/** Who waits to be driven. */
export class Wakings implements WorkerQueue {
  readonly #woken = new Set<RunId>()

  take(): readonly RunId[] {
    const all = [...this.#woken]
    this.#woken.clear()
    return all
  }

  async wake(run: RunId): Promise<void> {
    this.#woken.add(run)
  }

  async release(): Promise<boolean> {
    return false
  }

  async parked(): Promise<readonly never[]> {
    return []
  }

  async enqueue(): Promise<void> {
    await sleep(0)
  }

  async consume(): Promise<never> {
    throw new Error('it works when it is told to')
  }
}
