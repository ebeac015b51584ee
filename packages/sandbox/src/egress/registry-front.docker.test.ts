import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RoomContainer } from '../container.ts'
import { connectEngine } from '../docker-engine.ts'
import { createScratch } from '../environments/environment-volumes.ts'
import { KEEPER } from '../host-config.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import { ownerLabels, thisProcess } from '../owner.ts'
import { Egress, SOCKET, SOCKET_FOLDER } from './egress.ts'
import { FRONT_URL } from './registry.ts'
import { startUpstream, type Upstream } from './upstream.fixture.ts'

const docker = connectEngine()
const never = new AbortController().signal
const image = 'fixpoint-node:latest'
const runId = `front-test-${randomBytes(4).toString('hex')}`
const program = readFileSync(new URL('../../../../sandbox-images/egress/registry-front.mjs', import.meta.url), 'utf8')
const TOKEN = `Bearer ${randomBytes(16).toString('hex')}`

let upstream: Upstream
let foreign: Upstream
let egress: Egress
let client: RoomContainer
let volume: string | undefined

beforeAll(async () => {
  foreign = await startUpstream(docker, (_, response) => void response.end('FOREIGN'))
  upstream = await startUpstream(docker, (request, response, base) => {
    const redirect = (location: string) => void response.writeHead(302, { location }).end()
    const packument = (tarball: string) => ({
      name: 'tiny',
      versions: { '1.0.0': { dist: { tarball } }, '6.6.6': { dist: { tarball: `${foreign.url}evil.tgz` } } },
    })
    if (request.url === '/npm/tiny')
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(packument(`${base}npm/tiny/-/tiny-1.0.0.tgz`)))
    else if (request.url === '/npm/moved') redirect(`${base}npm/tiny`)
    else if (request.url === '/npm/elsewhere') redirect(`${base}files/a.tgz`)
    else if (request.url === '/npm/out') redirect(`${foreign.url}evil`)
    else if (request.url === '/npm/up') redirect(`${base}npm/../secret`)
    else if (request.url === '/npm/escaped') redirect(`${base}npm/%2e%2e/secret`)
    else if (request.url === '/npm/scheme') redirect('file:///etc/passwd')
    else if (request.url === '/npm/user') redirect(base.replace('http://', 'http://me:you@').concat('npm/tiny'))
    else if (request.url === '/npm/circle') redirect(`${base}npm/circle`)
    else if (request.url === '/npm/huge') response.end(Buffer.alloc(5_000_000))
    else if (request.url === '/pip/tiny/')
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(`<a href="../../files/tiny.whl#sha256=ab">t</a> <a href="${foreign.url}evil.whl">e</a> <base href="${foreign.url}">`)
    else response.end(`the answer to ${request.url}`)
  })
  volume = await createScratch(docker, 'egress', runId, runId)
  const files = [`${upstream.url}files/`]
  egress = await Egress.start(
    docker,
    {
      maximumBytes: 2_000_000,
      registries: [
        { name: 'npm', kind: 'npm', url: `${upstream.url}npm/`, files, authorization: TOKEN, allowPrivate: true },
        { name: 'pip', kind: 'pip', url: `${upstream.url}pip/`, files, allowPrivate: true },
        { name: 'private', kind: 'npm', url: `${upstream.url}npm/` },
        { name: 'metadata', kind: 'npm', url: 'http://169.254.169.254/', allowPrivate: true },
        { name: 'mapped', kind: 'npm', url: 'http://[::ffff:a9fe:a9fe]/', allowPrivate: true },
        { name: 'loopback', kind: 'npm', url: 'http://127.0.0.1:4873/' },
        { name: 'loopback6', kind: 'npm', url: 'http://[::1]:4873/' },
        { name: 'byname', kind: 'npm', url: 'http://localhost:4873/' },
        { name: 'ten', kind: 'npm', url: 'http://10.0.0.1/' },
      ],
    },
    { image, program, volume, labels: ownerLabels(await thisProcess(docker), 'egress', runId, new Date(Date.now() + 600_000)) },
    never,
  )
  client = await RoomContainer.start(docker, {
    image,
    limits: DEFAULT_LIMITS,
    mounts: { volumes: [{ volume, path: SOCKET_FOLDER, readOnly: true }], tmpfs: [] },
    labels: ownerLabels(await thisProcess(docker), 'download', runId, new Date(Date.now() + 600_000)),
  })
})
afterAll(async () => {
  await client?.remove()
  await egress?.close()
  await upstream?.close()
  await foreign?.close()
  if (volume !== undefined) await docker.getVolume(volume).remove()
})

