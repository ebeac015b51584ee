// What a hostile client can write into a socket. Rows H1, H3, H5 and H6 of the threat catalogue, for every alert source, on a listening server.
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { alertSources, signedHeaders } from '@fixpoint/intake'
import { InMemoryArtifacts, InMemoryDeliveries, InMemoryInbox, InMemoryReports, InMemoryTokens, type PayloadFixture, payloadFixtures } from '@fixpoint/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aDesk, type Desk, wallClock } from './testing.ts'

const MEGABYTE = 1_048_576
const FIXTURES = payloadFixtures()
const now = new Date('2026-11-21T08:30:00.000Z')

let desk: Desk
let port: number
const deliveries = new InMemoryDeliveries()
const tokens = new InMemoryTokens()
beforeAll(async () => {
  const fakes = { deliveries, reports: new InMemoryReports(), inbox: new InMemoryInbox(), artifacts: new InMemoryArtifacts(), tokens }
  const settings = { connections: { requestTimeoutMs: 600, headersTimeoutMs: 300 }, hooks: { refusalsRecorded: { perSecond: 1000, burst: 1000 } } }
  desk = await aDesk(fakes, settings, { sources: alertSources, clock: { ...wallClock, now: () => now } })
  await desk.app.listen({ host: '127.0.0.1', port: 0 })
  const address = desk.app.server.address()
  if (address === null || typeof address === 'string') throw new Error('it does not listen')
  port = address.port
})
afterAll(() => desk.app.close())

const secretOf = (source: string) => (source === 'generic' ? 'whsec_YSBmaXh0dXJlIGtleSBvZiB0aGlydHktdHdvIGJ5dGVz' : 'fixture-secret-of-32-characters.')
async function open(source: string, signed = true) {
  const { key, secret } = await tokens.issueIngestKey({ name: 'k', source, signingSecret: signed ? secretOf(source) : undefined })
  const lines = async () => (await deliveries.list({ limit: 500 })).filter((line) => line.key === key.id)
  return { path: `/hooks/${source}/${secret}`, lines, stored: async () => (await lines()).filter(({ state }) => state !== 'refused') }
}
const post = (path: string, body: Uint8Array | string, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    body: body as NonNullable<RequestInit['body']>,
    headers: { 'content-type': 'application/json', ...headers },
  })

describe.each(['sentry', 'grafana', 'pagerduty', 'generic', 'alertmanager', 'datadog', 'rollbar', 'otlp-logs'])('H1: %s, forged', (source) => {
  const { body, headers: captured } = FIXTURES.find((one) => one.source === source) as PayloadFixture
  const text = new TextDecoder().decode(body)
  test('thirteen ways are a 401 of one wording, and nothing of them is stored', async () => {
    const { path, stored, lines } = await open(source)
    const headers = { ...captured, ...(await signedHeaders(source, body, secretOf(source), { id: 'msg_1', now })) }
    const [name = '', value = ''] = Object.entries(headers).find(([each]) => /signature|authorization/.test(each)) ?? []
    const { [name]: _, ...unsigned } = headers
    const half = value.slice(0, value.length / 2)
    const values = [
      ...['', half, value + value, `${value}x`, `x${value}`, `sha1=${value}`, [...value].reverse().join(''), value.replaceAll(/[\da-f]/g, '0')],
      value.slice(0, -3) + (value.at(-3) === 'a' ? 'b' : 'a') + value.slice(-2),
    ]
    const forged: [Record<string, string>, string][] = values.map((each) => [{ ...unsigned, [name]: each }, text])
    forged.push([unsigned, text], [{ ...unsigned, 'x-hub-signature-256': value }, text])
    // A bearer vouches for whoever brings it; a signature for these bytes and no others.
    if (name !== 'authorization') forged.push([headers, `${text} `], [headers, text.replace('{', '{ ')])
    for (const [given, sent] of forged) {
      const answer = await post(path, sent, given)
      expect([answer.status, await answer.json()], JSON.stringify(given)).toEqual([401, { title: 'Not verified', status: 401 }])
    }
    expect(await stored()).toEqual([])
    expect((await lines()).every(({ reason }) => reason !== undefined)).toBe(true)
    const { reply } = alertSources.get(source) ?? {}
    expect((await post(path, text, headers)).status).toBe(reply?.status ?? 202)
    expect(await stored()).toHaveLength(1)
  })
})

