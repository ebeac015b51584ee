import type { Hash, PresentedIngestKey, Tokens } from '@fixpoint/core'

/** Keys that are remembered at once. */
const MAXIMUM = 1000
const SECRET = /^[\w-]{20,200}$/

/** Opens ingest keys, and trusts one that opened for a moment, so that a storm asks the store once and not for each delivery. */
export class OpenedKeys {
  readonly #tokens: Pick<Tokens, 'ingestKey'>
  readonly #hash: Hash
  readonly #now: () => number
  readonly #trustMs: number
  readonly #opened = new Map<string, { readonly key: PresentedIngestKey; readonly until: number }>()

  /** `now`: milliseconds that only grow. */
  constructor(tokens: Pick<Tokens, 'ingestKey'>, hash: Hash, now: () => number, trustMs: number) {
    this.#tokens = tokens
    this.#hash = hash
    this.#now = now
    this.#trustMs = trustMs
  }

  /** The key of `secret`, of whatever source. */
  async open(secret: string): Promise<PresentedIngestKey | undefined> {
    return SECRET.test(secret) ? this.#find(secret) : undefined
  }

  async #find(secret: string): Promise<PresentedIngestKey | undefined> {
    const digest = this.#hash(secret)
    const known = this.#opened.get(digest)
    if (known !== undefined && this.#now() < known.until) return known.key
    this.#opened.delete(digest)
    const key = await this.#tokens.ingestKey(secret)
    if (key === undefined || this.#trustMs === 0) return key
    this.#opened.set(digest, { key, until: this.#now() + this.#trustMs })
    if (this.#opened.size > MAXIMUM) for (const oldest of [...this.#opened.keys()].slice(0, 1)) this.#opened.delete(oldest)
    return key
  }
}
