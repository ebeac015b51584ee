import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer as createHttp, request } from 'node:http'
import { createServer as createHttps } from 'node:https'
import { type AddressInfo, connect, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type HostedShop, hostedShop } from '@fixpoint/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readEnv } from '../../apps/cli/src/env.ts'
import { Hosting } from '../../apps/cli/src/serve/hosting.ts'
import { OperatorSettings } from '../../apps/cli/src/serve/operator-settings.ts'

const never = new AbortController().signal
const pace = { second: 1, betweenWrites: 0, betweenNotifications: 0 }

/** A GitHub Enterprise in the house: behind TLS, with a certificate that only the house vouches for, and a proxy on the way. */
let there: HostedShop
let home: string
let enterprise: Server
let proxy: Server
let tunnels: string[] = []
beforeAll(async () => {
  there = await hostedShop()
  home = await mkdtemp(join(tmpdir(), 'fixpoint-company-'))
  await writeFile(join(home, 'app.pem'), there.fixpoint.pem, { mode: 0o600 })
  const [key, cert] = [join(home, 'key.pem'), join(home, 'ca.pem')]
  const about = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  await promisify(execFile)('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert, ...about])
  const inside = new URL(there.github.origin)
  enterprise = createHttps({ key: await readFile(key), cert: await readFile(cert) }, (incoming, response) => {
    const { method, url: path, headers } = incoming
    const passed = request({ host: inside.hostname, port: inside.port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    incoming.pipe(passed)
  })
  const relay = createHttp()
  relay.on('connect', ({ url = '' }, socket, head) => {
    tunnels.push(url)
    const [host = '', port] = url.split(':')
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      onward.write(head)
      socket.pipe(onward).pipe(socket)
    })
    for (const end of [socket, onward]) end.on('error', () => [socket, onward].map((each) => each.destroy()))
  })
  proxy = relay
  for (const server of [enterprise, proxy]) await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
})
afterAll(async () => {
  for (const server of [enterprise, proxy]) server.close()
  await there.github[Symbol.asyncDispose]()
  await rm(home, { recursive: true })
})

const portOf = (server: Server) => (server.address() as AddressInfo).port

async function hosting(variables: Readonly<Record<string, string>>) {
  const env = readEnv({ FIXPOINT_HOME: home, HOOKS: 'a secret that is long enough', PATH: process.env.PATH, ...variables })
  const app = { id: there.fixpoint.id, privateKey: { file: 'app.pem' }, webhookSecret: { env: 'HOOKS' } }
  const settings = OperatorSettings.parse({ github: { apiUrl: `https://localhost:${portOf(enterprise)}/api/v3`, app } })
  const opened = await Hosting.open(settings, env, never, pace)
  if (opened === undefined) throw new Error('the settings name a GitHub')
  return opened
}

const fetched = async (opened: Hosting) => {
  await opened.mirrorOf('acme/shop').discard()
  await using repository = await opened.repository('acme/shop', { signal: never, revisions: [], fresh: true })
  return repository.resolve()
}

it('an authority of the house is trusted by requests and by git once it is named, and before that it is said', async () => {
  await expect(hosting({})).rejects.toMatchObject({ code: 'host-unreachable', hint: expect.stringContaining('FIXPOINT_CA') })
  const opened = await hosting({ FIXPOINT_CA: join(home, 'ca.pem') })
  expect(opened.hosts.self.login).toBe('fixpoint[bot]')
  expect(await fetched(opened)).toBe(await there.shop.git.tip('main'))
})

it('a proxy carries requests and git, but for hosts that are named', async () => {
  const through = { FIXPOINT_CA: join(home, 'ca.pem'), HTTPS_PROXY: `http://localhost:${portOf(proxy)}` }
  tunnels = []
  const opened = await hosting(through)
  expect(tunnels).toEqual([expect.stringMatching(/^localhost:\d+$/)].concat(tunnels.slice(1)))
  const before = tunnels.length
  expect(await fetched(opened)).toBe(await there.shop.git.tip('main'))
  expect(tunnels.length).toBeGreaterThan(before)
  tunnels = []
  expect(await fetched(await hosting({ ...through, NO_PROXY: 'localhost' }))).toBe(await there.shop.git.tip('main'))
  expect(tunnels).toEqual([])
})