/** Sends bytes as they are to the front and returns everything that comes back. */
async function send(raw: string, user = KEEPER): Promise<string> {
  const code = `const s = require('net').connect(${JSON.stringify(SOCKET)}); s.on('error', (e) => console.log('ERROR ' + e.code)); s.pipe(process.stdout); process.stdin.pipe(s, { end: false })`
  const request = {
    argv: ['node', '-e', code],
    user,
    folder: '/',
    stdin: [Buffer.from(raw, 'latin1')],
    timeoutMs: 15_000,
    outputLimit: 6_000_000,
    floodLimit: 20_000_000,
  }
  return (await client.exec(request, never)).stdout
}
const get = (path: string) => send(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
const statuses = (answer: string) => [...answer.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status))

describe('the registry front serves', () => {
  it('packuments, with tarball addresses that lead back and no version that lies elsewhere', async () => {
    const answer = await get('/npm/tiny')
    expect(answer).toContain(`${FRONT_URL}/npm/tiny/-/tiny-1.0.0.tgz`)
    expect(answer).not.toContain('6.6.6')
    expect(upstream.requests.at(-1)).toEqual({ method: 'GET', url: '/npm/tiny', authorization: TOKEN })
  })
  it('simple index pages the same way, and files of the allowed host without the token', async () => {
    expect((await get('/pip/tiny/')).split('\r\n\r\n')[1]).toBe(`<a href="${FRONT_URL}/pip/~0/tiny.whl#sha256=ab">t</a> <a href="">e</a> `)
    expect(await get('/npm/elsewhere')).toContain('the answer to /files/a.tgz')
    expect(upstream.requests.at(-1)).toEqual({ method: 'GET', url: '/files/a.tgz', authorization: undefined })
  })
  it('scoped names and redirects inside the registry', async () => {
    expect(await get('/npm/@acme%2ftool')).toContain('the answer to /npm/@acme%2ftool')
    expect(statuses(await get('/npm/moved'))).toEqual([200])
  })
})

