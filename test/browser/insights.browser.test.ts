import { readFile } from 'node:fs/promises'
import type { DaySpend, InsightReport } from '@fixpoint/core'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runId } from '../../apps/server/src/testing.ts'
import { openBrowser } from './chromium.ts'
import { accessibilityProblems, type ServedDashboard, servedDashboard } from './served-dashboard.ts'

const DAY_MS = 86_400_000
const HOSTILE = '<img src=x onerror="window.ran=1">'
const group = (name: string, runs: number, money = 0) => ({
  ...{ name, runs, proposed: Math.ceil(runs / 2), merged: Math.floor(runs / 3), declined: 1 },
  ...{ money, tokens: money * 400_000 },
})
const told: InsightReport = {
  funnel: { reports: 61, runs: 48, reproduced: 37, patched: 31, verified: 22, proposed: 21, merged: 14, surviving: 12 },
  decided: { merged: 14, delivered: 1, declined: 4, waiting: 2 },
  retention: [
    { days: 7, measured: 14, share: 0.97 },
    { days: 30, measured: 6, share: 0.91 },
    { days: 90, measured: 0, share: 0 },
  ],
  perMerged: { medianMinutes: 94, money: 0.61, tokens: 182_000 },
  steps: [
    { step: 'reproduce-bug', times: 48, medianMs: 14_200, slowestTenthMs: 41_000, beforeMs: 15_000 },
    { step: 'gather-dossier', times: 37, medianMs: 640, slowestTenthMs: 1900, beforeMs: undefined },
    { step: 'draft-patch', times: 52, medianMs: 31_000, slowestTenthMs: 140_000, beforeMs: 29_500 },
    { step: 'judge-patch', times: 44, medianMs: 62_000, slowestTenthMs: 121_000, beforeMs: 33_000 },
  ],
  failures: [
    { reason: 'not-reproduced', runs: 11 },
    { reason: 'no-patch', runs: 6 },
    { reason: 'needs-a-person', runs: 3 },
  ],
  byRepository: [group('shop', 30, 6.2), group('acme/ledger', 12, 2.3), group(HOSTILE, 5), group('', 1)],
  byDrafter: [group('patterns', 31), group('agent', 12, 8.5), group('', 5)],
  byModel: [group('anthropic/claude-sonnet-4-5', 12, 8.5)],
}
const none: InsightReport = {
  ...{ ...told, perMerged: undefined, steps: [], failures: [], retention: [], byRepository: [], byDrafter: [], byModel: [] },
  funnel: { reports: 0, runs: 0, reproduced: 0, patched: 0, verified: 0, proposed: 0, merged: 0, surviving: 0 },
}
const spent = (): readonly DaySpend[] =>
  [1.2, 0, 2.9, 0.4, 3.1, 0.9].map((money, ago) => ({
    day: new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10),
    repository: 'shop',
    spent: { money, tokens: money * 400_000 },
    reserved: { money: 0, tokens: 0 },
  }))

describe('the insights', () => {
  const asked: { days: number; repository: string | undefined }[] = []
  let browser: Browser
  let dashboard: ServedDashboard

  beforeAll(async () => {
    const between = async (since: Date, until: Date, repository?: string) => {
      asked.push({ days: Math.round((until.getTime() - since.getTime()) / DAY_MS), repository })
      return repository === 'acme/ledger' ? none : told
    }
    const counts = { withheld: 1, identical: 1, sameLines: 0, sameFiles: 0, untouched: 0, unknown: 0, seenAgain: 0 }
    const withheld = { run: runId(4), at: new Date(), proposal: 'a'.repeat(64) as never, report: 'rep_1', repository: 'shop', strength: 'verified' as const }
    const observed = async (since: Date, until: Date) => ({
      ...{ since, until, counts },
      proposals: [{ ...withheld, title: HOSTILE, files: ['src/cart.ts'], people: 'identical' as const, commits: [], seenAgain: 0 }],
    })
    const hands = { insights: { between }, observed, ledger: { since: async () => spent() } }
    ;[browser, dashboard] = await Promise.all([openBrowser(), servedDashboard(hands)])
  })
  afterAll(async () => {
    await browser.close()
    await dashboard[Symbol.asyncDispose]()
  })

  it('say how far runs came, what became slower, and what the words of reasons mean; the address keeps the choice', async () => {
    const page = await dashboard.open(browser, '/insights', ['read'])
    await page.getByText('Judging is slower than in the week before: 1.0 min, it was 33.0 s.').waitFor()
    await page.getByRole('row', { name: 'Reproduced 37 77 %' }).waitFor()
    await page.getByText('15 of 19 answers').waitFor()
    await page.getByText('The failure could not be made to happen here').waitFor()
    await page.getByText('did the same').waitFor()
    await page.getByText('$8.50').first().waitFor()
    await page.getByLabel('Time', { exact: true }).selectOption('30')
    await expect.poll(() => asked.at(-1)).toEqual({ days: 30, repository: undefined })
    expect(new URL(page.url()).search).toBe('?days=30')
    await page.getByText('slower than in the 30 days before').waitFor()
    await page.getByLabel('Repository', { exact: true }).selectOption('acme/ledger')
    await page.getByRole('heading', { name: 'Nothing happened in this time' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Nothing happened in this time' }).waitFor()
    expect(asked.at(-1)).toEqual({ days: 30, repository: 'acme/ledger' })
    await page.context().close()
  })

  it('are saved as a file with a key, and nothing that strangers named runs', async () => {
    const page = await dashboard.open(browser, '/insights?from=2026-03-01&to=2026-03-02', ['read'])
    await page.getByRole('link', { name: HOSTILE }).first().waitFor()
    const [file] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('e')])
    expect(file.suggestedFilename()).toBe('fixpoint-insights-2026-03-01-2026-03-03.csv')
    expect(await readFile(await file.path(), 'utf8')).toContain('step,judge-patch,medianMs,62000')
    expect(asked.at(-1)?.days).toBe(2)
    expect(await page.evaluate(() => 'ran' in globalThis)).toBe(false)
    await page.context().close()
  })

  it.each(['light', 'dark'] as const)('pass axe and fit a phone, %s', async (colorScheme) => {
    const page = await dashboard.open(browser, '/insights', ['read'], { colorScheme, viewport: { width: 375, height: 800 } })
    await page.getByRole('table', { name: 'What would have been proposed' }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375)
    await page.context().close()
  })
})
