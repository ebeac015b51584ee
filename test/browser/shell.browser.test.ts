import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from './chromium.ts'
import { accessibilityProblems, type ServedDashboard, servedDashboard } from './served-dashboard.ts'

const PLACES = ['/runs', '/reports', '/deliveries', '/repositories', '/insights', '/settings', '/first-run']

describe('what surrounds every page', () => {
  let browser: Browser
  let dashboard: ServedDashboard
  const opened = (path: string, scheme: 'light' | 'dark' = 'light') => dashboard.open(browser, path, ['read', 'decide'], { colorScheme: scheme })
  const said = (page: Page) => {
    const lines: string[] = []
    page.on('console', (message) => message.type() === 'error' && lines.push(message.text()))
    page.on('pageerror', (error) => lines.push(error.message))
    return lines
  }

  beforeAll(async () => {
    ;[browser, dashboard] = await Promise.all([openBrowser(), servedDashboard()])
  })
  afterAll(async () => {
    await browser.close()
    await dashboard[Symbol.asyncDispose]()
  })

  it('a stranger is told how to sign in, and a link that is pasted signs in', async () => {
    const page = await dashboard.open(browser, '/runs')
    await page.getByRole('heading', { name: 'Sign in to Fixpoint' }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByLabel('Have a link?').fill('nonsense')
    await page.keyboard.press('Enter')
    await page.getByText('That is no login link').waitFor()
    const { secret } = await dashboard.desk.hands.tokens.issueLoginLink({ name: 'ada', scopes: ['read'], expiresAt: new Date(Date.now() + 60_000) })
    await page.getByLabel('Have a link?').fill(`${dashboard.address}/login?link=${secret}`)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in to Fixpoint' }).waitFor()
    await page.context().close()
  })

  it('keys go everywhere, are listed, stay out of inputs, and can be turned off', async () => {
    const page = await opened('/runs')
    const lines = said(page)
    await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor()
    await page.keyboard.type('gp')
    await page.getByRole('heading', { name: 'Reports', level: 1 }).waitFor()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).getByText('Go to Inbox').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder('A page, an action').pressSequentially('gi')
    expect(new URL(page.url()).pathname).toBe('/reports')
    await page.getByPlaceholder('A page, an action').fill('insi')
    expect(await accessibilityProblems(page)).toEqual([])
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Insights', level: 1 }).waitFor()
    await page.keyboard.press('?')
    await page.getByRole('button', { name: 'Turn keys off' }).click()
    await page.getByRole('button', { name: 'Close' }).click()
    await page.keyboard.type('gr')
    expect(new URL(page.url()).pathname).toBe('/insights')
    expect(lines.filter((line) => !line.includes('/api/events') && !line.includes('404'))).toEqual([])
    await page.context().close()
  })

  it.each(['light', 'dark'] as const)('every page passes axe, %s', async (scheme) => {
    const page = await opened('/first-run', scheme)
    for (const path of PLACES) {
      await page.goto(`${dashboard.address}${path}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      expect(await accessibilityProblems(page), path).toEqual([])
    }
    await page.context().close()
  })
})
