import { randomBytes } from 'node:crypto'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const RANDOM_BITS = 80n

/** Ids that sort by time (a ULID, lower case, behind a prefix), and within one process by the order in which they were given out. */
export class SortableIds {
  #last = 0n

  next(prefix: string): string {
    const fresh = (BigInt(Date.now()) << RANDOM_BITS) | BigInt(`0x${randomBytes(10).toString('hex')}`)
    // In the same millisecond, and when the clock was set back, one more than the last.
    this.#last = fresh > this.#last ? fresh : this.#last + 1n
    let rest = this.#last
    let text = ''
    for (let index = 0; index < 26; index += 1) {
      text = `${ALPHABET[Number(rest & 31n)]}${text}`
      rest >>= 5n
    }
    return `${prefix}_${text}`
  }
}
