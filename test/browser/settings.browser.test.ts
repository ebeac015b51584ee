import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runId } from '../../apps/server/src/testing.ts'
import { openBrowser } from './chromium.ts'
import { accessibilityProblems, type ServedDashboard, servedDashboard } from './served-dashboard.ts'

const HOSTILE = '<img src=x onerror="window.ran=1">'
const SECTIONS = ['people', 'keys', 'models', 'spending', 'github', 'notifications', 'stop', 'changes', 'effective', 'browser']
const settings = {
  repositories: { shop: { path: '/srv/shop', revision: 'main' } },
  budget: { minutes: 15, attempts: 8 },
  outbound: { team: { kind: 'slack', url: 'https://hooks.example/T1', events: ['proposal.ready'] } },
  github: { app: { id: 123456, privateKey: { file: 'app.pem' } }, repositories: ['acme/*'], autonomy: 'draft-pr' },
  server: { host: '127.0.0.1', port: 4317 },
}
const message = {
  ...{ id: 'msg_1', subscriber: 'team', at: new Date(), run: runId(4), report: undefined, repository: 'shop', attempts: 5 },
  ...{ announcement: { topic: 'run.started' as const }, state: 'failed' as const, nextAt: new Date(), reason: HOSTILE },
}
const trial = { model: 'anthropic/claude', firstMs: 420, wholeMs: 1200, tools: 'called' as const, contextTokens: 200_000, tokens: 321, money: 0.002 }
const failure = { code: 'model-key-refused', message: `the key is not taken: ${HOSTILE}`, hint: 'Set another key.' }
const lanes = [
  { name: 'patterns', share: 1, reads: false },
  {
    name: 'strong',
    model: 'anthropic/claude',
    share: 0.7,
    attempts: 3,
    contextTokens: 200_000,
    price: { input: 3, output: 15 },
    key: { from: 'ANTHROPIC_API_KEY', set: true },
    reads: false,
  },
  { name: 'cheap', model: 'openai/small', share: 0.3, key: { from: 'OPENAI_API_KEY', set: false }, reads: true },
]

