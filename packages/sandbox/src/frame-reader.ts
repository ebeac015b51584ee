/**
 * Takes apart Docker's multiplexed stream: frames of an 8-byte header (stream number, three zeros, big-endian length)
 * and that many bytes. Frames and headers may be cut anywhere. Payload is handed on as it comes, never gathered.
 */
export class FrameReader {
  readonly #onPayload: (stream: 'stdout' | 'stderr', payload: Buffer) => void
  readonly #header = Buffer.alloc(8)
  #headerBytes = 0
  #left = 0
  #stream: 'stdout' | 'stderr' = 'stdout'

  constructor(onPayload: (stream: 'stdout' | 'stderr', payload: Buffer) => void) {
    this.#onPayload = onPayload
  }

  push(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length) {
      if (this.#left === 0) {
        const taken = Math.min(8 - this.#headerBytes, chunk.length - at)
        chunk.copy(this.#header, this.#headerBytes, at, at + taken)
        this.#headerBytes += taken
        at += taken
        if (this.#headerBytes < 8) return
        this.#headerBytes = 0
        this.#stream = this.#header[0] === 2 ? 'stderr' : 'stdout'
        this.#left = this.#header.readUInt32BE(4)
        continue
      }
      const taken = Math.min(this.#left, chunk.length - at)
      this.#onPayload(this.#stream, chunk.subarray(at, at + taken))
      this.#left -= taken
      at += taken
    }
  }
}
