import { createHash, randomBytes } from 'node:crypto'

/** `fp`, what it opens, and 256 random bits: so that a scanner of secrets knows one when it sees it. */
const SECRET = /^fp[ktls]_[A-Za-z0-9_-]{43}$/

export function newSecret(letter: string): { secret: string; hash: Buffer } {
  const secret = `fp${letter}_${randomBytes(32).toString('base64url')}`
  return { secret, hash: sha256(secret) }
}

/** Undefined for what cannot be a secret of this kind, however long it is. */
export function hashOf(letter: string, secret: string): Buffer | undefined {
  return secret.startsWith(`fp${letter}_`) && SECRET.test(secret) ? sha256(secret) : undefined
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
