import type { WorkerHands } from './hands.ts'

const MEGABYTE = 1_048_576
/** Above the limit for so long with nothing in hand: it will not come down any more. */
const SWOLLEN_MS = 60_000

/** What a worker does about its memory. */
export interface MemoryDeeds {
  readonly pause: () => Promise<void>
  readonly resume: () => Promise<void>
  readonly isIdle: () => boolean
  readonly goHome: () => void
}

/** A worker takes nothing new while it is above its limit; when that does not help, it makes room for a fresh process. */
export class MemoryWatch {
  readonly #hands: Pick<WorkerHands, 'memory' | 'clock' | 'log'>
  readonly #megabytes: number
  readonly #deeds: MemoryDeeds
  #since: number | undefined

  constructor(hands: Pick<WorkerHands, 'memory' | 'clock' | 'log'>, megabytes: number, deeds: MemoryDeeds) {
    this.#hands = hands
    this.#megabytes = megabytes
    this.#deeds = deeds
  }

  async look(): Promise<void> {
    const { memory, clock, log } = this.#hands
    const megabytes = memory() / MEGABYTE
    if (this.#since === undefined) {
      if (megabytes <= this.#megabytes) return
      this.#since = clock.monotonic()
      log.warn({ megabytes: Math.round(megabytes), limit: this.#megabytes }, 'too much memory: no new run is taken')
      await this.#deeds.pause()
    } else if (megabytes < this.#megabytes * 0.8) {
      this.#since = undefined
      await this.#deeds.resume()
    } else if (this.#deeds.isIdle() && clock.monotonic() - this.#since > SWOLLEN_MS) {
      log.error({ megabytes: Math.round(megabytes) }, 'the memory did not come down: this process goes home')
      this.#deeds.goHome()
    }
  }
}
