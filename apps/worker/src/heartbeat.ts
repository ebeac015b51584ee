import type { RunId, WorkerBeat } from '@fixpoint/core'
import type { WorkerHands } from './hands.ts'

/** What this worker does, and telling so. A beat that fails is told in the log: the next one comes soon. */
export class Heartbeat {
  readonly #hands: Pick<WorkerHands, 'roster' | 'memory' | 'log'>
  readonly #self: Pick<WorkerBeat, 'id' | 'host' | 'pid' | 'startedAt' | 'concurrency'>
  readonly #driving = new Set<RunId>()
  state: WorkerBeat['state'] = 'working'
  #left = false
  #telling = Promise.resolve()

  constructor(hands: Pick<WorkerHands, 'roster' | 'memory' | 'log' | 'self' | 'clock' | 'ids'>, concurrency: number) {
    this.#hands = hands
    this.#self = { ...hands.self, id: `wrk_${hands.ids.sortable()}`, startedAt: hands.clock.now(), concurrency }
  }

  async during<T>(run: RunId, drive: () => Promise<T>): Promise<T> {
    this.#driving.add(run)
    void this.beat()
    try {
      return await drive()
    } finally {
      this.#driving.delete(run)
      void this.beat()
    }
  }

  async beat(): Promise<void> {
    const { roster, memory } = this.#hands
    await this.#tell(async () => {
      if (!this.#left) await roster.beat({ ...this.#self, state: this.state, runs: [...this.#driving], memoryBytes: memory() })
    })
  }

  async leave(): Promise<void> {
    this.#left = true
    await this.#tell(() => this.#hands.roster.leave(this.#self.id))
  }

  /** One after the other: the last word is the last that is heard. */
  #tell(telling: () => Promise<void>): Promise<void> {
    this.#telling = this.#telling.then(telling).catch((error: unknown) => {
      this.#hands.log.warn({ error: error instanceof Error ? error.message : 'unknown' }, 'a heartbeat was not heard')
    })
    return this.#telling
  }
}
