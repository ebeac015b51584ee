import { randomBytes } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { expect, it } from 'vitest'
import { isSecret, signatureOf } from './signature.ts'

const secret = () => `whsec_${randomBytes(32).toString('base64')}`
const body = '{"type":"run.settled","data":{"outcome":"delivered – ø"}}'

it('the public library verifies what is signed here, with the old secret and with the new one', () => {
  const [old, fresh] = [secret(), secret()]
  const seconds = Math.floor(Date.now() / 1000)
  const headers = { 'webhook-id': 'out_1', 'webhook-timestamp': String(seconds), 'webhook-signature': signatureOf('out_1', seconds, body, [old, fresh]) }
  for (const each of [old, fresh]) expect(new Webhook(each).verify(body, headers)).toEqual(JSON.parse(body))
  expect(() => new Webhook(secret()).verify(body, headers)).toThrow()
  expect(() => new Webhook(old).verify(`${body} `, headers)).toThrow()
  expect(() => new Webhook(old).verify(body, { ...headers, 'webhook-id': 'out_2' })).toThrow()
})

it('a secret is whsec_ and 24 to 64 bytes', () => {
  expect(isSecret(secret())).toBe(true)
  for (const no of ['', 'whsec_', 'hunter2', `whsec_${'ä'.repeat(40)}`, `whsec_${randomBytes(12).toString('base64')}`, randomBytes(32).toString('base64')])
    expect(isSecret(no)).toBe(false)
})
