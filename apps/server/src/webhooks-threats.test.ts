// The rows H of the threat catalogue (security.md 2.8) against the real adapter of Sentry. H7 and H8 are about code hosts.
import { createHmac } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { alertSources } from '@fixpoint/intake'
import { InMemoryArtifacts, InMemoryDeliveries, InMemoryInbox, InMemoryReports, InMemoryTokens } from '@fixpoint/testkit'
import { afterEach, describe, expect, test } from 'vitest'
import type { ServerSettingsInput } from './settings.ts'
import { aDesk, type Desk } from './testing.ts'

const SECRET = 'sentry-client-secret-0123456789'
const PAYLOAD = { action: 'triggered', data: { event: { event_id: 'a'.repeat(32), issue_id: '7', title: 'TypeError: x', platform: 'node' } } }
const BODY = JSON.stringify(PAYLOAD)
const SIGNATURE = 'sentry-hook-signature'
const mac = (body: string | Buffer, secret = SECRET, algorithm = 'sha256') => createHmac(algorithm, secret).update(body).digest('hex')

const desks: Desk[] = []
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.app.close()
})

async function open(signingSecret: string | undefined = SECRET, settings: ServerSettingsInput = {}) {
  const deliveries = new InMemoryDeliveries()
  const tokens = new InMemoryTokens()
  const fakes = { deliveries, reports: new InMemoryReports(), inbox: new InMemoryInbox(), artifacts: new InMemoryArtifacts(), tokens }
  const desk = await aDesk(fakes, settings, { sources: alertSources })
  desks.push(desk)
  const { secret } = await tokens.issueIngestKey({ name: 'production', source: 'sentry', signingSecret })
  const url = `/hooks/sentry/${secret}`
  const post = async (body: string | Buffer, headers: Record<string, string> = {}) => {
    const given = { 'content-type': 'application/json', 'sentry-hook-resource': 'event_alert', [SIGNATURE]: mac(body), ...headers }
    return desk.app.inject({ method: 'POST', url, payload: body, headers: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== 'absent')) })
  }
  const stored = async () => (await deliveries.list({ limit: 500 })).filter((one) => one.state !== 'refused')
  const refused = async () => deliveries.list({ limit: 500, state: 'refused' })
  return { desk, post, stored, refused, url, deliveries }
}

describe('H1: a forged delivery is a 401 without a word, nothing is stored, and its owner sees why', () => {
  const reserialised = JSON.stringify(JSON.parse(`{ "a" : 1 }`))
  const forgeries: readonly [string, { body?: string; headers: Record<string, string>; secret?: string }][] = [
    ['no signature', { headers: { [SIGNATURE]: 'absent' } }],
    ['an empty signature', { headers: { [SIGNATURE]: '' } }],
    ['another secret', { headers: { [SIGNATURE]: mac(BODY, 'another secret 0123456789') } }],
    ['the signature of another body', { headers: { [SIGNATURE]: mac(`${BODY} `) } }],
    ['SHA-1', { headers: { [SIGNATURE]: mac(BODY, SECRET, 'sha1') } }],
    ['SHA-512', { headers: { [SIGNATURE]: mac(BODY, SECRET, 'sha512') } }],
    ['half a signature', { headers: { [SIGNATURE]: mac(BODY).slice(0, 32) } }],
    ['a signature and a half', { headers: { [SIGNATURE]: mac(BODY) + mac(BODY).slice(0, 32) } }],
    ['Base64 for hexadecimal', { headers: { [SIGNATURE]: Buffer.from(mac(BODY), 'hex').toString('base64') } }],
    ['the signature in a header of another source', { headers: { [SIGNATURE]: 'absent', 'x-hub-signature-256': `sha256=${mac(BODY)}` } }],
    ['an empty secret', { headers: { [SIGNATURE]: mac(BODY, '') } }],
    ['one bit flipped', { headers: { [SIGNATURE]: mac(BODY).replace(/.$/, (last) => (last === '0' ? '1' : '0')) } }],
    ['a key without a secret', { headers: { [SIGNATURE]: mac(BODY, '') }, secret: '' }],
    ['a key with a secret that is too short', { headers: { [SIGNATURE]: mac(BODY, 'short') }, secret: 'short' }],
    ['what was signed, after spaces were taken out', { body: '{ "a" : 1 }', headers: { [SIGNATURE]: mac(`${reserialised}!`) } }],
  ]
  test.each(forgeries)('%s', async (_name, { body = BODY, headers, secret = SECRET }) => {
    const { post, stored, refused } = await open(secret)
    const answer = await post(body, headers)
    expect(answer.statusCode).toBe(401)
    expect(answer.json()).toEqual({ title: 'Not verified', status: 401 })
    expect(await stored()).toEqual([])
    expect(await refused()).toMatchObject([{ source: 'sentry', bytes: body.length }])
    expect((await refused())[0]?.reason).toBeTruthy()
  })
})

