import { type Artifacts, canonicalJson, type Digest, Failure } from '@fixpoint/core'
import type { z } from 'zod'

/** Values as artifacts: JSON in a fixed key order, so that the same value has the same digest, checked against its schema on the way back. */
export class Archive {
  readonly #artifacts: Artifacts

  constructor(artifacts: Artifacts) {
    this.#artifacts = artifacts
  }

  async put<T>(schema: z.ZodType<T>, value: T): Promise<Digest> {
    return this.#artifacts.put(new TextEncoder().encode(canonicalJson(schema.parse(value))))
  }

  /** Throws `Failure('artifact-missing')` when it is gone or is not what the schema says. */
  async get<T>(schema: z.ZodType<T>, digest: Digest): Promise<T> {
    const text = new TextDecoder().decode(await this.#artifacts.get(digest))
    const parsed = schema.safeParse(JSON.parse(text))
    if (!parsed.success) {
      throw new Failure(
        'artifact-missing',
        `artifact ${digest.slice(0, 12)} is not what this version expects: ${parsed.error.message}`,
        'It may be of another version of Fixpoint; start a new run.',
      )
    }
    return parsed.data
  }
}
