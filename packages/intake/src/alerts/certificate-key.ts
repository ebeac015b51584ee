import { fromBase64 } from './proof.ts'

/** The public key (SubjectPublicKeyInfo) of a certificate in PEM; undefined when it is none. Who signed it is not asked: it came by https from a pinned host. */
export function certificateKey(pem: string): Uint8Array | undefined {
  const match = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]{1,16000})-----END CERTIFICATE-----/.exec(pem.slice(0, 64 * 1024))
  const der = fromBase64(match?.[1]?.replace(/\s/g, ''))
  if (!der) return undefined
  const certificate = elementAt(der, 0)
  const signed = certificate?.tag === SEQUENCE ? elementAt(der, certificate.start) : undefined
  if (signed?.tag !== SEQUENCE) return undefined
  const members = membersOf(der, signed)
  // A version of its own comes first; then serial number, algorithm, issuer, validity, subject, key.
  const key = members[members[0]?.tag === VERSION ? 6 : 5]
  return key?.tag === SEQUENCE ? der.subarray(key.at, key.end) : undefined
}

const SEQUENCE = 0x30
const VERSION = 0xa0

interface Element {
  readonly tag: number
  readonly at: number
  /** Of its content. */
  readonly start: number
  readonly end: number
}

function membersOf(der: Uint8Array, whole: Element): Element[] {
  const members: Element[] = []
  let at = whole.start
  while (at < whole.end && members.length < 12) {
    const member = elementAt(der, at)
    if (!member || member.end > whole.end) break
    members.push(member)
    at = member.end
  }
  return members
}

function elementAt(der: Uint8Array, at: number): Element | undefined {
  const tag = der[at]
  const first = der[at + 1]
  if (tag === undefined || first === undefined) return undefined
  if (first < 0x80) return bounded(der, { tag, at, start: at + 2, end: at + 2 + first })
  const bytes = first & 0x7f
  if (bytes < 1 || bytes > 3) return undefined
  let length = 0
  for (let index = 0; index < bytes; index += 1) length = length * 256 + (der[at + 2 + index] ?? 0)
  return bounded(der, { tag, at, start: at + 2 + bytes, end: at + 2 + bytes + length })
}

function bounded(der: Uint8Array, element: Element): Element | undefined {
  return element.end <= der.length ? element : undefined
}
