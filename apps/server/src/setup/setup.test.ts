import { Failure } from '@fixpoint/core'
import { InMemoryArtifacts, InMemoryDeliveries, InMemoryInbox, InMemoryReports, InMemoryTokens } from '@fixpoint/testkit'
import { afterEach, describe, expect, test } from 'vitest'
import { aDesk, type Desk, wallClock } from '../testing.ts'
import type { GithubSetup } from './github-setup.ts'

const PEM = 'the private key of the app'
const desks: Desk[] = []
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.app.close()
})

async function open(change: Partial<GithubSetup> = {}) {
  const tokens = new InMemoryTokens()
  const fakes = { deliveries: new InMemoryDeliveries(), reports: new InMemoryReports(), inbox: new InMemoryInbox(), artifacts: new InMemoryArtifacts(), tokens }
  const codes: string[] = []
  const time = { ms: 0 }
  const githubSetup: GithubSetup = {
    hindrance: undefined,
    app: () => undefined,
    registration: ({ state, name, organization }) => ({
      action: `https://github.example/${organization === undefined ? '' : `organizations/${organization}/`}settings/apps/new?state=${state}`,
      manifest: { name, url: 'https://fixpoint.example/"><script>' },
    }),
    permissions: [{ name: 'contents', access: 'write', why: 'branches below fixpoint/' }],
    create: async (code) => {
      codes.push(code)
      return { slug: 'fixpoint-acme', url: 'https://github.example/apps/fixpoint-acme', pem: PEM } as { slug: string; url: string }
    },
    ...change,
  }
  const desk = await aDesk(fakes, {}, { githubSetup, settingsSchema: { title: 'settings' }, clock: { ...wallClock, monotonic: () => time.ms } })
  desks.push(desk)
  const admin = await desk.as('admin')
  const get = (url: string, headers: Record<string, string> = admin) => desk.app.inject({ url, headers })
  const begin = async (query = '') => {
    const page = await get(`/setup/github${query}`)
    return { page, state: /\?state=([\w-]+)/.exec(page.body)?.[1] ?? '' }
  }
  const finish = (fields: Record<string, string>, headers: Record<string, string> = admin) =>
    desk.app.inject({
      method: 'POST',
      url: '/setup/github/finish',
      payload: new URLSearchParams(fields).toString(),
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    })
  return { tokens, desk, codes, time, get, begin, finish }
}

test('from the form to the app', async () => {
  const { begin, get, finish, codes, desk } = await open()
  const { page, state } = await begin('?name=Acme+Fixer&organization=acme')
  expect(page.statusCode).toBe(200)
  expect(page.body).toContain('<form method="post" action="https://github.example/organizations/acme/settings/apps/new?state=')
  expect(page.body).toContain('value="{&quot;name&quot;:&quot;Acme Fixer&quot;')
  expect(page.body).toContain('branches below fixpoint/')
  expect(page.body).not.toContain('<script>')
  expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; .*form-action 'self' https:\/\/github\.example$/)

  const back = await get(`/setup/github/callback?code=a1b2c3&state=${state}`, { host: 'localhost' })
  expect(back.body).toContain('name="code" value="a1b2c3"')
  expect(back.headers['content-security-policy']).toMatch(/form-action 'self'$/)
  expect(codes).toEqual([])

  const done = await finish({ code: 'a1b2c3', state })
  expect(done.statusCode).toBe(200)
  expect(done.body).toContain('href="https://github.example/apps/fixpoint-acme/installations/new"')
  expect(done.body).toContain('Start the service again')
  expect(codes).toEqual(['a1b2c3'])
  for (const said of [done.body, ...desk.lines]) expect(said).not.toMatch(/private key|a1b2c3/)
  expect(desk.lines.join('\n')).not.toContain(state)
})

