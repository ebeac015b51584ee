import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { GitHubApp, permissionsOf } from '../index.ts'

const TOKEN = 'ghs_0123456789abcdefghijklmnop'
const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const pace = { second: 1, betweenWrites: 0, betweenNotifications: 0, timeout: 200, longestWait: 1500 }

/** A GitHub of canned replies: for what a double does not say. */
function appOf(reply: (path: string, init: RequestInit) => Response | Promise<Response>) {
  const asked: string[] = []
  const fetch = async (url: string, init: RequestInit) => {
    const { pathname } = new URL(url)
    asked.push(`${init.method} ${pathname}`)
    if (pathname.endsWith('/installation')) return Response.json({ id: 7, permissions: { contents: 'write', issues: 'read' } })
    if (pathname.endsWith('/access_tokens')) return Response.json({ token: TOKEN, expires_at: new Date(Date.now() + 3_600_000).toISOString() }, { status: 201 })
    return reply(pathname, init)
  }
  return { app: new GitHubApp({ credentials: { kind: 'app', id: 'Iv1.x', privateKey: pem }, fetch, pace }), asked }
}
const say = (status: number, message: string, headers = {}) => Response.json({ message }, { status, headers })
const ask = (app: GitHubApp) => app.on('acme/shop', 'read').tell((rest) => rest.issues.get({ owner: 'acme', repo: 'shop', issue_number: 1 }))

describe('GitHubApp', () => {
  it('compares what is granted with what is needed', async () => {
    const granted = { contents: 'write', pull_requests: 'write', issues: 'write', checks: 'read', actions: 'read', metadata: 'read' }
    const installed = { id: 1, account: { login: 'acme' }, permissions: { ...granted, checks: 'write' }, suspended_at: null, html_url: 'https://x' }
    const { app } = appOf((path) => {
      if (path === '/app')
        return Response.json({ slug: 'fixpoint', permissions: { ...granted, workflows: 'write' }, events: ['issues'], html_url: 'https://x' })
      return Response.json([installed])
    })
    const found = await permissionsOf(app)
    expect(found).toMatchObject({ missing: [{ name: 'checks', needed: 'write', granted: 'read' }], needless: ['workflows'], installations: [{ missing: [] }] })
    expect(found?.missingEvents).toContain('issue_comment')
  })

  it.each([
    ['502', () => say(502, 'Bad gateway'), 'host-unreachable', 4],
    ['a hang', (_path: string, { signal }: RequestInit) => hang(signal), 'host-unreachable', 4],
    ['a page of a proxy', () => new Response('<html>', { headers: { 'content-type': 'text/html' } }), undefined, 1],
    ['a secondary limit that is short', () => say(403, 'You have exceeded a secondary rate limit', { 'retry-after': '1' }), 'host-rate-limited', 3],
    ['a secondary limit without a time', () => say(403, 'You have exceeded a secondary rate limit'), 'host-rate-limited', 1],
    [
      'a primary limit',
      () => say(403, 'API rate limit exceeded', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 3600) }),
      'host-rate-limited',
      1,
    ],
    ['a missing permission', () => say(403, 'Resource not accessible', { 'x-accepted-github-permissions': 'issues=write' }), 'host-refused', 1],
    ['gone', () => say(404, 'Not Found'), 'host-gone', 1],
    ['a credential that is not taken any more', () => say(401, `Bad credentials ${TOKEN}`), 'host-refused', 2],
  ] as const)('knows what to make of %s', async (_name, reply, code, times) => {
    const { app, asked } = appOf(reply)
    const error = await ask(app).then(
      () => undefined,
      (reason) => reason,
    )
    expect(error?.code).toBe(code)
    expect(asked.filter((each) => each.endsWith('/issues/1'))).toHaveLength(times)
    expect([error?.message, error?.hint, error?.stack, JSON.stringify(error ?? {}), error?.cause].join(' ')).not.toMatch(/ghs_|authorization|eyJ/i)
    if (code === 'host-rate-limited') expect(error.againInMs).toBeGreaterThan(0)
    if (_name === 'a missing permission') expect(error.hint).toContain('issues:write')
  })

  it('follows a renamed repository with its method, and gives its token to nobody else', async () => {
    const seen: [string, string | undefined, string | null][] = []
    const { app } = appOf((path, { method, headers }) => {
      seen.push([path, method, new Headers(headers).get('authorization')])
      if (path.startsWith('/repos/')) return new Response(null, { status: 301, headers: { location: 'https://api.github.com/repositories/5/issues/1' } })
      if (path.startsWith('/repositories/'))
        return method === 'PATCH' ? Response.json({}) : new Response(null, { status: 302, headers: { location: 'https://elsewhere.example/x' } })
      return Response.json({})
    })
    await app.on('acme/shop', 'write').tell((rest) => rest.issues.update({ owner: 'acme', repo: 'shop', issue_number: 1, title: 'x' }))
    expect(seen.map(([path, method]) => `${method} ${path}`)).toEqual(['PATCH /repos/acme/shop/issues/1', 'PATCH /repositories/5/issues/1'])
    await ask(app)
    expect(seen.at(-1)).toEqual(['/x', 'GET', null])
    expect(seen.at(-2)?.[2]).toContain(TOKEN)
  })

  it('refuses keys and addresses that are none', () => {
    expect(() => new GitHubApp({ credentials: { kind: 'app', id: '1', privateKey: 'no key' } })).toThrow(/private key/)
    expect(() => new GitHubApp({ credentials: { kind: 'personal-token', token: 'x' }, baseUrl: 'http://ghe.example/api/v3' })).toThrow(/address/)
    const enterprise = new GitHubApp({ credentials: { kind: 'personal-token', token: 'x' }, baseUrl: 'https://ghe.example/api/v3' })
    expect(enterprise.gitUrl('acme/shop')).toBe('https://ghe.example/acme/shop.git')
  })
})

function hang(signal: AbortSignal | null | undefined): Promise<Response> {
  return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
}
