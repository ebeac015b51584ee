import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import type { Deliveries } from '@fixpoint/core'
import { InMemoryArtifacts, InMemoryDeliveries, InMemoryInbox, InMemoryReports, InMemoryTokens } from '@fixpoint/testkit'
import { afterEach, describe, expect, test } from 'vitest'
import { aDesk, type Desk, SECRET, signature, signedSource } from './testing.ts'

const BODY = JSON.stringify({ title: 'it broke' })
const desks: Desk[] = []
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.app.close()
})

async function open(settings: Parameters<typeof aDesk>[1] = {}, changes: Parameters<typeof aDesk>[2] = {}, signingSecret: string | undefined = SECRET) {
  const deliveries = new InMemoryDeliveries()
  const tokens = new InMemoryTokens()
  const fakes = { deliveries, reports: new InMemoryReports(), inbox: new InMemoryInbox(), artifacts: new InMemoryArtifacts(), tokens }
  const desk = await aDesk(fakes, settings, changes)
  desks.push(desk)
  const { key, secret } = await tokens.issueIngestKey({ name: 'production', source: 'signed', signingSecret })
  const url = `/hooks/signed/${secret}`
  const post = (payload: string | Buffer = BODY, headers: Record<string, string> = {}) =>
    desk.app.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/json', 'x-signature': signature(payload), ...headers } })
  const listen = async () => {
    await desk.app.listen({ host: '127.0.0.1', port: 0 })
    const address = desk.app.server.address()
    if (address === null || typeof address === 'string') throw new Error('it does not listen')
    return { base: `http://127.0.0.1:${address.port}`, port: address.port }
  }
  return { desk, deliveries, tokens, key, secret, url, post, listen }
}

test('a delivery is durable before it is answered, and the worker is woken after', async () => {
  const order: string[] = []
  const kept = new InMemoryDeliveries()
  const slow: Deliveries = Object.assign(Object.create(kept), {
    accept: async (delivery: Parameters<Deliveries['accept']>[0]) => {
      await wait(20)
      const accepted = await kept.accept(delivery)
      order.push('durable')
      return accepted
    },
  })
  const wake = { deliveries: async () => void order.push('woken'), report: async () => {}, run: async () => {}, outbound: async () => {} }
  const { post } = await open({}, { deliveries: slow, wake })
  const answer = await post()
  order.push('answered')
  expect(answer.statusCode).toBe(202)
  expect(answer.body).toBe('')
  expect(order).toEqual(['durable', 'woken', 'answered'])
  expect(Buffer.from((await kept.content((await kept.list({ limit: 1 }))[0]?.id ?? ''))?.body ?? '').toString()).toBe(BODY)
})

test('the same delivery again is answered alike and stored once', async () => {
  const { post, deliveries, desk } = await open()
  expect((await post()).statusCode).toBe(202)
  expect((await post()).statusCode).toBe(202)
  expect(await deliveries.list({ limit: 9 })).toMatchObject([{ state: 'accepted', duplicates: 1 }])
  expect(desk.woken).toEqual(['deliveries'])
})

test('a source that wants its own answer gets it', async () => {
  const reply = { status: 200, contentType: 'application/json', body: '{"partialSuccess":{}}' }
  const { post } = await open({}, { sources: new Map([['signed', { ...signedSource, reply }]]) })
  const answer = await post()
  expect([answer.statusCode, answer.headers['content-type'], answer.body]).toEqual([200, 'application/json; charset=utf-8', reply.body])
})

test('an unknown source, an unknown key, and a key of another source are one and the same 404', async () => {
  const { desk, secret } = await open()
  const ask = (url: string) => desk.app.inject({ method: 'POST', url, payload: BODY, headers: { 'content-type': 'application/json' } })
  const answers = await Promise.all([`/hooks/nobody/${secret}`, '/hooks/signed/nothing', `/hooks/signed/fpk_${'a'.repeat(43)}`, '/hooks/signed/'].map(ask))
  for (const answer of answers) {
    expect(answer.statusCode).toBe(404)
    expect(answer.json()).toEqual({ title: 'Not found', status: 404 })
  }
})

test('a revoked key is unknown once its trust has run out', async () => {
  const { post, tokens, key } = await open({ hooks: { keyTrustMs: 0 } })
  expect((await post()).statusCode).toBe(202)
  await tokens.revoke(key.id)
  expect((await post()).statusCode).toBe(404)
})

test('a store that fails or freezes is a 503, never a 2xx', async () => {
  const failing = { ...fakeDeliveries(), accept: () => Promise.reject(new Error('no database')) }
  const frozen = { ...fakeDeliveries(), accept: () => new Promise<never>(() => {}) }
  for (const deliveries of [failing, frozen]) {
    const { post, desk } = await open({ hooks: { acceptTimeoutMs: 50 } }, { deliveries })
    const answer = await post()
    expect(answer.statusCode).toBe(503)
    expect(answer.headers['retry-after']).toBe('30')
    expect(desk.woken).toEqual([])
  }
})

test('a wake-up that fails does not fail the delivery', async () => {
  const wake = { deliveries: () => Promise.reject(new Error('no queue')), report: async () => {}, run: async () => {}, outbound: async () => {} }
  const { post, desk } = await open({}, { wake })
  expect((await post()).statusCode).toBe(202)
  expect(desk.lines.join('\n')).toContain('a wake-up was lost')
})