describe.each([...alertSources.keys()])('H5: %s, compressed', (source) => {
  const bomb = gzipSync(Buffer.alloc(100 * MEGABYTE, ' '), { level: 1 })
  test.each(['gzip', 'x-gzip', ' GZIP '])('100 MB as %j are a 413, and never there', async (encoding) => {
    const { path, stored, lines } = await open(source)
    const before = process.memoryUsage().rss
    const [type = ''] = alertSources.get(source)?.contentTypes ?? []
    expect((await post(path, bomb, { 'content-encoding': encoding, 'content-type': type })).status).toBe(413)
    expect(process.memoryUsage().rss - before).toBeLessThan(30 * MEGABYTE)
    expect([await stored(), (await lines())[0]?.reason]).toEqual([[], 'larger than 1048576 bytes'])
  })
})

/** Writes to a socket, and says how it was answered: statuses, or none when it was cut off. */
async function written(...pieces: readonly (string | Buffer)[]): Promise<readonly number[]> {
  const socket = connect(port, '127.0.0.1')
  let told = ''
  socket.on('data', (bytes) => {
    told += bytes.toString('latin1')
  })
  socket.on('error', () => {})
  const closed = new Promise((resolve) => socket.once('close', resolve))
  for (const piece of pieces) if (socket.writable) socket.write(piece)
  await Promise.race([closed, wait(5000).then(() => Promise.reject(new Error(`it is still open: ${told.slice(0, 300)}`)))])
  return [...told.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status))
}

