export interface Rate {
  /** Tokens that come back in a second. */
  readonly perSecond: number
  /** Tokens that a quiet bucket holds. */
  readonly burst: number
}

/** A bucket per name, at most `maximum` of them: the one that was idle longest is forgotten first (it is the fullest). */
export class TokenBuckets {
  readonly #rate: Rate
  readonly #now: () => number
  readonly #maximum: number
  readonly #buckets = new Map<string, { tokens: number; at: number }>()

  /** `now`: milliseconds that only grow. */
  constructor(rate: Rate, now: () => number, maximum = 10_000) {
    this.#rate = rate
    this.#now = now
    this.#maximum = maximum
  }

  /** Seconds until a token is there, 0 when one is. Takes nothing. */
  wait(name: string): number {
    const tokens = this.#refill(name).tokens
    return tokens >= 1 ? 0 : Math.max(1, Math.ceil((1 - tokens) / this.#rate.perSecond))
  }

  /** Takes one if there is one. */
  take(name: string): boolean {
    const bucket = this.#refill(name)
    if (bucket.tokens < 1) return false
    bucket.tokens -= 1
    return true
  }

  #refill(name: string): { tokens: number; at: number } {
    const now = this.#now()
    const known = this.#buckets.get(name)
    const tokens = known === undefined ? this.#rate.burst : Math.min(this.#rate.burst, known.tokens + ((now - known.at) / 1000) * this.#rate.perSecond)
    const bucket = { tokens, at: now }
    this.#buckets.delete(name)
    this.#buckets.set(name, bucket)
    if (this.#buckets.size > this.#maximum) for (const oldest of this.#buckets.keys()) return this.#forget(oldest, bucket)
    return bucket
  }

  #forget(name: string, kept: { tokens: number; at: number }): { tokens: number; at: number } {
    this.#buckets.delete(name)
    return kept
  }
}
