import type { SeenWorker, WorkerBeat, WorkerRoster } from '@fixpoint/core'

const HOUR = 3_600_000

/** Who beat, for as long as the process lives. */
export class InMemoryWorkerRoster implements WorkerRoster {
  readonly #beats = new Map<string, { readonly worker: WorkerBeat; readonly at: number }>()
  readonly #now: () => Date

  constructor(now: () => Date = () => new Date()) {
    this.#now = now
  }

  async beat(worker: WorkerBeat): Promise<void> {
    this.#beats.set(worker.id, { worker: structuredClone(worker), at: this.#now().getTime() })
  }

  async leave(id: string): Promise<void> {
    this.#beats.delete(id)
  }

  async seen(): Promise<readonly SeenWorker[]> {
    const now = this.#now().getTime()
    return [...this.#beats.values()]
      .map(({ worker, at }) => ({ ...worker, silentMs: now - at }))
      .filter(({ silentMs }) => silentMs <= HOUR)
      .sort((one, other) => other.startedAt.getTime() - one.startedAt.getTime())
  }
}
