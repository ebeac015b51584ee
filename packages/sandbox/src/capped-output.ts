/** Keeps the head and the tail of a stream, each up to half of `limit` bytes, and counts what it dropped. Memory is bounded by twice the limit. */
export class CappedOutput {
  readonly #half: number
  readonly #head: Buffer[] = []
  #headBytes = 0
  #tail: Buffer[] = []
  #tailBytes = 0
  #total = 0

  constructor(limit: number) {
    this.#half = Math.max(1, Math.floor(limit / 2))
  }

  get total(): number {
    return this.#total
  }

  get truncated(): boolean {
    return this.#total > this.#headBytes + Math.min(this.#tailBytes, this.#half)
  }

  push(chunk: Buffer): void {
    this.#total += chunk.length
    const toHead = Math.min(chunk.length, this.#half - this.#headBytes)
    if (toHead > 0) {
      this.#head.push(chunk.subarray(0, toHead))
      this.#headBytes += toHead
    }
    if (toHead >= chunk.length) return
    this.#tail.push(chunk.subarray(toHead))
    this.#tailBytes += chunk.length - toHead
    // Compacting at twice the half keeps it linear: each byte is copied at most once per half.
    if (this.#tailBytes > 2 * this.#half || this.#tail.length > 4096) {
      this.#tail = [lastBytes(this.#tail, this.#half)]
      this.#tailBytes = Math.min(this.#tailBytes, this.#half)
    }
  }

  /** Valid UTF-8 whatever came in; a line says how much is missing in the middle. */
  text(): string {
    const head = Buffer.concat(this.#head)
    const tail = lastBytes(this.#tail, this.#half)
    if (!this.truncated) return Buffer.concat([head, tail]).toString('utf8')
    return `${head.toString('utf8')}\n… ${this.#total - head.length - tail.length} bytes left out …\n${tail.toString('utf8')}`
  }
}

function lastBytes(chunks: readonly Buffer[], count: number): Buffer {
  const all = Buffer.concat(chunks)
  // A copy, so that the dropped part is not held.
  return all.length <= count ? all : Buffer.from(all.subarray(all.length - count))
}
