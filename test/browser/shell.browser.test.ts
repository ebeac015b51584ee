import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digest } from '../../apps/server/src/testing.ts'
import { openBrowser } from './chromium.ts'
import { seededProposal } from './seeded-proposal.ts'
import { accessibilityProblems, type ServedDashboard, servedDashboard } from './served-dashboard.ts'
import { aToldRun } from './told-run.ts'

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

  it('a server that restarts is come back to without a reload, and nothing that happened meanwhile is missed', async () => {
    const { run, append } = await aToldRun(dashboard.desk, 1)
    const page = await opened(`/runs/${run}?tab=log`)
    const inbox = await opened('/')
    await page.getByText('13 lines').waitFor()
    await inbox.getByText('Nothing waits for you').waitFor()
    await Promise.all([page, inbox].map((each) => each.evaluate('window.stays = true')))
    await dashboard.stop()
    for (const each of [page, inbox]) await each.getByText('retrying').waitFor()
    append({ kind: 'patch-drafted', drafter: 'meanwhile', candidate: digest('c'), pending: [] })
    append({ kind: 'patch-minimised', candidate: digest('c'), patch: digest('d') })
    await seededProposal(dashboard.desk, 2)
    await dashboard.start()
    append({ kind: 'patch-judged', verdict: 'fixed', judgement: digest('e') })
    await page.getByText('16 lines').waitFor()
    for (const words of ['meanwhile drafted a patch', 'verdict: fixed']) expect(await page.getByText(words).count(), words).toBe(1)
    await inbox.getByText('1 proposal waits for a decision').waitFor()
    for (const each of [page, inbox]) {
      await each.getByText('retrying').waitFor({ state: 'detached' })
      expect(await each.evaluate('window.stays'), 'it was not loaded again').toBe(true)
      await each.context().close()
    }
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
