import type { RunSummary } from '@fixpoint/core'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runId, summary } from '../../apps/server/src/testing.ts'
import { openBrowser } from './chromium.ts'
import { PAYLOADS, ranIn } from './payloads.ts'
import { accessibilityProblems, type ServedDashboard, servedDashboard } from './served-dashboard.ts'

const MANY = 10_000
const OWNER = { id: 'rep_1', source: 'sentry', repository: 'shop/cart', url: undefined }

/** Runs of all kinds, a minute apart. */
function someRun(number: number): RunSummary {
  const kinds: readonly Partial<RunSummary>[] = [
    { phase: 'settled', outcome: 'delivered' },
    { phase: 'minimised' },
    { phase: 'proposing', awaiting: true },
    { phase: 'settled', outcome: 'abandoned' },
    { phase: 'settled', outcome: 'cancelled', owner: undefined },
  ]
  const openedAt = new Date(Date.now() - (MANY - number) * 60_000)
  const owner = { ...OWNER, title: `TypeError: cannot read item ${number}`, source: number % 3 === 0 ? 'grafana' : 'sentry' }
  return summary(number, { owner, openedAt, updatedAt: openedAt, spent: { money: number % 7, tokens: (number % 7) * 1000 }, ...kinds[number % kinds.length] })
}

describe('the page of runs', () => {
  let browser: Browser
  let dashboard: ServedDashboard
  const parked = [{ run: runId(MANY - 1), deaths: 2, throws: 0, reason: 'its worker died twice', at: new Date() }]
  const opened = (path: string, options: object = {}) => dashboard.open(browser, path, ['read'], options)
  const paths = () => dashboard.desk.lines.length

  beforeAll(async () => {
    ;[browser, dashboard] = await Promise.all([openBrowser(), servedDashboard({ parked: async () => parked })])
    for (let number = 1; number <= MANY; number += 1) dashboard.desk.runs.set(someRun(number))
  })
  afterAll(async () => {
    await browser.close()
    await dashboard[Symbol.asyncDispose]()
  })

  it('shows ten thousand runs without drawing them, and asks for them as they come near', async () => {
    const page = await opened('/runs')
    await page.getByRole('link', { name: `item ${MANY}`, exact: false }).waitFor()
    expect(await page.locator('tbody tr').count()).toBeLessThan(80)
    await page.getByText('Parked: its worker died twice').waitFor()
    const asked = paths()
    for (let turn = 0; turn < 6; turn += 1) {
      await page.keyboard.press('End')
      await page.waitForTimeout(150)
    }
    expect(paths()).toBeGreaterThan(asked)
    expect(await page.locator('tbody tr').count()).toBeLessThan(80)
    await page.context().close()
  })

  it('keys walk and open; what is asked for is in the address', async () => {
    const page = await opened('/runs')
    await page.getByRole('link', { name: `item ${MANY}` }).waitFor()
    await page.keyboard.type('jjk')
    expect(await page.locator(':focus').textContent()).toContain(`item ${MANY}`)
    for (let row = 0; row < 25; row += 1) await page.keyboard.press('j')
    await expect.poll(() => page.locator(':focus').textContent()).toContain(`item ${MANY - 25}`)
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/runs/${runId(MANY - 25)}`)
    await page.goBack()
    await page.getByLabel('Outcome').selectOption('Abandoned')
    await page.keyboard.press('Escape')
    await page.locator('main').click({ position: { x: 5, y: 5 } })
    await page.keyboard.press('/')
    await page.keyboard.type('ITEM 7')
    await page.getByRole('link', { name: 'item 7998' }).waitFor()
    expect(new URL(page.url()).search).toBe('?outcome=abandoned&text=ITEM+7')
    await page.reload()
    await page.getByRole('link', { name: 'item 7998' }).waitFor()
    expect(await page.getByLabel('Search titles').inputValue()).toBe('ITEM 7')
    await page.getByLabel('Search titles').fill('no such thing')
    await page.getByRole('heading', { name: 'No run is like that' }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('button', { name: 'Show all' }).click()
    await page.getByRole('link', { name: `item ${MANY}` }).waitFor()
    await page.context().close()
  })

  it('a run that changes is seen to change, and a new one comes, without a question', async () => {
    const page = await opened('/runs?text=live')
    const { runs } = dashboard.desk
    await page.getByRole('heading', { name: 'No run is like that' }).waitFor()
    runs.set(summary(MANY + 1, { owner: { ...OWNER, title: 'a live one' }, phase: 'opened' }))
    runs.append(runId(MANY + 1), { kind: 'run-cancelled' })
    const row = page.getByRole('row', { name: 'a live one' })
    await row.getByText('Reproducing').waitFor()
    const started = performance.now()
    runs.set(summary(MANY + 1, { owner: { ...OWNER, title: 'a live one' }, phase: 'settled', outcome: 'merged' }))
    runs.append(runId(MANY + 1), { kind: 'run-cancelled' })
    await row.getByText('Merged').waitFor()
    console.log(`event to screen: ${Math.round(performance.now() - started)} ms`)
    await page.context().close()
  })

  it.each(['light', 'dark'] as const)('passes axe and runs nothing of strangers, %s', async (colorScheme) => {
    const { runs } = dashboard.desk
    for (const [index, payload] of PAYLOADS.entries()) {
      runs.set(summary(MANY + 100 + index, { owner: { id: 'rep_2', title: payload, source: payload, repository: payload, url: payload } }))
    }
    const page = await opened('/runs', { colorScheme })
    await page.getByRole('link', { name: PAYLOADS.at(-1) ?? '' }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.setViewportSize({ width: 375, height: 800 })
    expect(await page.locator('html').evaluate(({ scrollWidth }) => scrollWidth)).toBeLessThanOrEqual(375)
    expect(await accessibilityProblems(page)).toEqual([])
    expect(await ranIn(page)).toBe(false)
    await page.context().close()
  })
})
