import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { post, refusalOf } from './post.ts'

const never = new AbortController().signal
const EMPTY = { headers: {}, body: '{}', reach: 'private' } as const
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

const INSIDE = [
  'https://127.0.0.1/',
  'http://127.9.9.9:1/',
  'http://localhost:8080/',
  'https://[::1]:3/',
  'https://10.0.0.1/',
  'https://192.168.1.1/',
  'https://[fd12::1]/',
]

describe('an address', () => {
  it.each(['https://hooks.example.org/x', 'https://93.184.216.34/', 'https://[2606:4700::1111]/'])('%s may be used', (address) => {
    expect(refusalOf(address, 'internet')).toBeUndefined()
  })
  it.each(INSIDE)('%s may be used when its owner says that it is inside', (address) => {
    expect(refusalOf(address, 'internet')).toBe('it is not an address of the internet')
    expect(refusalOf(address, 'private')).toBeUndefined()
  })
  it.each([
    ...['http://example.org/', 'http://10.0.0.1/', 'http://127.0.0.1.example.org/', 'https://me:pw@example.org', 'no', ''],
    ...['ftp://example.org', 'file:///etc/passwd', 'gopher://127.0.0.1:70/_x', 'javascript:alert(1)', 'unix:/run/docker.sock'],
    ...['http://169.254.169.254/', 'https://169.254.169.254/', 'https://[fe80::1]/', 'https://[fd00:ec2::254]/', 'https://100.100.100.200/'],
    ...['https://0.0.0.0/', 'https://[::]/', 'https://255.255.255.255/', 'https://224.0.0.1/', 'https://[ff02::1]/'],
    ...['https://[::ffff:127.0.0.1]/', 'https://[::ffff:169.254.169.254]/', 'https://[64:ff9b::7f00:1]/', 'https://[2002:7f00:1::]/'],
  ])('%s may not', async (address) => {
    for (const reach of ['internet', 'private'] as const) {
      expect(refusalOf(address, reach)).toMatch(/./)
      expect(await post(address, { headers: {}, body: '{}', reach }, never)).toMatchObject({
        kind: 'refused',
        reason: expect.stringContaining('its address cannot be used'),
      })
    }
  })
  it.each(['https://0x7f000001/', 'https://2130706433/', 'https://0177.0.0.1/', 'https://127.1/', 'https://%31%32%37.0.0.1/'])(
    '%s is this machine',
    (address) => {
      expect(refusalOf(address, 'internet')).toBe('it is not an address of the internet')
    },
  )
})

describe('a name', () => {
  const asked: string[] = []
  const leadingTo = (...addresses: readonly string[]) => ({
    resolve: async () => {
      asked.push(addresses.join())
      return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    },
  })
  it.each(['127.0.0.1', '10.1.2.3', '169.254.169.254', '::1', 'fd00:ec2::254', '::ffff:10.0.0.1'])('that leads to %s is not called', async (address) => {
    const called: unknown[] = []
    const server = createTcpServer((socket) => called.push(socket.destroy())).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    closing.push(() => server.close())
    const { port } = server.address() as AddressInfo
    for (const addresses of [[address], ['93.184.216.34', address]])
      expect(
        await post(`https://rebound.example.org:${port}/`, { headers: {}, body: '{}', reach: 'internet', ...leadingTo(...addresses) }, never),
      ).toMatchObject({ reason: 'its address cannot be used: its name leads to an address that messages may not go to' })
    expect(called).toEqual([])
  })
  it('is looked up once: what it leads to a moment later is not asked', async () => {
    asked.length = 0
    const { port } = new URL(await answering(204))
    const answers = [[{ address: '127.0.0.1', family: 4 }], [{ address: '169.254.169.254', family: 4 }]]
    const resolve = async () => answers.shift() ?? []
    expect(await post(`http://localhost:${port}/`, { headers: {}, body: '{}', reach: 'private', resolve }, never)).toEqual({ kind: 'taken' })
    expect(answers).toHaveLength(1)
  })
})

describe('an answer', () => {
  it('of 2xx is taken', async () => {
    const bodies: string[] = []
    const address = await receiver((request, response) => {
      request.on('data', (data) => bodies.push(`${request.headers['x-mine']} ${data}`))
      request.on('end', () => response.writeHead(204).end())
    })
    expect(await post(address, { ...EMPTY, headers: { 'x-mine': 'yes' }, body: '{"a":1}' }, never)).toEqual({ kind: 'taken' })
    expect(bodies).toEqual(['yes {"a":1}'])
  })
  it.each([
    [500, 'no_service', {}, { kind: 'refused', reason: 'it answered 500 (no_service)', notBeforeMs: 0 }],
    [404, '<b>words of a stranger</b>', {}, { kind: 'refused', reason: 'it answered 404', notBeforeMs: 0 }],
    [429, '', { 'retry-after': '120' }, { kind: 'refused', reason: 'it answered 429', notBeforeMs: 120_000 }],
    [503, '', { 'retry-after': '99999999' }, { kind: 'refused', reason: 'it answered 503', notBeforeMs: 86_400_000 }],
    [410, '', {}, { kind: 'gone', reason: 'it answered 410: it wants nothing any more' }],
  ] as const)('of %s', async (status, body, headers, expected) => {
    expect(await post(await answering(status, body, headers), EMPTY, never)).toEqual(expected)
  })
  it('that leads elsewhere is not followed', async () => {
    const asked: string[] = []
    const target = await receiver((_request, response) => {
      asked.push('target')
      response.end()
    })
    expect(await post(await answering(307, '', { location: target }), EMPTY, never)).toMatchObject({
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
    expect(await post(address, EMPTY, never)).toEqual({ kind: 'taken' })
    expect(written).toBeLessThan(4_000_000)
  })
  it('of nobody is a reason, not an error', async () => {
    const address = await receiver((request) => request.socket.destroy())
    expect(await post(address, EMPTY, never)).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/^it cannot be reached \(/) })
  })
  it('is waited for until we are told to go home', async () => {
    const home = new AbortController()
    const address = await receiver(() => home.abort(new Error('going home')))
    await expect(post(address, EMPTY, home.signal)).rejects.toThrow('going home')
  })
})
