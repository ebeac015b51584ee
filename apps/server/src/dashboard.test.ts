import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib'
import { InMemoryArtifacts, InMemoryDeliveries, InMemoryInbox, InMemoryReports, InMemoryTokens } from '@fixpoint/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aDesk, runId } from './testing.ts'

const BROWSER = { host: 'localhost', accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

async function served(dashboard: string | undefined) {
  const fakes = { deliveries: new InMemoryDeliveries(), reports: new InMemoryReports(), inbox: new InMemoryInbox() }
  const { app } = await aDesk({ ...fakes, artifacts: new InMemoryArtifacts(), tokens: new InMemoryTokens() }, {}, { dashboard })
  return app
}

describe('the dashboard', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dashboard-'))
    await mkdir(join(folder, 'assets'))
    await writeFile(join(folder, 'index.html'), '<title>Fixpoint</title>')
    await writeFile(join(folder, 'theme.js'), '1')
    await writeFile(join(folder, 'favicon.svg'), '<svg/>')
    await writeFile(join(folder, 'assets', 'index-abc.js'), 'code')
  })
  afterAll(() => rm(folder, { recursive: true }))

  test.each(['/', '/runs', '/proposals/run_1?file=a.ts'])('is one page under %s, never kept, under the strict policy', async (url) => {
    const answer = await (await served(folder)).inject({ url, headers: BROWSER })
    expect([answer.statusCode, answer.body, answer.headers['cache-control']]).toEqual([200, '<title>Fixpoint</title>', 'no-store'])
    expect(answer.headers['content-security-policy']).toContain("script-src 'self'")
  })

  test.each([
    ['/', ['/api/session', '/api/proposals?limit=100&sort=risk']],
    ['/?sort=age', ['/api/session']],
    [`/proposals/${runId(1)}?file=a.ts`, ['/api/session', `/api/proposals/${runId(1)}`]],
    ['/proposals/run_1', ['/api/session']],
  ])('a browser that opens %s is told what the page will ask first', async (url, questions) => {
    const { headers } = await (await served(folder)).inject({ url, headers: BROWSER })
    expect(headers.link).toBe(questions.map((question) => `<${question}>; rel=preload; as=fetch; crossorigin`).join(', '))
  })

  test('its assets are kept for ever, because their names change with them', async () => {
    const answer = await (await served(folder)).inject({ url: '/assets/index-abc.js', headers: { host: 'localhost' } })
    expect([answer.statusCode, answer.body]).toEqual([200, 'code'])
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(answer.headers['content-type']).toContain('javascript')
  })

  test('its assets go out as they were compressed when it was built', async () => {
    await writeFile(join(folder, 'assets', 'index-abc.js.br'), brotliCompressSync('code'))
    const answer = await (await served(folder)).inject({ url: '/assets/index-abc.js', headers: { host: 'localhost', 'accept-encoding': 'gzip, br' } })
    expect([answer.headers['content-encoding'], answer.headers.vary, brotliDecompressSync(answer.rawPayload).toString()]).toEqual([
      'br',
      'accept-encoding',
      'code',
    ])
    expect(answer.headers['content-type']).toContain('javascript')
  })

  test.each(['/api/nothing', '/hooks/nothing', '/assets/gone.js', '/assets/..%2f..%2fpackage.json', '/schema/x'])(
    '%s is not found, also by a browser',
    async (url) => {
      const answer = await (await served(folder)).inject({ url, headers: BROWSER })
      expect([404, 403, 400]).toContain(answer.statusCode)
      expect(answer.body).not.toContain('<title>')
    },
  )

  test('who wants no page gets none', async () => {
    const answer = await (await served(folder)).inject({ url: '/runs', headers: { host: 'localhost', accept: 'application/json' } })
    expect(answer.statusCode).toBe(404)
  })

  test.each([undefined, '/nowhere'])('that was not built (%s) says so', async (missing) => {
    const answer = await (await served(missing)).inject({ url: '/', headers: BROWSER })
    expect(answer.statusCode).toBe(503)
    expect(answer.body).toContain('npm run build')
  })
})
