import { joinedBytes, own } from './proof.ts'
import type { Headers } from './source.ts'

/** The headers with which a source would send this body, for samples and tests. `id` and `now` matter to those that sign them. */
export async function signedHeaders(
  source: string,
  body: Uint8Array,
  secret: string,
  { id, now }: { readonly id: string; readonly now: Date },
): Promise<Headers> {
  const seconds = String(Math.floor(now.getTime() / 1000))
  const type = { 'content-type': 'application/json' }
  switch (source) {
    case 'sentry':
      return { ...type, 'sentry-hook-signature': hex(await hmac(secret, body)) }
    case 'pagerduty':
      return { ...type, 'x-pagerduty-signature': `v1=${hex(await hmac(secret, body))}` }
    case 'grafana':
      return { ...type, 'x-grafana-alerting-timestamp': seconds, 'x-grafana-alerting-signature': hex(await hmac(secret, joinedBytes(`${seconds}:`, body))) }
    case 'generic': {
      const key = secret.startsWith('whsec_') ? Uint8Array.from(atob(secret.slice(6)), (character) => character.charCodeAt(0)) : secret
      const signature = btoa(String.fromCharCode(...(await hmac(key, joinedBytes(`${id}.${seconds}.`, body)))))
      return { ...type, 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': `v1,${signature}` }
    }
    default:
      return { ...type, authorization: `Bearer ${secret}` }
  }
}

async function hmac(secret: string | Uint8Array, signed: Uint8Array): Promise<Uint8Array> {
  const bytes = typeof secret === 'string' ? new TextEncoder().encode(secret) : secret
  const key = await crypto.subtle.importKey('raw', own(bytes), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, own(signed)))
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