describe('H2: what comes again is stored once', () => {
  test('100 copies at once', async () => {
    const { post, stored } = await open()
    const answers = await Promise.all(Array.from({ length: 100 }, () => post(BODY)))
    expect(answers.every(({ statusCode }) => statusCode >= 200 && statusCode < 300)).toBe(true)
    expect(await stored()).toHaveLength(1)
  })
  test('under another request id: what the signature does not cover tells nothing apart', async () => {
    const { post, stored } = await open()
    await post(BODY, { 'request-id': 'one' })
    await post(BODY, { 'request-id': 'two' })
    expect(await stored()).toMatchObject([{ duplicates: 1 }])
  })
  test('a forgery that came first does not keep the true one out', async () => {
    const { post, stored } = await open()
    expect((await post(BODY, { [SIGNATURE]: 'f'.repeat(64) })).statusCode).toBe(401)
    expect((await post(BODY)).statusCode).toBe(202)
    expect(await stored()).toHaveLength(1)
  })
})

describe('H3: what is too large is refused before it is there', () => {
  test('by its declared length, unread', async () => {
    const { post, stored, refused } = await open()
    expect((await post(Buffer.alloc(1_048_577, 'x'))).statusCode).toBe(413)
    expect(await stored()).toEqual([])
    expect((await refused())[0]?.reason).toBe('larger than 1048576 bytes')
  })
  test('one byte below the limit may come', async () => {
    const { post } = await open()
    const padded = JSON.stringify({ ...PAYLOAD, pad: 'x'.repeat(1_048_576 - BODY.length - 10) })
    expect(padded.length).toBeLessThanOrEqual(1_048_576)
    expect((await post(padded)).statusCode).toBe(202)
  })
  test('all bodies together', async () => {
    const { post, stored } = await open(SECRET, { hooks: { maximumBytesHeld: 100 } })
    expect((await post(BODY)).statusCode).toBe(503)
    expect(await stored()).toEqual([])
  })
})

test('H4: 500 slow connections keep nobody out, and are closed', async () => {
  const { desk, url } = await open(SECRET, { connections: { headersTimeoutMs: 1000, requestTimeoutMs: 2000 } })
  await desk.app.listen({ host: '127.0.0.1', port: 0 })
  const address = desk.app.server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const started = performance.now()
  const closed: Promise<void>[] = []
  for (let i = 0; i < 500; i += 1) {
    const socket: Socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.resume()
    // Half of them never end their headers, half of them never end their body.
    socket.write(i % 2 === 0 ? 'POST / HTTP/1.1\r\nhost: ' : `POST ${url} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{`)
    closed.push(new Promise((resolve) => socket.once('close', () => resolve())))
  }
  await wait(100)
  const times: number[] = []
  for (let i = 0; i < 50; i += 1) {
    const asked = performance.now()
    const body = JSON.stringify({ ...PAYLOAD, i })
    const headers = { 'content-type': 'application/json', [SIGNATURE]: mac(body) }
    expect((await fetch(`http://127.0.0.1:${port}${url}`, { method: 'POST', body, headers })).status).toBe(202)
    times.push(performance.now() - asked)
  }
  expect(times.sort((a, b) => a - b)[48]).toBeLessThan(250)
  await Promise.all(closed)
  expect(performance.now() - started).toBeLessThan(15_000)
})

