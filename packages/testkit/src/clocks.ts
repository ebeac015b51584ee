import type { Clock, Ids } from '@fixpoint/core'

/** Always the same moment. Sleeping takes no time. */
export class FixedClock implements Clock {
  readonly #now: number

  constructor(now = '2026-01-02T03:04:05.000Z') {
    this.#now = Date.parse(now)
  }

  now(): Date {
    return new Date(this.#now)
  }

  monotonic(): number {
    return 0
  }

  async sleep(_ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
  }
}

/** Moves on by a step at every look, and by the whole time at every sleep; `advance` moves it by hand. */
export class SteppingClock implements Clock {
  readonly #start: number
  readonly #step: number
  #passed = 0

  /** `stepMs`: milliseconds between two looks. */
  constructor(start = '2026-01-02T03:04:05.000Z', stepMs = 1000) {
    this.#start = Date.parse(start)
    this.#step = stepMs
  }

  now(): Date {
    const now = new Date(this.#start + this.#passed)
    this.#passed += this.#step
    return now
  }

  monotonic(): number {
    const passed = this.#passed
    this.#passed += this.#step
    return passed
  }

  advance(ms: number): void {
    this.#passed += ms
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    this.#passed += ms
  }
}

/** 1, 2, 3, … in the shape of real ids. Anybody can guess its nonces. */
export class SequentialIds implements Ids {
  #sortable = 0
  #nonce = 0

  sortable(): string {
    this.#sortable += 1
    return String(this.#sortable).padStart(26, '0')
  }

  nonce(): string {
    this.#nonce += 1
    return this.#nonce.toString(16).padStart(32, '0')
  }
}
