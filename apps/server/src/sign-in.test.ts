import { Failure } from '@fixpoint/core'
import { InMemoryArtifacts, InMemoryDeliveries, InMemoryInbox, InMemoryReports, InMemoryTokens } from '@fixpoint/testkit'
import { afterEach, expect, test } from 'vitest'
import type { SignIn } from './hands.ts'
import type { ServerSettingsInput } from './settings.ts'
import { aDesk, type Desk } from './testing.ts'

const desks: Desk[] = []
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.app.close()
})

async function open(person: SignIn['person'] = async () => ({ name: 'ann@github.com', scopes: ['read', 'decide'] }), settings: ServerSettingsInput = {}) {
  const fakes = { deliveries: new InMemoryDeliveries(), reports: new InMemoryReports(), inbox: new InMemoryInbox(), artifacts: new InMemoryArtifacts() }
  const asked: Parameters<SignIn['person']>[0][] = []
  const signIn: SignIn = {
    host: 'github.com',
    page: ({ origin, state, challenge }) => `https://github.com/login/oauth/authorize?${new URLSearchParams({ back: origin, state, challenge })}`,
    person: (answer) => {
      asked.push(answer)
      return person(answer)
    },
    rights: async () => ['read', 'decide'],
  }
  const desk = await aDesk({ ...fakes, tokens: new InMemoryTokens() }, settings, { signIn })
  desks.push(desk)
  const get = (url: string, cookie?: string) => desk.app.inject({ url, headers: { host: 'localhost:4317', ...(cookie && { cookie }) } })
  const begin = async () => {
    const { headers } = await get('/login/github')
    const cookie = String(headers['set-cookie'])
    return { cookie: cookie.split(';')[0] ?? '', attributes: cookie, there: new URL(String(headers.location)).searchParams }
  }
  return { desk, get, begin, asked }
}

test('somebody goes to the host and comes back with a session of their own rights', async () => {
  const { get, begin, asked } = await open()
  const { cookie, attributes, there } = await begin()
  expect(attributes).toMatch(/; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/)
  const back = await get(`/login/github/callback?code=abc&state=${there.get('state')}`, cookie)
  expect([back.statusCode, back.headers.location]).toEqual([303, '/'])
  expect(asked).toEqual([{ origin: 'http://localhost:4317', code: 'abc', verifier: expect.stringMatching(/^[\w-]{43}$/) }])
  const [ended, session] = back.headers['set-cookie'] as string[]
  expect(ended).toContain('Max-Age=0')
  expect(session).toContain('SameSite=Strict')
  expect((await get('/api/session', session?.split(';')[0])).json()).toEqual({ name: 'ann@github.com', scopes: ['read', 'decide'], by: 'session' })
  expect((await get('/api/tokens', session?.split(';')[0])).statusCode).toBe(403)
  expect((await get('/api/sign-in')).json()).toEqual({ host: 'github.com' })
})

test('an answer that this browser did not ask for opens nothing: another state, no cookie, another browser’s cookie', async () => {
  const { get, begin, asked } = await open()
  const [mine, theirs] = [await begin(), await begin()]
  for (const [state, cookie] of [
    ['x'.repeat(32), mine.cookie],
    [mine.there.get('state'), undefined],
    [mine.there.get('state'), theirs.cookie],
    [mine.there.get('state'), `${mine.cookie}; ${theirs.cookie}`],
    ['', mine.cookie],
  ]) {
    const answer = await get(`/login/github/callback?code=abc&state=${state}`, cookie ?? undefined)
    expect([answer.statusCode, String(answer.headers['set-cookie'])]).toEqual([403, expect.stringContaining('Max-Age=0')])
    expect(answer.body).toContain('was not begun in this browser')
  }
  expect(asked).toEqual([])
})

const refusals: readonly (readonly [name: string, query: string, person: SignIn['person'] | undefined, status: number, words: string])[] = [
  ['no agreement', '?error=access_denied', undefined, 403, 'was not allowed to say who you are'],
  ['a code that is not taken', '?code=used', async () => undefined, 403, 'does not take the code'],
  ['nobody who is listed', '?code=abc', async () => ({ name: '<script>@github.com', scopes: [] }), 403, '&lt;script&gt;@github.com may not look here'],
  [
    'a host that is down',
    '?code=abc',
    () => Promise.reject(new Failure('host-unreachable', 'github.com cannot be reached', 'Try later.')),
    502,
    'cannot be reached',
  ],
]
test.each(refusals)('%s is said in plain words', async (_name, query, person, status, words) => {
  const { get, begin } = await open(person)
  const { cookie, there } = await begin()
  const answer = await get(`/login/github/callback${query}&state=${there.get('state')}`, cookie)
  expect(answer.statusCode).toBe(status)
  expect(answer.body).toContain(words)
  expect(answer.body).not.toContain('<script>@')
  expect(String(answer.headers['set-cookie'])).not.toContain('fixpoint-session')
  expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
})

test('whoever guesses is kept out for a while; behind TLS the cookie is bound to this host', async () => {
  const { get } = await open(undefined, { access: { failures: { perSecond: 0.01, burst: 2 } } })
  const guess = () => get('/login/github/callback?code=abc&state=guessed')
  expect([(await guess()).statusCode, (await guess()).statusCode, (await guess()).statusCode]).toEqual([403, 403, 429])
  const { begin } = await open(undefined, { behindTlsProxy: true, hosts: ['localhost'] })
  const { attributes, there } = await begin()
  expect(attributes).toMatch(/^__Host-fixpoint-sign-in=.*; Secure$/)
  expect(there.get('back')).toBe('https://localhost:4317')
})

test('without it there is no such way in', async () => {
  const fakes = { deliveries: new InMemoryDeliveries(), reports: new InMemoryReports(), inbox: new InMemoryInbox(), artifacts: new InMemoryArtifacts() }
  const desk = await aDesk({ ...fakes, tokens: new InMemoryTokens() })
  desks.push(desk)
  expect((await desk.app.inject({ url: '/login/github', headers: { host: 'localhost' } })).statusCode).toBe(404)
  expect((await desk.app.inject({ url: '/api/sign-in', headers: { host: 'localhost' } })).json()).toEqual({})
})