describe('H5: compression blows nothing up', () => {
  const bomb = gzipSync(Buffer.alloc(200 * 1_048_576, ' '), { level: 9 })
  const rows: readonly [string, Buffer, string, number][] = [
    ['200 MB in 200 KB of gzip', bomb, 'gzip', 413],
    ['gzip in gzip is not looked into', gzipSync(gzipSync(BODY)), 'gzip', 401],
    ['two encodings', gzipSync(BODY), 'gzip, gzip', 415],
    ['brotli', brotliCompressSync(BODY), 'br', 415],
    ['deflate', deflateSync(BODY), 'deflate', 415],
    ['no gzip at all', Buffer.from(BODY), 'gzip', 400],
    ['gzip that ends early', gzipSync(BODY).subarray(0, 30), 'gzip', 400],
  ]
  test.each(rows)('%s', async (_name, body, encoding, status) => {
    const { post, stored } = await open()
    const before = process.memoryUsage().rss
    expect((await post(body, { 'content-encoding': encoding, [SIGNATURE]: mac(BODY) })).statusCode).toBe(status)
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * 1_048_576)
    expect(await stored()).toEqual([])
  })
})

describe('H6: odd JSON is a 400, and the process lives', () => {
  const rows: readonly [string, string][] = [
    ['100,000 lists in one another', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['100,000 objects in one another', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['65 levels', `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`],
    ['100,001 members', `{"a":[${'1,'.repeat(100_001)}1]}`],
    ['no JSON', 'hello'],
    ['nothing', ''],
    ['half of it', BODY.slice(0, 40)],
    ['two of it', BODY + BODY],
    ['a NUL', '\0'],
    ['invalid UTF-8', Buffer.from([0xff, 0xfe, 0x7b, 0x7d]).toString('latin1')],
  ]
  test.each(rows)('%s', async (_name, body) => {
    const { post, stored, refused } = await open()
    expect((await post(body)).statusCode).toBe(400)
    expect(await stored()).toEqual([])
    expect(await refused()).toHaveLength(1)
  })
  test('names of prototypes are data', async () => {
    const { post, stored } = await open()
    expect((await post('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}')).statusCode).toBe(202)
    expect(await stored()).toHaveLength(1)
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })
})

describe('other mistakes of a sender', () => {
  test.each(['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'] as const)('%s', async (method) => {
    const { desk, url } = await open()
    const answer = await desk.app.inject({ method, url })
    expect([answer.statusCode, answer.headers.allow]).toEqual([405, 'POST'])
  })
  test.each(['text/html', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'absent', ';', 'application/json+evil'])(
    '%s',
    async (type) => {
      const { post, stored } = await open()
      expect((await post(BODY, { 'content-type': type })).statusCode).toBe(415)
      expect(await stored()).toEqual([])
    },
  )
  test.each([
    ['a bad escape', '/hooks/sentry/%zz'],
    ['a NUL', '/hooks/%00/x'],
    ['5,000 characters', `/hooks/sentry/${'x'.repeat(5000)}`],
    ['names of prototypes', '/hooks/__proto__/constructor'],
    ['two slashes', '//hooks/sentry/x'],
  ])('a path with %s', async (_name, url) => {
    const { desk } = await open()
    const answer = await desk.app.inject({ method: 'POST', url, payload: BODY, headers: { 'content-type': 'application/json' } })
    expect([400, 404]).toContain(answer.statusCode)
    expect(answer.headers['content-type']).toContain('application/problem+json')
    expect(answer.body).not.toMatch(/at .*\.ts|node_modules/)
  })
})

test('H9: nothing of a delivery reaches the log', async () => {
  const { desk, post, url } = await open()
  const evil = 'canary\r\n{"level":"info","message":"forged"}\u001b[31m; drop table deliveries; --'
  const body = JSON.stringify({ ...PAYLOAD, evil })
  await post(body, { 'x-evil': 'canary-in-a-header', 'user-agent': 'canary-agent' })
  await post(body, { [SIGNATURE]: 'canary-signature' })
  await post('canary', {})
  await desk.app.inject({ method: 'POST', url: `${url}?canary=1`, payload: body })
  expect(desk.lines.length).toBeGreaterThan(3)
  for (const line of desk.lines) {
    expect(line).not.toContain('canary')
    expect(line).not.toContain(url.slice(-20))
    expect(line).not.toContain('\n')
  }
})
