/** Output of which at most `limit` bytes are kept: half from its head, half from its tail. */
export class CappedOutput {
  readonly #half: number
  #head = Buffer.alloc(0)
  #tail = Buffer.alloc(0)
  #dropped = 0

  constructor(limit: number) {
    this.#half = Math.floor(limit / 2)
  }

  get truncated(): boolean {
    return this.#dropped > 0
  }

  add(chunk: Buffer): void {
    const room = this.#half - this.#head.byteLength
    if (room > 0) this.#head = Buffer.concat([this.#head, chunk.subarray(0, room)])
    const rest = Buffer.concat([this.#tail, chunk.subarray(Math.max(0, room))])
    const over = Math.max(0, rest.byteLength - this.#half)
    this.#dropped += over
    this.#tail = rest.subarray(over)
  }

  text(): string {
    return this.truncated
      ? `${this.#head.toString('utf8')}\n… (${this.#dropped} bytes dropped)\n${this.#tail.toString('utf8')}`
      : Buffer.concat([this.#head, this.#tail]).toString('utf8')
  }
}
