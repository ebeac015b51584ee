import type { Digest, Scope } from '@fixpoint/core'
import { InMemoryInbox } from '@fixpoint/testkit'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runId } from '../../apps/server/src/testing.ts'
import { openBrowser } from './chromium.ts'
import { PAYLOADS, ranIn } from './payloads.ts'
import { accessibilityProblems, type ServedDashboard, servedDashboard } from './served-dashboard.ts'
import { aToldRun } from './told-run.ts'

describe('the page of a run', () => {
  let browser: Browser
  let dashboard: ServedDashboard
  const inbox = new InMemoryInbox()
  const opened = (path: string, scopes: readonly Scope[] = ['read', 'decide'], options: BrowserContextOptions = {}) =>
    dashboard.open(browser, path, scopes, options)

  beforeAll(async () => {
    ;[browser, dashboard] = await Promise.all([openBrowser(), servedDashboard({ inbox })])
  })
  afterAll(async () => {
    await browser.close()
    await dashboard[Symbol.asyncDispose]()
  })

  it('a running run moves: its steps and its log go on without a reload, and nothing is missed or told twice', async () => {
    const { run, append } = await aToldRun(dashboard.desk, 1)
    const page = await opened(`/runs/${run}`)
    await page.getByText('12 steps').waitFor()
    append({ kind: 'patch-drafted', drafter: 'cheap', candidate: 'c'.repeat(64) as Digest, pending: [] })
    await page.getByText('13 steps').waitFor()
    await page.getByRole('link', { name: 'Log' }).click()
    await page.getByText('14 lines').waitFor()
    append({ kind: 'patch-minimised', candidate: 'c'.repeat(64) as Digest, patch: 'd'.repeat(64) as Digest })
    await page.getByText('left out what is not needed').last().waitFor()
    expect(await page.getByText('15 lines').count()).toBe(1)
    await page.getByRole('link', { name: 'Line 5', exact: true }).click()
    expect(new URL(page.url()).hash).toBe('#L5')
    await page.keyboard.press('/')
    await page.keyboard.type('VERDICT')
    await page.getByText('1 of 2').waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('2 of 2').waitFor()
    await page.context().close()
  })

  it('keys walk through the steps; an attempt tells its gates, and an exchange its exact words', async () => {
    const { run } = await aToldRun(dashboard.desk, 2, { settled: true, attempts: 7 })
    const page = await opened(`/runs/${run}`)
    await page.getByText('What should an empty order cost?').waitFor()
    await page.keyboard.type('jjjjjj')
    await page.getByRole('heading', { name: 'Attempt 1' }).waitFor()
    expect(new URL(page.url()).search).toBe('?step=6')
    await page.getByRole('list', { name: 'Gates' }).getByText('two tests fail').waitFor()
    await page.getByRole('button', { name: 'Attempt 7' }).waitFor()
    await page.keyboard.type('kk')
    await page.getByRole('link', { name: 'cheap: some/model' }).click()
    await page.getByText('Exchange 1: guard the first item.').waitFor()
    await page.keyboard.press('j')
    await page.getByText('Exchange 2: guard the first item.').waitFor()
    await page.getByRole('group', { name: 'System' }).getByText('You mend defects.').waitFor()
    await page.context().close()
  })

  it('somebody who may decide steers and cancels, and is told; somebody who may not is told why', async () => {
    const { run } = await aToldRun(dashboard.desk, 3)
    const page = await opened(`/runs/${run}`)
    await page.getByText('12 steps').waitFor()
    await page.keyboard.press('c')
    await page.getByLabel('What should it know?').fill('mend the caller')
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText('Told: the next attempt knows it.').waitFor()
    await page.keyboard.press('x')
    await page.getByRole('button', { name: 'Cancel the run' }).click()
    await page.getByText('Told: it ends before its next step.').waitFor()
    expect((await inbox.waiting(run)).map(({ message }) => message)).toMatchObject([
      { kind: 'steer', by: 'ada', words: 'mend the caller' },
      { kind: 'cancel', by: 'ada' },
    ])
    await page.context().close()

    const { run: settled } = await aToldRun(dashboard.desk, 4, { settled: true })
    const again = await opened(`/runs/${settled}`)
    await again.keyboard.press('x')
    expect(await again.getByRole('dialog').count()).toBe(0)
    await again.getByRole('button', { name: 'Retry' }).click()
    await again.waitForURL(`**/runs/${runId(99)}`)
    await again.getByRole('heading', { name: 'No such run' }).waitFor()
    await again.context().close()

    const looking = await opened(`/runs/${run}`, ['read'])
    const steer = looking.getByRole('button', { name: 'Steer' })
    await steer.waitFor()
    expect(await steer.getAttribute('aria-disabled')).toBe('true')
    expect(await steer.getAttribute('title')).toContain('decide')
    await looking.context().close()
  })

  it.each(['light', 'dark'] as const)('passes axe in every part, and runs nothing of strangers, %s', async (colorScheme) => {
    const { run } = await aToldRun(dashboard.desk, colorScheme === 'light' ? 5 : 6, { settled: true, strange: PAYLOADS.join(' ') })
    const page = await opened(`/runs/${run}`, ['read', 'decide'], { colorScheme })
    const parts = {
      '': 'What people said',
      '?step=3': 'chose what to know',
      '?step=6': 'verdict: regressed',
      '?tab=log': 'stopped: no-patch',
      '?tab=prompts': 'Tools (1)',
    }
    for (const [part, words] of Object.entries(parts)) {
      await page.goto(`${dashboard.address}/runs/${run}${part}`)
      await page.getByText(words).first().waitFor()
      // All that is folded is drawn too.
      await page.locator('main details:not([open])').evaluateAll((all) => all.map((each) => each.setAttribute('open', '')))
      expect(await accessibilityProblems(page), part).toEqual([])
      expect(await ranIn(page), part).toBe(false)
    }
    await page.setViewportSize({ width: 375, height: 800 })
    for (const part of ['', '?step=6', '?tab=log', '?tab=prompts']) {
      await page.goto(`${dashboard.address}/runs/${run}${part}`)
      await page.getByRole('navigation', { name: 'Parts of the run' }).waitFor()
      expect(await page.locator('html').evaluate(({ scrollWidth }) => scrollWidth), part).toBeLessThanOrEqual(375)
    }
    await page.context().close()
  })
})