describe('H3: lengths that lie', () => {
  const body = '{"alerts":[{"status":"firing","labels":{"alertname":"A"}}]}'
  const head = 'host: a\r\ncontent-type: application/json\r\n'
  const rows: readonly [string, (path: string) => readonly (string | Buffer)[], readonly number[]][] = [
    ['two lengths', (path) => [`POST ${path} HTTP/1.1\r\n${head}content-length: 5\r\ncontent-length: 60\r\n\r\n${body}`], [400]],
    ['a length and chunks', (path) => [`POST ${path} HTTP/1.1\r\n${head}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`], [400]],
    ['a length below zero', (path) => [`POST ${path} HTTP/1.1\r\n${head}content-length: -1\r\n\r\n${body}`], [400]],
    ['a length that is no number', (path) => [`POST ${path} HTTP/1.1\r\n${head}content-length: 1e9\r\n\r\n${body}`], [400]],
    ['a length of 20 digits', (path) => [`POST ${path} HTTP/1.1\r\n${head}content-length: ${'9'.repeat(20)}\r\n\r\n${body}`], [400]],
    ['100 MB, it says', (path) => [`POST ${path} HTTP/1.1\r\n${head}content-length: 104857600\r\n\r\n${body}`], [413]],
    ['100 MB, it asks', (path) => [`POST ${path} HTTP/1.1\r\n${head}expect: 100-continue\r\ncontent-length: 104857600\r\n\r\n`], [100, 413]],
    ['more than comes', (path) => [`POST ${path} HTTP/1.1\r\n${head}content-length: 1000\r\n\r\n${body}`], [408]],
    ['less than comes', (path) => [`POST ${path} HTTP/1.1\r\n${head}content-length: 10\r\n\r\n${body}`], [400]],
    ['a chunk of 4 GB that does not come', (path) => [`POST ${path} HTTP/1.1\r\n${head}transfer-encoding: chunked\r\n\r\nffffffff\r\n${body}`], [408]],
    ['a chunk of no size', (path) => [`POST ${path} HTTP/1.1\r\n${head}transfer-encoding: chunked\r\n\r\nxyz\r\n${body}`], [400]],
    ['chunks in chunks', (path) => [`POST ${path} HTTP/1.1\r\n${head}transfer-encoding: chunked, chunked\r\n\r\n0\r\n\r\n`], [400]],
    ['words behind a chunk without end', (path) => [`POST ${path} HTTP/1.1\r\n${head}transfer-encoding: chunked\r\n\r\n5;${'x'.repeat(100_000)}`], [400]],
    ['headers of 100 KB', (path) => [`POST ${path} HTTP/1.1\r\n${head}x: ${'x'.repeat(100_000)}\r\n\r\n`], [431]],
    ['an address of 100 KB', () => [`POST /hooks/${'x'.repeat(100_000)} HTTP/1.1\r\n${head}\r\n`], [431]],
    ['another protocol', () => ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'], [400]],
    ['TLS', () => [Buffer.from('160301020001000101fc0303', 'hex')], [400]],
    ['a tunnel', () => ['CONNECT 169.254.169.254:80 HTTP/1.1\r\nhost: 169.254.169.254\r\n\r\n'], []],
    ['a proxy', () => ['GET http://169.254.169.254/latest/meta-data/ HTTP/1.1\r\nhost: 169.254.169.254\r\nconnection: close\r\n\r\n'], [421]],
  ]
  test.each(rows)('%s', async (_name, pieces, statuses) => {
    const { path, stored } = await open('alertmanager', false)
    expect(await written(...pieces(path))).toEqual(statuses)
    expect(await stored()).toEqual([])
    expect((await post(path, body)).status).toBe(202)
  })
})

describe('H6: odd JSON to the API', () => {
  const rows: readonly [string, string][] = [
    ['100,000 lists in one another', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['40,000 objects in one another', `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`],
    ['a prototype', '{"__proto__":{"scopes":["admin"]},"name":"x","scopes":["read"]}'],
    ['a constructor', '{"constructor":{"prototype":{"polluted":true}},"name":"x"}'],
    ['half of it', '{"name":'],
    ['no object', '7'],
    ['nothing', ''],
    ['300 KB', JSON.stringify({ name: 'x'.repeat(300_000) })],
  ]
  test.each(rows)('%s', async (_name, body) => {
    const headers = { ...(await desk.as('read', 'decide', 'admin', 'upload')), 'content-type': 'application/json' }
    const before = (await tokens.apiTokens()).length
    for (const [method, url] of [
      ['POST', '/api/tokens'],
      ['POST', '/api/ingest-keys'],
      ['PUT', '/api/source-maps?service=s&release=1&file=a.js'],
    ] as const) {
      const answer = await desk.app.inject({ method, url, payload: body, headers })
      expect(answer.statusCode, `${url} ${answer.body.slice(0, 200)}`).toBeGreaterThanOrEqual(400)
      expect(answer.statusCode).toBeLessThan(500)
    }
    expect(await tokens.apiTokens()).toHaveLength(before)
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })
  test('a map of very many keys, and one of very many levels', async () => {
    const headers = { ...(await desk.as('upload')), 'content-type': 'application/json' }
    const keys = `{"version":3,${Array.from({ length: 200_000 }, (_, index) => `"k${index}":1`).join(',')}}`
    for (const payload of [keys, `${'['.repeat(200_000)}${']'.repeat(200_000)}`, `{"sections":${'[{"map":'.repeat(100_000)}1${'}]'.repeat(100_000)}}`]) {
      const answer = await desk.app.inject({ method: 'PUT', url: '/api/source-maps?service=s&release=1&file=a.js', payload, headers })
      expect([400, 422]).toContain(answer.statusCode)
    }
  })
})

test('who posts to the address of another source is told nothing; the owner of the key reads why', async () => {
  const { path, lines } = await open('sentry')
  const strange = await post(path.replace('sentry', 'grafana'), '{}')
  expect([strange.status, await strange.json()]).toEqual([404, { title: 'Not found', status: 404 }])
  expect(await lines()).toMatchObject([{ source: 'sentry', state: 'refused', reason: 'it came to the address of another source: this key is for sentry' }])
})

test('what cannot be unpacked is in the delivery log', async () => {
  const { path, lines } = await open('sentry')
  expect((await post(path, '{}', { 'content-encoding': 'gzip' })).status).toBe(400)
  expect(await lines()).toMatchObject([{ state: 'refused', reason: 'The body is not what its content encoding says' }])
})
