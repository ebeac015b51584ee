import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { post, refusalOf } from './post.ts'

const never = new AbortController().signal
const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function receiver(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
}

const answering = (status: number, body = '', headers: Record<string, string> = {}) =>
  receiver((_request, response) => response.writeHead(status, headers).end(body))

describe('an address', () => {
  it.each(['https://hooks.example.org/x', 'http://localhost:8080/', 'http://127.0.0.1/', 'http://127.9.9.9:1/', 'http://[::1]:3/'])(
    '%s may be used',
    (address) => {
      expect(refusalOf(address)).toBeUndefined()
    },
  )
  it.each([
    'http://example.org/',
    'http://10.0.0.1/',
    'http://127.0.0.1.example.org/',
    'http://169.254.169.254/',
    'ftp://example.org',
    'https://me:pw@example.org',
    'no',
  ])('%s may not', async (address) => {
    expect(refusalOf(address)).toMatch(/./)
    expect(await post(address, {}, '{}', never)).toMatchObject({ kind: 'refused', reason: expect.stringContaining('its address cannot be used') })
  })
})

describe('an answer', () => {
  it('of 2xx is taken', async () => {
    const bodies: string[] = []
    const address = await receiver((request, response) => {
      request.on('data', (data) => bodies.push(`${request.headers['x-mine']} ${data}`))
      request.on('end', () => response.writeHead(204).end())
    })
    expect(await post(address, { 'x-mine': 'yes' }, '{"a":1}', never)).toEqual({ kind: 'taken' })
    expect(bodies).toEqual(['yes {"a":1}'])
  })
  it.each([
    [500, 'no_service', {}, { kind: 'refused', reason: 'it answered 500 (no_service)', notBeforeMs: 0 }],
    [404, '<b>words of a stranger</b>', {}, { kind: 'refused', reason: 'it answered 404', notBeforeMs: 0 }],
    [429, '', { 'retry-after': '120' }, { kind: 'refused', reason: 'it answered 429', notBeforeMs: 120_000 }],
    [503, '', { 'retry-after': '99999999' }, { kind: 'refused', reason: 'it answered 503', notBeforeMs: 86_400_000 }],
    [410, '', {}, { kind: 'gone', reason: 'it answered 410: it wants nothing any more' }],
  ] as const)('of %s', async (status, body, headers, expected) => {
    expect(await post(await answering(status, body, headers), {}, '{}', never)).toEqual(expected)
  })
  it('that leads elsewhere is not followed', async () => {
    const asked: string[] = []
    const target = await receiver((_request, response) => {
      asked.push('target')
      response.end()
    })
    expect(await post(await answering(307, '', { location: target }), {}, '{}', never)).toMatchObject({
      reason: expect.stringContaining('redirects are not followed'),
    })
    expect(asked).toEqual([])
  })
  it('without an end is not read to it', async () => {
    let written = 0
    const address = await receiver((_request, response) => {
      response.writeHead(200)
      const timer = setInterval(() => {
        written += 32_768
        response.write('x'.repeat(32_768))
      }, 1)
      response.on('close', () => clearInterval(timer))
    })
    expect(await post(address, {}, '{}', never)).toEqual({ kind: 'taken' })
    expect(written).toBeLessThan(4_000_000)
  })
  it('of nobody is a reason, not an error', async () => {
    const address = await receiver((request) => request.socket.destroy())
    expect(await post(address, {}, '{}', never)).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/^it cannot be reached \(/) })
  })
  it('is waited for until we are told to go home', async () => {
    const home = new AbortController()
    const address = await receiver(() => home.abort(new Error('going home')))
    await expect(post(address, {}, '{}', home.signal)).rejects.toThrow('going home')
  })
})
