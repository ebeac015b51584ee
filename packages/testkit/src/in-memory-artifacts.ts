import { createHash } from 'node:crypto'
import { type Artifacts, Digest, Failure } from '@fixpoint/core'

/** Bytes by digest for as long as the process lives. */
export class InMemoryArtifacts implements Artifacts {
  readonly #kept = new Map<Digest, Uint8Array>()

  async put(bytes: Uint8Array): Promise<Digest> {
    const digest = Digest.parse(createHash('sha256').update(bytes).digest('hex'))
    if (!this.#kept.has(digest)) this.#kept.set(digest, bytes.slice())
    return digest
  }

  async get(digest: Digest): Promise<Uint8Array> {
    const bytes = this.#kept.get(digest)
    if (bytes === undefined) throw new Failure('artifact-missing', `no artifact ${digest}`, 'The test put nothing under this digest.')
    return bytes.slice()
  }

  get contents(): Iterable<Uint8Array> {
    return this.#kept.values()
  }

  /** How many different artifacts were put. */
  get size(): number {
    return this.#kept.size
  }
}
