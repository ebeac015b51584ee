import type { Scope } from '@fixpoint/core'
import { InMemoryArtifacts, InMemoryDeliveries, InMemoryInbox, InMemoryReports, InMemoryTokens } from '@fixpoint/testkit'
import { afterEach, describe, expect, test } from 'vitest'
import type { ServerSettingsInput } from './settings.ts'
import { aDesk, type Desk, runId, summary } from './testing.ts'

const desks: Desk[] = []
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.app.close()
})

async function open(settings: ServerSettingsInput = {}) {
  const tokens = new InMemoryTokens()
  const fakes = { deliveries: new InMemoryDeliveries(), reports: new InMemoryReports(), inbox: new InMemoryInbox(), artifacts: new InMemoryArtifacts(), tokens }
  const desk = await aDesk(fakes, settings)
  desks.push(desk)
  const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000)
  const cookieOf = async (...scopes: readonly ('read' | 'decide' | 'admin')[]) => {
    const { secret } = await tokens.openSession({ name: 'Ada', scopes, expiresAt: inHours(1) })
    return `fixpoint-session=${secret}`
  }
  return { ...desk, tokens, inHours, cookieOf }
}

/** Every route as the documentation lists it, with something in the place of its parameters. */
async function everyRoute(desk: Desk): Promise<{ method: string; url: string }[]> {
  const { paths } = (await desk.app.inject({ url: '/openapi.json', headers: { host: 'localhost' } })).json() as {
    paths: Record<string, Record<string, unknown>>
  }
  const filled = (path: string) =>
    path
      .replace('{run}', runId(1))
      .replace('{digest}', 'a'.repeat(64))
      .replaceAll(/\{\w+\}/g, 'x')
  return Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => ({ method: method.toUpperCase(), url: filled(path) })))
}
const OPEN = ['/healthz', '/readyz', '/metrics', '/login', '/api/sign-in', '/openapi.json']

describe('D1: every route asks who it is', () => {
  test('without a token', async () => {
    const desk = await open()
    const routes = await everyRoute(desk)
    expect(routes.length).toBeGreaterThan(25)
    for (const { method, url } of routes) {
      if (OPEN.includes(url) || url.startsWith('/hooks/') || (url === '/api/session' && method === 'POST')) continue
      const answer = await desk.app.inject({ method: method as 'GET', url, headers: { host: 'localhost' } })
      expect([method, url, answer.statusCode]).toEqual([method, url, 401])
      expect(answer.headers['www-authenticate']).toBe('Bearer')
    }
  })

  test('with a token that has no scope for it', async () => {
    const desk = await open()
    const read = await desk.as('read')
    const refused = []
    for (const { method, url } of await everyRoute(desk)) {
      if (method === 'GET' || url.startsWith('/hooks/') || url === '/api/session') continue
      const answer = await desk.app.inject({ method: method as 'POST', url, headers: read })
      expect([method, url, answer.statusCode]).toEqual([method, url, 403])
      refused.push(url)
    }
    expect(refused.length).toBeGreaterThan(12)
    expect((await desk.app.inject({ url: '/api/tokens', headers: await desk.as('read', 'decide') })).statusCode).toBe(403)
  })

  test('a route that forgets to say who may ask does not start', async () => {
    const desk = await open()
    // Routes cannot be added to a server that is ready, so the guard is asked itself.
    expect(Object.keys(desk.app)).toBeDefined()
    const { guard } = await import('./guard.ts')
    const { default: fastify } = await import('fastify')
    const bare = fastify()
    guard(bare as never, {} as never)
    expect(() => bare.get('/api/forgotten', async () => 'secrets')).toThrow('says nothing about who may ask')
  })
})

describe('tokens', () => {
  test('revoked, expired, malformed and unknown ones open nothing', async () => {
    const desk = await open({ access: { failures: { perSecond: 1, burst: 100 } } })
    const revoked = await desk.tokens.issueApiToken({ name: 'old', scopes: ['read'] })
    await desk.tokens.revoke(revoked.token.id)
    const expired = await desk.tokens.issueApiToken({ name: 'old', scopes: ['read'], expiresAt: desk.inHours(-1) })
    const given = [revoked.secret, expired.secret, 'x', 'fpt_'.padEnd(47, 'a'), '', 'a b', "'; drop table tokens"]
    for (const secret of given) {
      const answer = await desk.app.inject({ url: '/api/reports', headers: { host: 'localhost', authorization: `Bearer ${secret}` } })
      expect([secret, answer.statusCode]).toEqual([secret, 401])
    }
  })

  test('D8: who guesses has to wait, who knows does not', async () => {
    const desk = await open({ access: { failures: { perSecond: 0.01, burst: 3 } } })
    const known = await desk.as('read')
    expect((await desk.app.inject({ url: '/api/reports', headers: known })).statusCode).toBe(200)
    const guess = (secret: string) =>
      desk.app.inject({ url: '/api/reports', headers: { host: 'localhost', authorization: `Bearer ${secret.padEnd(40, 'x')}` } })
    const answers = []
    for (const secret of ['a', 'b', 'c', 'd', 'e']) answers.push((await guess(secret)).statusCode)
    expect(answers).toEqual([401, 401, 401, 429, 429])
    expect((await desk.app.inject({ url: '/api/reports', headers: known })).statusCode).toBe(200)
  })
})