test('in a browser, whose cookie does not come along from another site', async () => {
  const { tokens, desk, get, finish } = await open()
  const { secret } = await tokens.issueLoginLink({ name: 'operator', scopes: ['admin'], expiresAt: new Date(Date.now() + 60_000) })
  const login = await get(`/login?link=${secret}`, { host: 'localhost' })
  const browser = { host: 'localhost', cookie: String(login.headers['set-cookie']).split(';')[0] ?? '' }
  const begun = await get('/setup/github', { ...browser, 'sec-fetch-site': 'none' })
  const state = /\?state=([\w-]+)/.exec(begun.body)?.[1] ?? ''
  const back = await get(`/setup/github/callback?code=a1b2c3&state=${state}`, { host: 'localhost', 'sec-fetch-site': 'cross-site' })
  expect(back.statusCode).toBe(200)
  expect(back.headers['referrer-policy']).toBe('same-origin')
  const fields = { code: 'a1b2c3', state }
  expect((await finish(fields, { ...browser, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' })).statusCode).toBe(403)
  expect((await finish(fields, { ...browser, origin: 'null', 'sec-fetch-site': 'same-origin' })).statusCode).toBe(403)
  expect((await finish(fields, { ...browser, origin: 'http://localhost', 'sec-fetch-site': 'same-origin' })).statusCode).toBe(200)
  expect(desk.lines.join('\n')).not.toContain('a1b2c3')
})

describe('is refused', () => {
  test('a state of somebody else, one that was used, and one that is ten minutes old', async () => {
    const { begin, finish, codes, time, desk } = await open()
    const first = (await begin()).state
    expect((await finish({ code: 'c', state: first }, await desk.as('admin'))).statusCode).toBe(403)
    expect((await finish({ code: 'c', state: 'made-up' })).statusCode).toBe(403)
    expect((await finish({ code: 'c', state: first })).statusCode).toBe(200)
    expect((await finish({ code: 'c', state: first })).statusCode).toBe(403)
    const late = (await begin()).state
    time.ms += 10 * 60_000
    expect((await finish({ code: 'c', state: late })).statusCode).toBe(403)
    expect(codes).toEqual(['c'])
  })

  test('whoever is not an admin', async () => {
    const { desk, get, finish } = await open()
    expect((await get('/setup/github', { host: 'localhost' })).statusCode).toBe(401)
    expect((await get('/setup/github', await desk.as('read', 'decide'))).statusCode).toBe(403)
    expect((await finish({ code: 'c', state: 's' }, { host: 'localhost' })).statusCode).toBe(401)
  })

  test.each(['?organization=a/b', '?organization=%22%3E', '?name=%3Cb%3E', `?name=${'x'.repeat(35)}`])('%s', async (query) => {
    expect((await (await open()).begin(query)).page.statusCode).toBe(400)
  })

  test('a code that GitHub does not take, without its words', async () => {
    const { begin, finish } = await open({ create: () => Promise.reject(new Error(PEM)) })
    const answer = await finish({ code: 'c', state: (await begin()).state })
    expect(answer.statusCode).toBe(502)
    expect(answer.body).not.toContain(PEM)
  })

  test('a second app, with the words of the settings', async () => {
    const { begin, finish } = await open({ create: () => Promise.reject(new Failure('settings-invalid', 'the settings have github already', 'Take it out.')) })
    const answer = await finish({ code: 'c', state: (await begin()).state })
    expect(answer.statusCode).toBe(409)
    expect(answer.body).toContain('the settings have github already')
  })
})

test('what stands in the way is said, and an app that is there is shown', async () => {
  expect((await (await open({ hindrance: 'Set server.publicUrl first.' })).begin()).page.body).toContain('Set server.publicUrl first.')
  const known = await open({ app: () => ({ slug: 'there', url: 'https://github.example/apps/there', inUse: true }) })
  expect((await known.begin()).page.body).toContain('<b>there</b>')
  expect((await known.begin()).page.body).not.toContain('Start the service again')
})

test('editors find the schema of the settings', async () => {
  const { get } = await open()
  expect((await get('/schema/fixpoint.schema.json', { host: 'localhost' })).json()).toEqual({ title: 'settings' })
})
