import { createHmac } from 'node:crypto'

const PREFIX = 'whsec_'

/** `whsec_` and 24 to 64 bytes in base64, as Standard Webhooks has it. */
export function isSecret(text: string): boolean {
  const encoded = text.slice(PREFIX.length)
  const { length } = Buffer.from(encoded, 'base64')
  return text.startsWith(PREFIX) && /^[A-Za-z0-9+/]+={0,2}$/.test(encoded) && length >= 24 && length <= 64
}

/** The value of `webhook-signature`: one signature per secret. */
export function signatureOf(id: string, seconds: number, body: string, secrets: readonly string[]): string {
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`
  })
  return signatures.join(' ')
}