describe('login links and sessions', () => {
  test('an admin makes a link for somebody, with the rights of a person', async () => {
    const desk = await open()
    const ask = async (body: object, ...scopes: readonly Scope[]) =>
      desk.app.inject({ method: 'POST', url: '/api/login-links', payload: body, headers: await desk.as(...scopes) })
    const made = await ask({ name: 'Grace', scopes: ['read', 'decide'] }, 'admin')
    expect([made.statusCode, made.json().path]).toEqual([201, expect.stringMatching(/^\/login\?link=[\w-]{20,}$/)])
    const opened = await desk.app.inject({ url: made.json().path, headers: { host: 'localhost:4317' } })
    expect(opened.statusCode).toBe(303)
    expect(desk.lines.join('')).not.toContain(made.json().path.split('=')[1])
    expect((await ask({ name: 'Grace', scopes: ['upload'] }, 'admin')).statusCode).toBe(400)
    expect((await ask({ name: 'Grace', scopes: ['read'] }, 'read', 'decide')).statusCode).toBe(403)
  })

  test('a link opens one session, once; logging out ends it', async () => {
    const desk = await open()
    const { secret } = await desk.tokens.issueLoginLink({ name: 'Ada', scopes: ['read', 'decide'], expiresAt: desk.inHours(1) })
    const first = await desk.app.inject({ url: `/login?link=${secret}`, headers: { host: 'localhost:4317' } })
    expect([first.statusCode, first.headers.location]).toEqual([303, '/'])
    const set = String(first.headers['set-cookie'])
    expect(set).toMatch(/^fixpoint-session=[\w-]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/)
    const second = await desk.app.inject({ url: `/login?link=${secret}`, headers: { host: 'localhost:4317' } })
    expect(second.statusCode).toBe(401)
    expect(second.headers['set-cookie']).toBeUndefined()
    // Who opens it in a browser reads a page, and a program an answer that it can read.
    expect(second.json().title).toBe('The login link was used or has expired')
    const third = await desk.app.inject({ url: `/login?link=${secret}`, headers: { host: 'localhost:4317', accept: 'text/html,*/*;q=0.8' } })
    expect([third.statusCode, third.headers['content-type']]).toEqual([401, 'text/html; charset=utf-8'])
    expect(third.body).toContain('<h1>The login link was used or has expired</h1>\n<p>Ask for another one: <code>fixpoint login</code>.</p>')
    expect(third.headers['content-security-policy']).toContain("default-src 'none'")

    const cookie = set.split(';')[0] ?? ''
    const own = { host: 'localhost:4317', cookie, origin: 'http://localhost:4317' }
    expect((await desk.app.inject({ url: '/api/session', headers: own })).json()).toEqual({ name: 'Ada', scopes: ['read', 'decide'], by: 'session' })
    expect((await desk.app.inject({ method: 'DELETE', url: '/api/session', headers: own })).statusCode).toBe(204)
    const after = await desk.app.inject({ url: '/api/session', headers: own })
    expect([after.statusCode, String(after.headers['set-cookie'])]).toEqual([401, expect.stringContaining('Max-Age=0')])
  })

  test('behind TLS the cookie is bound to the host and to TLS', async () => {
    const desk = await open({ behindTlsProxy: true, hosts: ['fixpoint.example.org'] })
    const { secret } = await desk.tokens.issueLoginLink({ name: 'Ada', scopes: ['read'], expiresAt: desk.inHours(1) })
    const answer = await desk.app.inject({ method: 'POST', url: '/api/session', headers: { host: 'fixpoint.example.org' }, payload: { link: secret } })
    expect(answer.statusCode).toBe(201)
    expect(String(answer.headers['set-cookie'])).toMatch(/^__Host-fixpoint-session=.*; Secure$/)
    expect(answer.headers['strict-transport-security']).toBeDefined()
  })

  test('links are guessed ten times a minute at most', async () => {
    const desk = await open()
    const guess = () => desk.app.inject({ url: `/login?link=${'a'.repeat(43)}`, headers: { host: 'localhost' } })
    const answers = []
    for (let i = 0; i < 12; i += 1) answers.push((await guess()).statusCode)
    expect(answers.slice(0, 10)).toEqual(Array(10).fill(401))
    expect(answers.slice(10)).toEqual([429, 429])
  })

  test('two cookies of one name are none', async () => {
    const desk = await open()
    const cookie = await desk.cookieOf('read')
    const answer = await desk.app.inject({ url: '/api/session', headers: { host: 'localhost', cookie: `fixpoint-session=planted; ${cookie}` } })
    expect(answer.statusCode).toBe(401)
  })
})

