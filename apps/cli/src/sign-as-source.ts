import { createHmac, randomUUID } from 'node:crypto'

/** The headers by which a source proves that a payload is its own, made anew with the secret that both know. */
export function signAsSource(source: string, secret: string, body: Buffer, now: Date): Record<string, string> {
  const hmac = (key: string | Buffer, text: string | Buffer, as: 'hex' | 'base64') => createHmac('sha256', key).update(text).digest(as)
  const seconds = String(Math.floor(now.getTime() / 1000))
  switch (source) {
    case 'generic': {
      const id = `msg_${randomUUID()}`
      const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : secret
      const signed = Buffer.concat([Buffer.from(`${id}.${seconds}.`), body])
      return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': `v1,${hmac(key, signed, 'base64')}` }
    }
    case 'sentry':
      return { 'sentry-hook-signature': hmac(secret, body, 'hex'), 'sentry-hook-timestamp': seconds, 'request-id': randomUUID() }
    case 'pagerduty':
      return { 'x-pagerduty-signature': `v1=${hmac(secret, body, 'hex')}` }
    default:
      return { authorization: `Bearer ${secret}` }
  }
}
