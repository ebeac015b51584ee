import { createHash, createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { githubVerification } from './github-signature.ts'

// GitHub's documentation has this secret, this body and this signature.
const DOCUMENTED = {
  secret: "It's a Secret to Everybody",
  body: 'Hello, World!',
  signature: 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
}
const SECRET = 'a webhook secret of our app'
const BODY = '{"action": "labeled", "issue": {"number": 1}}'
const mac = (key: string, body: string, algorithm = 'sha256') => createHmac(algorithm, key).update(body).digest('hex')
const right = mac(SECRET, BODY)

const ask = (headers: Record<string, string>, { secret = SECRET as string | undefined, body = BODY } = {}) =>
  githubVerification({ headers, body: new TextEncoder().encode(body), secret })
const signed = (value: string) => ({ 'x-hub-signature-256': value })

test('what GitHub signed is taken', async () => {
  expect(await ask(signed(DOCUMENTED.signature), DOCUMENTED)).toEqual({ verified: true })
  expect(await ask({ ...signed(`sha256=${right}`), 'x-hub-signature': 'sha1=0000' })).toEqual({ verified: true })
})

const forgeries: [string, Record<string, string>, { secret?: string | undefined; body?: string }?][] = [
  ['no header', {}],
  ['an empty header', signed('')],
  ['SHA-1 alone', { 'x-hub-signature': `sha1=${mac(SECRET, BODY, 'sha1')}` }],
  ['SHA-1 in the new header', signed(`sha1=${mac(SECRET, BODY, 'sha1')}`)],
  ['SHA-1 that says it is SHA-256', signed(`sha256=${mac(SECRET, BODY, 'sha1')}`)],
  ['SHA-512', signed(`sha256=${mac(SECRET, BODY, 'sha512')}`)],
  ['no scheme', signed(right)],
  ['the scheme alone', signed('sha256=')],
  ['another key', signed(`sha256=${mac('another secret, of 31 characters', BODY)}`)],
  ['the empty key, and no secret on our side', signed(`sha256=${mac('', BODY)}`), { secret: '' }],
  ['no secret on our side at all', signed(`sha256=${mac('undefined', BODY)}`), { secret: undefined }],
  ['a secret of 15 characters', signed(`sha256=${mac('123456789012345', BODY)}`), { secret: '123456789012345' }],
  ['the JSON written anew', signed(`sha256=${mac(SECRET, JSON.stringify(JSON.parse(BODY)))}`)],
  ['another body', signed(`sha256=${right}`), { body: BODY.replace('1', '2') }],
  ['a body with a line break behind it', signed(`sha256=${right}`), { body: `${BODY}\n` }],
  ['half of it', signed(`sha256=${right.slice(0, 32)}`)],
  ['more behind it', signed(`sha256=${right}00`)],
  ['two of them', signed(`sha256=${mac('x', BODY)}, sha256=${right}`)],
  ['Base64', signed(`sha256=${createHmac('sha256', SECRET).update(BODY).digest('base64')}`)],
  ['a digest without a key', signed(`sha256=${createHash('sha256').update(BODY).digest('hex')}`)],
  ['zeroes', signed(`sha256=${'0'.repeat(64)}`)],
]

test.each(forgeries)('is not taken: %s', async (_, headers, change) => {
  const { secret, body } = { secret: SECRET, body: BODY, ...change }
  const verification = await githubVerification({ headers, body: new TextEncoder().encode(body), secret })
  expect(verification).toEqual({ verified: false, why: expect.any(String) })
  expect(JSON.stringify(verification)).not.toContain(right)
})
