import type { Log } from '../hands.ts'
import { quietly } from '../quietly.ts'

/** One wake-up under way at a time, and one more after it for all that came meanwhile: a thousand deliveries a second are no thousand jobs. */
export class Waker {
  readonly #wake: () => Promise<void>
  readonly #log: Log
  #under: Promise<void> | undefined
  #again = false

  constructor(wake: () => Promise<void>, log: Log) {
    this.#wake = wake
    this.#log = log
  }

  wake(): void {
    if (this.#under !== undefined) this.#again = true
    else this.#under = this.#run()
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    while (this.#under !== undefined) await this.#under
  }

  async #run(): Promise<void> {
    do {
      this.#again = false
      await quietly(this.#log, this.#wake())
    } while (this.#again)
    this.#under = undefined
  }
}
