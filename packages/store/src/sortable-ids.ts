import { randomBytes } from 'node:crypto'

const RANDOM_BITS = 80n
const LENGTH = 26

/** Ids that sort by time (milliseconds and 80 random bits, in base 32), and within one process by the order in which they were given out. */
export class SortableIds {
  #at = 0
  #last = 0n

  next(prefix: string): string {
    const now = Date.now()
    // In the same millisecond, and when the clock was set back, one more than the last.
    if (now <= this.#at) this.#last += 1n
    else {
      this.#at = now
      this.#last = (BigInt(now) << RANDOM_BITS) | BigInt(`0x${randomBytes(10).toString('hex')}`)
    }
    return `${prefix}_${this.#last.toString(32).padStart(LENGTH, '0')}`
  }
}