test('a key over its rate is told when to come again; forgeries use up nothing of it', async () => {
  const { post } = await open({ hooks: { rate: { perSecond: 0.5, burst: 2 } } })
  for (let i = 0; i < 5; i += 1) expect((await post(BODY, { 'x-signature': 'forged' })).statusCode).toBe(401)
  const answers = [await post('{"a":1}'), await post('{"a":2}'), await post('{"a":3}')]
  expect(answers.map((answer) => answer.statusCode)).toEqual([202, 202, 429])
  expect(Number(answers[2]?.headers['retry-after'])).toBeGreaterThan(0)
})

test('gzip is taken; the signature is over what was in it', async () => {
  const { post, deliveries } = await open()
  const answer = await post(gzipSync(BODY), { 'content-encoding': 'gzip', 'x-signature': signature(BODY) })
  expect(answer.statusCode).toBe(202)
  expect((await deliveries.list({ limit: 1 }))[0]?.bytes).toBe(BODY.length)
})

test('credentials are not kept beside a body', async () => {
  const { post, deliveries } = await open()
  await post(BODY, {
    authorization: 'Bearer hunter2hunter2',
    cookie: 'a=hunter2',
    'sentry-hook-signature': 'hunter2',
    'x-api-key': 'hunter2',
    'sentry-hook-resource': 'error',
  })
  const content = await deliveries.content((await deliveries.list({ limit: 1 }))[0]?.id ?? '')
  expect(content?.headers['sentry-hook-resource']).toBe('error')
  expect(JSON.stringify(content?.headers)).not.toContain('hunter2')
})

describe('over real sockets', () => {
  test('100 copies at once: all are answered alike, one is stored', async () => {
    const { listen, url, deliveries } = await open()
    const { base } = await listen()
    const headers = { 'content-type': 'application/json', 'x-signature': signature(BODY) }
    const answers = await Promise.all(Array.from({ length: 100 }, () => fetch(base + url, { method: 'POST', body: BODY, headers })))
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([202]))
    expect(await deliveries.list({ limit: 9 })).toMatchObject([{ duplicates: 99 }])
  })

  test('100 MB in chunks are refused at the limit, and never held', async () => {
    const { listen, url } = await open()
    const { port } = await listen()
    const before = process.memoryUsage().rss
    const { status, sent } = await pour(port, url, 100)
    expect(status).toBe(413)
    expect(sent).toBeLessThan(30)
    expect(process.memoryUsage().rss - before).toBeLessThan(40 * 1_048_576)
  })

  test('a client that sends 5 MB in one piece reads why they are not taken', async () => {
    const { listen, url } = await open()
    const { base } = await listen()
    for (let i = 0; i < 10; i += 1) {
      const answer = await fetch(base + url, { method: 'POST', body: Buffer.alloc(5 * 1_048_576, 'x'), headers: { 'content-type': 'application/json' } })
      expect([answer.status, await answer.json()]).toEqual([413, { title: 'The body is too large', status: 413 }])
    }
  })

  test('a client that sends its body byte by byte is cut off, and nobody else waits for it', async () => {
    const { listen, url, post } = await open({ connections: { requestTimeoutMs: 600, headersTimeoutMs: 300 } })
    const { port } = await listen()
    const started = performance.now()
    const socket = connect(port, '127.0.0.1')
    socket.write(`POST ${url} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n`)
    const drip = setInterval(() => socket.writable && socket.write('x'), 50)
    let told = ''
    socket.on('data', (bytes) => {
      told += bytes
    })
    socket.on('error', () => {})
    const closed = new Promise((resolve) => socket.once('close', resolve))
    expect((await post()).statusCode).toBe(202)
    await closed
    clearInterval(drip)
    expect(performance.now() - started).toBeLessThan(5000)
    expect(told).not.toContain(' 202 ')
  })

  test('a body that ends early is stored by nobody; its owner sees that it came', async () => {
    const { listen, url, deliveries } = await open()
    const { port } = await listen()
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write(`POST ${url} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\nx-signature: ${signature(BODY)}\r\ncontent-length: 1000\r\n\r\n${BODY}`)
    await wait(50)
    socket.destroy()
    await expect.poll(() => deliveries.list({ limit: 9 })).toMatchObject([{ state: 'refused', bytes: 0, reason: 'The body did not arrive whole' }])
  })
})

/** Pours megabytes into a request without a length until it is answered or cut off. */
async function pour(port: number, url: string, megabytes: number): Promise<{ status: number; sent: number }> {
  const socket = connect(port, '127.0.0.1')
  let told = ''
  let over = false
  socket.on('data', (bytes) => {
    told += bytes
  })
  socket.on('error', () => {
    over = true
  })
  socket.on('close', () => {
    over = true
  })
  socket.write(`POST ${url} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`)
  const chunk = Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(1_048_576, 'x'), Buffer.from('\r\n')])
  let sent = 0
  for (; sent < megabytes && !over && told === ''; sent += 1) {
    if (!socket.write(chunk)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), wait(500)])
  }
  await wait(200)
  socket.destroy()
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(told)?.[1]), sent }
}

function fakeDeliveries(): Deliveries {
  const kept = new InMemoryDeliveries()
  return {
    accept: (delivery) => kept.accept(delivery),
    refuse: (delivery) => kept.refuse(delivery),
    waiting: (limit) => kept.waiting(limit),
    content: (id) => kept.content(id),
    conclude: (id, conclusion) => kept.conclude(id, conclusion),
    replay: (id) => kept.replay(id),
    get: (id) => kept.get(id),
    list: (page) => kept.list(page),
  }
}
