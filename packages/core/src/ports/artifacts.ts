import type { Digest } from '../words/ids.ts'

/** Bytes by digest. Writing the same bytes twice is one artifact. */
export interface Artifacts {
  put(bytes: Uint8Array): Promise<Digest>
  /** Throws `Failure('artifact-missing')` for what never was or has expired, and when the bytes no longer match the digest. */
  get(digest: Digest): Promise<Uint8Array>
}
