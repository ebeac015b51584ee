import type { DeliveryRecord } from '@fixpoint/core'
import { InMemoryDeliveries } from '@fixpoint/testkit'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digest, runId, summary } from '../../apps/server/src/testing.ts'
import { openBrowser } from './chromium.ts'
import { accessibilityProblems, type ServedDashboard, servedDashboard } from './served-dashboard.ts'

const HOSTILE = '<img src=x onerror="window.ran=1">'
const findings = [
  { name: 'node', ok: true, detail: '20.19' },
  { name: 'docker', ok: false, detail: `no Docker engine answers: ${HOSTILE}`, remedy: 'Start Docker.' },
]
const repositories = [
  { name: 'shop', kind: 'folder' as const, autonomy: 'propose' as const, settings: { path: '/srv/shop', test: 'npm test' } },
  { name: 'acme/ledger', kind: 'hosted' as const, url: 'https://github.com/acme/ledger', problem: `.github/fixpoint.yml:3:5 unknown key ${HOSTILE}` },
  { name: HOSTILE, kind: 'hosted' as const, url: 'javascript:window.ran=1' },
]
const nothing = { reports: 0, runs: 0, reproduced: 0, patched: 0, verified: 0, proposed: 0, merged: 0, surviving: 0 }
const shop = { name: 'shop', runs: 8, proposed: 6, merged: 4, declined: 1, money: 0, tokens: 0 }

describe('the first run, and the repositories', () => {
  let browser: Browser
  let dashboard: ServedDashboard
  const delivered: DeliveryRecord[] = []
  let reported = ''

  beforeAll(async () => {
    const deliveries = Object.assign(new InMemoryDeliveries(), { list: async () => delivered })
    const hands = {
      deliveries,
      doctor: async () => findings,
      repositories: async () => repositories,
      insights: {
        between: async () => ({
          ...{ funnel: nothing, decided: { merged: 0, delivered: 0, declined: 0, waiting: 0 }, retention: [], perMerged: undefined, steps: [], failures: [] },
          ...{ byRepository: [shop], byDrafter: [], byModel: [] },
        }),
      },
      sampleAlert: async () => {
        const { report } = await dashboard.desk.hands.reports.sight({
          ...{ groupKey: 'k', title: `TypeError: ${HOSTILE}`, report: digest('r'), hasTrace: true, severity: 'error', source: 'sentry', delivery: 'dlv_1' },
          ...{ at: new Date(), repository: 'sample' },
        })
        reported = report.id
        delivered.unshift({
          ...{ id: 'dlv_1', source: 'sentry', key: 'key_1', deliveryId: 'x', receivedAt: new Date(), bytes: 900 },
          ...{ state: 'reported' as const, reason: undefined, reports: [report.id], duplicates: 0 },
        })
        return { repository: 'sample' }
      },
    }
    ;[browser, dashboard] = await Promise.all([openBrowser(), servedDashboard(hands)])
  })
  afterAll(async () => {
    await browser.close()
    await dashboard[Symbol.asyncDispose]()
  })

  it('say what the machine lacks, and follow a sample from the delivery to the proposal', async () => {
    const page = await dashboard.open(browser, '/first-run', ['read', 'decide', 'admin'])
    await page.getByText('1 thing is missing').waitFor()
    await page.getByText('Start Docker.').waitFor()
    await page.getByText('Nothing of yours is touched').waitFor()
    await page.keyboard.press('s')
    await page.getByText(`TypeError: ${HOSTILE} · new`).waitFor()
    await dashboard.desk.hands.reports.move(reported, { from: ['new'], to: 'running', run: runId(4) })
    dashboard.desk.runs.set(summary(4, { phase: 'informed' }))
    await page.getByRole('link', { name: 'Watch the run' }).waitFor()
    await page.getByRole('listitem').filter({ hasText: 'Drafting' }).getByLabel('under way').waitFor()
    dashboard.desk.runs.set(summary(4, { phase: 'proposing', awaiting: true }))
    dashboard.desk.runs.append(runId(4), { kind: 'patch-chosen' } as never)
    await page.getByText('it waits for you').waitFor()
    await page.reload()
    await page.getByRole('link', { name: 'Look at the proposal and decide' }).waitFor()
    expect(await page.evaluate(() => 'ran' in globalThis)).toBe(false)
    await page.context().close()
  })

  it('show settings that cannot be used, how runs end, and pause a repository of any name', async () => {
    const page = await dashboard.open(browser, '/repositories', ['read', 'decide'])
    await page.getByText('.github/fixpoint.yml:3:5 unknown key').waitFor()
    await page.getByText('75 % of 8 runs came to a proposal').waitFor()
    const ledger = page.getByRole('region', { name: /acme\/ledger/ })
    await ledger.getByRole('button', { name: 'Pause' }).click()
    await page.getByLabel('Why').fill(HOSTILE)
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click()
    await ledger.getByText(`No run is begun: ada paused it just now: ${HOSTILE}`).waitFor()
    expect((await dashboard.desk.hands.pauses.of('acme/ledger')).stopped).toBe(true)
    await ledger.getByRole('button', { name: 'Go on' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Go on' }).click()
    await expect.poll(async () => (await dashboard.desk.hands.pauses.of('acme/ledger')).stopped).toBe(false)
    expect(await page.locator('a[href^="javascript:"]').count()).toBe(0)
    expect(await page.evaluate(() => 'ran' in globalThis)).toBe(false)
    await page.context().close()
  })

  it.each(['light', 'dark'] as const)('pass axe and fit a phone, %s', async (colorScheme) => {
    const page = await dashboard.open(browser, '/first-run', ['read', 'decide', 'admin'], { colorScheme, viewport: { width: 375, height: 800 } })
    for (const path of ['/first-run', '/first-run?after=nothing', '/repositories']) {
      await page.goto(`${dashboard.address}${path}`)
      await page.getByRole('heading', { level: 2 }).first().waitFor()
      expect(await accessibilityProblems(page), path).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBe(375)
    }
    await page.context().close()
  })
})
