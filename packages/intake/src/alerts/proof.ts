import type { Headers, SignedRequest, Verification } from './source.ts'

/** Characters (of a key in Base64: bytes) that a secret has at least. */
export const MINIMUM_SECRET = 16

export function refused(why: string): Verification {
  return { verified: false, why }
}

export function header(headers: Headers, name: string): string | undefined {
  const value: unknown = Object.hasOwn(headers, name) ? headers[name] : undefined
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

/** The secret if it can protect anything; else why not. */
export function usable(secret: string | undefined): { readonly secret: string } | { readonly why: string } {
  if (secret === undefined || secret === '') return { why: 'no secret is set for this ingest key' }
  return secret.length < MINIMUM_SECRET ? { why: `the secret is shorter than ${MINIMUM_SECRET} characters` } : { secret }
}

/** For sources that cannot sign: the ingest key alone, or with a secret `Authorization: Bearer <secret>`. */
export async function bearer(request: SignedRequest): Promise<Verification> {
  if (request.secret === undefined) return { verified: true, unsigned: true }
  const key = usable(request.secret)
  if ('why' in key) return refused(key.why)
  const given = header(request.headers, 'authorization')
  if (given === undefined) return refused('the header Authorization is missing')
  return sameText(given.replace(/^bearer /i, '').trim(), key.secret) ? { verified: true } : refused('the header Authorization does not hold the secret')
}

/** HMAC-SHA256, compared by the platform in constant time. A signature that is no hexadecimal SHA-256 is not looked at. */
export async function hmacHolds(secret: string | Uint8Array, signature: Uint8Array | undefined, signed: Uint8Array): Promise<boolean> {
  if (signature?.length !== 32) return false
  const bytes = typeof secret === 'string' ? new TextEncoder().encode(secret) : secret
  const key = await crypto.subtle.importKey('raw', own(bytes), { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
  return crypto.subtle.verify('HMAC', key, own(signature), own(signed))
}

/** Bytes that lie in no shared memory, as the platform's types want them. */
export function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes)
}

export function fromHex(text: string | undefined): Uint8Array | undefined {
  if (text === undefined || text.length % 2 !== 0 || text.length > 1024 || !/^[0-9a-f]+$/i.test(text)) return undefined
  return Uint8Array.from({ length: text.length / 2 }, (_, index) => Number.parseInt(text.slice(2 * index, 2 * index + 2), 16))
}

export function fromBase64(text: string | undefined): Uint8Array | undefined {
  if (text === undefined || text.length > 16 * 1024 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}

/** Whether a time in seconds lies within five minutes of now: later, a delivery could be one that somebody kept. */
export function isRecent(seconds: string | undefined, now: Date): boolean {
  if (seconds === undefined || !/^\d{1,12}$/.test(seconds)) return false
  return Math.abs(now.getTime() - 1000 * Number(seconds)) <= 5 * 60_000
}

/** In a time that tells nothing but the length of what was given. */
function sameText(given: string, secret: string): boolean {
  const left = new TextEncoder().encode(given)
  const right = new TextEncoder().encode(secret)
  let difference = left.length ^ right.length
  for (let at = 0; at < left.length; at += 1) difference |= (left[at] ?? 0) ^ (right[at % right.length] ?? 0)
  return difference === 0
}

export function joinedBytes(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  const bytes = parts.map((part) => (typeof part === 'string' ? new TextEncoder().encode(part) : part))
  const result = new Uint8Array(bytes.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of bytes) {
    result.set(part, at)
    at += part.length
  }
  return result
}