const line = (text: string, headers = '', body = '') => `${text} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n${body}`
const REFUSED: readonly (readonly [name: string, raw: () => string])[] = [
  ['POST', () => line('POST /npm/tiny', 'Content-Length: 2\r\n', '{}')],
  ['publishing (PUT)', () => line('PUT /npm/tiny', 'Content-Length: 2\r\n', '{}')],
  ['DELETE', () => line('DELETE /npm/tiny')],
  ['an upload of a megabyte with GET', () => line('GET /npm/tiny', 'Content-Length: 1000000\r\n', 'x'.repeat(1_000_000))],
  ['a chunked upload with GET', () => line('GET /npm/tiny', 'Transfer-Encoding: chunked\r\n', '5\r\nhello\r\n0\r\n\r\n')],
  ['CONNECT', () => line(`CONNECT ${foreign.url.slice(7, -1)}`)],
  ['CONNECT to port 22', () => line('CONNECT 172.17.0.1:22')],
  ['absolute form, another host', () => line(`GET ${foreign.url}evil`)],
  ['absolute form, the registry itself', () => line(`GET ${upstream.url}npm/tiny`)],
  ['absolute form with a user', () => line(`GET http://me@${foreign.url.slice(7)}`)],
  ['a host for a path', () => line(`GET //${foreign.url.slice(7)}evil`)],
  ['@ after the registry', () => line(`GET /npm@${foreign.url.slice(7)}`)],
  ['metadata address', () => line('GET /metadata/latest')],
  ['metadata address mapped into IPv6', () => line('GET /mapped/latest')],
  ['a private address that nobody allowed', () => line('GET /private/tiny')],
  ['10.0.0.1', () => line('GET /ten/tiny')],
  ['loopback', () => line('GET /loopback/tiny')],
  ['loopback, IPv6', () => line('GET /loopback6/tiny')],
  ['a name that resolves to loopback', () => line('GET /byname/tiny')],
  ['another registry', () => line('GET /other/tiny')],
  ['a trailing dot', () => line('GET /npm./tiny')],
  ['path traversal', () => line('GET /npm/../secret')],
  ['path traversal inside a name', () => line('GET /npm/tiny/../../secret')],
  ['%2e%2e', () => line('GET /npm/%2e%2e/secret')],
  ['%2F..%2F', () => line('GET /npm/tiny%2F..%2F..%2Fsecret')],
  ['double escapes', () => line('GET /npm/%252e%252e/secret')],
  ['backslashes', () => line('GET /npm/..\\secret')],
  ['a query', () => line('GET /npm/tiny?leak=1')],
  ['a fragment', () => line('GET /npm/tiny#@evil')],
  ['the audit', () => line('GET /npm/-/npm/v1/security/audits')],
  ['a file host that is not there', () => line('GET /npm/~1/a')],
  ['a long path', () => line(`GET /npm/${'a'.repeat(2000)}`)],
  ['a huge header', () => line('GET /npm/tiny', `X: ${'a'.repeat(20_000)}\r\n`)],
  ['a redirect to another host', () => line('GET /npm/out')],
  ['a redirect out of the registry', () => line('GET /npm/up')],
  ['a redirect with escapes', () => line('GET /npm/escaped')],
  ['a redirect to a file', () => line('GET /npm/scheme')],
  ['a redirect with a user', () => line('GET /npm/user')],
  ['a redirect in a circle', () => line('GET /npm/circle')],
  ['two lengths', () => line('GET /npm/tiny', 'Content-Length: 0\r\nContent-Length: 5\r\n', 'hello')],
  [
    'length and chunks together',
    () => line('GET /npm/tiny', 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\nGET /npm/secret HTTP/1.1\r\nHost: x\r\n\r\n'),
  ],
  ['an upgrade', () => line('GET /npm/tiny', 'Upgrade: websocket\r\nConnection: Upgrade\r\n')],
  ['a line feed in a header', () => 'GET /npm/tiny HTTP/1.1\nHost: x\n\rPOST /npm/x HTTP/1.1\r\n\r\n'],
  ['not HTTP', () => '\x16\x03\x01\x02\x00\x01'],
]

describe('the registry front refuses', () => {
  it.each(REFUSED)('%s', async (_, raw) => {
    const answer = await send(raw())
    // One refusal, or a connection that the front cut while it was still being written to.
    expect(statuses(answer).length === 1 || answer.startsWith('ERROR')).toBe(true)
    expect(statuses(answer).every((status) => status >= 400)).toBe(true)
    expect(answer).not.toMatch(/FOREIGN|the answer to/)
    expect(answer).not.toContain(TOKEN)
    expect(foreign.requests).toEqual([])
    expect(upstream.requests.filter(({ method, url }) => method !== 'GET' || url.includes('secret') || url.includes('leak'))).toEqual([])
  })
  it('a second request smuggled behind a refused one', async () => {
    const answer = await send('POST /npm/tiny HTTP/1.1\r\nHost: x\r\nContent-Length: 44\r\n\r\nGET /npm/smuggled HTTP/1.1\r\nHost: x\r\n\r\n        ')
    expect(statuses(answer)[0]).toBe(405)
    expect(upstream.requests.map(({ url }) => url)).not.toContain('/npm/smuggled')
  })
  it('more bytes than one installation may take', async () => {
    const answer = await get('/npm/huge')
    expect(answer.length).toBeLessThan(2_100_000)
    expect(egress.requests.find(({ path }) => path === '/npm/huge')).toMatchObject({ status: 507, reason: expect.stringContaining('more bytes') })
  })
  it('everybody but root: the installer itself cannot open the socket', async () => {
    expect(await send(line('GET /npm/tiny'), '1000:1000')).toContain('ERROR EACCES')
  })
})

it('shows the token to nobody: not in what the engine tells, not in the download container', async () => {
  const listed = await docker.listContainers({ all: true, filters: { label: [`dev.fixpoint.run=${runId}`] } })
  expect(listed).toHaveLength(2)
  const inspected = await Promise.all(
    listed.map(async ({ Id: id }) => JSON.stringify([await docker.getContainer(id).inspect(), await docker.getContainer(id).top()])),
  )
  expect(inspected.join()).not.toContain(TOKEN.slice(7))
  const script = 'cat /proc/*/environ /proc/*/cmdline 2>/dev/null; grep -rs . /fixpoint /home /workspace /tmp /run 2>/dev/null'
  const seen = await client.exec(
    { argv: ['sh', '-c', script], user: KEEPER, folder: '/', timeoutMs: 20_000, outputLimit: 4_000_000, floodLimit: 20_000_000 },
    never,
  )
  expect(seen.stdout).not.toContain(TOKEN.slice(7))
})

it('writes down every request', () => {
  expect(egress.requests.find(({ path }) => path === '/npm/moved')).toMatchObject({ method: 'GET', status: 200, bytes: expect.any(Number) })
  expect(egress.requests.find(({ path, method }) => path === '/npm/tiny' && method === 'PUT')).toMatchObject({
    status: 405,
    bytes: 0,
    reason: 'only GET and HEAD',
  })
})