describe('the settings', () => {
  let browser: Browser
  let dashboard: ServedDashboard
  const resent: string[] = []

  beforeAll(async () => {
    const hands = {
      effectiveSettings: () => settings,
      spending: { perRun: { money: 5 }, perRepositoryPerDay: {}, perDay: { money: 20, tokens: 4_000_000 } },
      ledger: {
        since: async () => [
          { day: new Date().toISOString().slice(0, 10), repository: 'shop', spent: { money: 21, tokens: 900_000 }, reserved: { money: 0, tokens: 0 } },
        ],
      },
      outbox: { list: async () => [message], resend: async (id: string) => resent.push(id) > 0 },
      models: {
        lanes: () => ({ lanes, hint: undefined }),
        try: async (lane: string) => (lane === 'strong' ? trial : { ...trial, failure }),
      },
    }
    ;[browser, dashboard] = await Promise.all([openBrowser(), servedDashboard(hands)])
  })
  afterAll(async () => {
    await browser.close()
    await dashboard[Symbol.asyncDispose]()
  })
  const opened = (section: string, options: object = {}) => dashboard.open(browser, `/settings?section=${section}`, ['read', 'decide', 'admin'], options)

  it('issue tokens and login links that work, show them once, revoke them, and write down who did it', async () => {
    const page = await opened('people')
    await page.getByRole('button', { name: 'New token' }).click()
    await page.getByLabel('Name').fill('the build')
    await page.getByRole('checkbox', { name: /upload/ }).check()
    await page.getByRole('button', { name: 'Issue the token' }).click()
    const secret = await page.getByRole('dialog', { name: 'The token' }).locator('code').textContent()
    expect((await fetch(`${dashboard.address}/api/session`, { headers: { authorization: `Bearer ${secret}` } })).status).toBe(200)
    await page.getByRole('button', { name: 'Done' }).click()
    await page
      .getByRole('row', { name: /the build read, upload/ })
      .getByRole('button', { name: 'Revoke' })
      .click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await page.getByRole('row', { name: /the build.*revoked/ }).waitFor()
    expect((await fetch(`${dashboard.address}/api/session`, { headers: { authorization: `Bearer ${secret}` } })).status).toBe(401)

    await page.getByRole('button', { name: 'New login link' }).click()
    await page.getByLabel('Who it is for').fill('Grace')
    await page.getByRole('checkbox', { name: /^decide/ }).check()
    await page.getByRole('button', { name: 'Make the link' }).click()
    const link = (await page.getByRole('dialog', { name: 'The login link' }).locator('code').textContent()) ?? ''
    const hers = await (await browser.newContext()).newPage()
    await hers.goto(link)
    await hers.getByTitle('Signed in as Grace').waitFor()
    await hers.context().close()

    await page.goto(`${dashboard.address}/settings?section=changes`)
    await page.getByRole('row', { name: /ada Revoke a token/ }).waitFor()
    await page.getByRole('row', { name: /ada Issue a link that opens the dashboard once/ }).waitFor()
    await page.context().close()
  })

  it('give a webhook address for a source, once', async () => {
    const page = await opened('keys')
    await page.getByText('no alert can come in').waitFor()
    await page.getByRole('button', { name: 'New ingest key' }).click()
    await page.getByLabel('Name').fill('production')
    await page.getByLabel('Signing secret').fill('too short')
    await page.getByRole('button', { name: 'Issue the key' }).click()
    await page.getByLabel('Signing secret').fill('long enough for everybody')
    await page.getByRole('button', { name: 'Issue the key' }).click()
    expect(await page.getByRole('dialog', { name: 'The webhook address' }).locator('code').textContent()).toContain(`${dashboard.address}/hooks/signed/`)
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('row', { name: /production signed/ }).waitFor()
    await page.context().close()
  })

  it('stop everything with a reason, and let it go on', async () => {
    const page = await opened('stop')
    await page.getByRole('button', { name: 'Stop everything' }).click()
    await page.getByLabel('Why').fill(HOSTILE)
    await page.getByRole('button', { name: 'Stop', exact: true }).click()
    await page.getByText('Everything is stopped').waitFor()
    await page.getByText(`ada, just now: ${HOSTILE}`).waitFor()
    expect((await dashboard.desk.hands.stop.get()).stopped).toBe(true)
    await page.getByRole('button', { name: 'Let work go on' }).click()
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByText('Work goes on').waitFor()
    expect(await page.evaluate(() => 'ran' in globalThis)).toBe(false)
    await page.context().close()
  })

  it('try models, say what is spent, send again, find a setting, and change the theme', async () => {
    const page = await opened('models')
    await page.getByRole('button', { name: 'Test' }).first().click()
    await page.getByText('answered in 1.2 s, first words after 420 ms · calls tools').waitFor()
    await page.getByRole('button', { name: 'Test' }).nth(1).click()
    await page.getByText('Set another key.').waitFor()
    await page.getByText('OPENAI_API_KEY is not set').waitFor()
    await page.getByRole('link', { name: 'Spending' }).click()
    await page.getByText('The ceiling of today is reached').waitFor()
    await page.getByRole('link', { name: 'Notifications' }).click()
    await page.getByRole('row', { name: 'team slack proposal.ready' }).waitFor()
    await page.getByRole('button', { name: 'Send again' }).click()
    await expect.poll(() => resent).toEqual(['msg_1'])
    await page.getByRole('link', { name: 'Settings in effect' }).click()
    await page.getByRole('row', { name: 'server.port 4317' }).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('minutes')
    await page.getByRole('row', { name: 'budget.minutes 15' }).waitFor()
    expect(await page.getByRole('row', { name: 'server.port 4317' }).count()).toBe(0)
    expect(new URL(page.url()).search).toBe('?section=effective&find=minutes')
    await page.getByRole('link', { name: 'This browser' }).click()
    await page.getByLabel('Dark').check()
    await page.getByRole('button', { name: 'Theme: dark' }).waitFor()
    expect(await page.evaluate(() => 'ran' in globalThis)).toBe(false)
    await page.context().close()
  })

  it('tell a reader why nothing can be changed', async () => {
    const page = await dashboard.open(browser, '/settings', ['read'])
    await page.getByText('that needs the scope “admin”').waitFor()
    await page.getByRole('button', { name: 'New login link' }).click({ force: true })
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.context().close()
  })

  it.each(['light', 'dark'] as const)('pass axe and fit a phone, %s', async (colorScheme) => {
    const page = await opened('people', { colorScheme, viewport: { width: 375, height: 800 } })
    for (const section of SECTIONS) {
      await page.goto(`${dashboard.address}/settings?section=${section}`)
      await page.getByRole('heading', { level: 2 }).first().waitFor()
      expect(await accessibilityProblems(page), section).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth'), section).toBe(375)
    }
    await page.context().close()
  })
})