describe('D2: a page of another site can do nothing with our cookie', () => {
  const rows: readonly [string, Record<string, string>, number][] = [
    ['our own page', { origin: 'http://localhost:4317', 'sec-fetch-site': 'same-origin' }, 202],
    ['no origin at all', {}, 403],
    ['another site', { origin: 'https://evil.example' }, 403],
    ['another port of this machine', { origin: 'http://localhost:9999' }, 403],
    ['a name that begins like ours', { origin: 'http://localhost:4317.evil.example' }, 403],
    ['a user before the host', { origin: 'http://localhost:4317@evil.example' }, 403],
    ['a sandboxed frame', { origin: 'null' }, 403],
    ['a sibling that forges the origin but not the browser', { origin: 'http://localhost:4317', 'sec-fetch-site': 'cross-site' }, 403],
  ]
  test.each(rows)('%s', async (_name, headers, status) => {
    const desk = await open()
    desk.runs.set(summary(1))
    const cookie = await desk.cookieOf('read', 'decide')
    const answer = await desk.app.inject({ method: 'POST', url: `/api/runs/${runId(1)}/cancel`, headers: { host: 'localhost:4317', cookie, ...headers } })
    expect(answer.statusCode).toBe(status)
  })
  test('nor read with it', async () => {
    const desk = await open()
    const headers = { host: 'localhost', cookie: await desk.cookieOf('read'), origin: 'https://evil.example' }
    expect((await desk.app.inject({ url: '/api/reports', headers })).statusCode).toBe(403)
  })
  test('a body that a form could send is not taken', async () => {
    const desk = await open()
    const headers = { ...(await desk.as('decide')), 'content-type': 'text/plain' }
    expect((await desk.app.inject({ method: 'PUT', url: '/api/stop', headers, payload: '{"stopped":true}' })).statusCode).toBe(415)
  })
})

describe('D6: under a name that is not ours nobody is served', () => {
  test.each(['evil.example', 'evil.example:4317', 'localhost.evil.example', '127.0.0.1.nip.io', 'a b', '[::2]', '10.0.0.1'])('%s', async (host) => {
    const desk = await open()
    const headers = { ...(await desk.as('read')), host }
    for (const url of ['/api/reports', '/metrics', '/openapi.json', '/nothing'])
      expect([url, (await desk.app.inject({ url, headers })).statusCode]).toEqual([url, 421])
  })
  test.each(['localhost', 'LOCALHOST:4317', '127.0.0.1:4317', '[::1]:4317', 'fixpoint.example.org'])('%s is ours', async (host) => {
    const desk = await open({ hosts: ['fixpoint.example.org'] })
    expect((await desk.app.inject({ url: '/api/reports', headers: { ...(await desk.as('read')), host } })).statusCode).toBe(200)
  })
})

test('every answer carries headers that keep browsers strict', async () => {
  const desk = await open()
  for (const url of ['/healthz', '/api/reports', '/nothing', '/hooks/a/b', '/%zz']) {
    const { headers } = await desk.app.inject({ url, headers: { host: 'localhost' } })
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['x-powered-by']).toBeUndefined()
    expect(headers['access-control-allow-origin']).toBeUndefined()
  }
})

test('no token, cookie or address reaches the log', async () => {
  const desk = await open()
  const { secret } = await desk.tokens.issueLoginLink({ name: 'Ada', scopes: ['read'], expiresAt: desk.inHours(1) })
  const given = await desk.as('read')
  await desk.app.inject({ url: `/login?link=${secret}`, headers: { host: 'localhost' } })
  await desk.app.inject({ url: '/api/reports?repository=canary', headers: given })
  await desk.app.inject({ url: '/api/reports?limit=canary', headers: given })
  await desk.app.inject({ url: '/api/reports', headers: { host: 'localhost', authorization: 'Bearer canary-canary-canary-canary' } })
  const log = desk.lines.join('\n')
  expect(log.split('\n').length).toBeGreaterThan(3)
  for (const word of [secret, given.authorization.slice(7), 'canary']) expect(log).not.toContain(word)
})
