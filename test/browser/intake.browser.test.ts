import type { Scope } from '@fixpoint/core'
import { aSighting, InMemoryDeliveries, InMemoryReports } from '@fixpoint/testkit'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runId } from '../../apps/server/src/testing.ts'
import { openBrowser } from './chromium.ts'
import { PAYLOADS, ranIn } from './payloads.ts'
import { accessibilityProblems, type ServedDashboard, servedDashboard } from './served-dashboard.ts'

const HOUR = 3_600_000
const STRANGE = PAYLOADS.join(' ')

describe('the pages of reports and deliveries', () => {
  let browser: Browser
  let dashboard: ServedDashboard
  const reports = new InMemoryReports()
  const deliveries = new InMemoryDeliveries()
  const opened = (path: string, scopes: readonly Scope[] = ['read', 'decide', 'admin'], options: BrowserContextOptions = {}) =>
    dashboard.open(browser, path, scopes, options)
  const ago = (hours: number) => new Date(Date.now() - hours * HOUR)

  beforeAll(async () => {
    ;[browser, dashboard] = await Promise.all([openBrowser(), servedDashboard({ reports, deliveries })])
    await seedReports()
    await seedDeliveries()
  })
  afterAll(async () => {
    await browser.close()
    await dashboard[Symbol.asyncDispose]()
  })

  it('a report tells where it stands and how often it was seen; somebody runs it, and mutes another', async () => {
    const page = await opened('/reports')
    await page.getByRole('link', { name: 'TypeError: amount' }).waitFor()
    await page.getByText('missing: a stack trace').waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    const pane = page.getByRole('region', { name: 'Report', exact: true })
    await pane.getByRole('heading', { name: 'TypeError: amount' }).waitFor()
    await pane.getByRole('img', { name: /Seen 8 times in 30 days, most on .*: 4/ }).waitFor()
    await pane.getByText('New → Held').waitFor()
    await page.keyboard.press('a')
    await pane.getByText('Asked for: a run begins').waitFor()
    expect(dashboard.desk.woken).toContain((await reports.list({ limit: 1 }))[0]?.id)
    await page.keyboard.press('Escape')
    await pane.waitFor({ state: 'detached' })
    await page.getByLabel('State').selectOption('Needs a trace')
    await page.getByRole('link', { name: 'HighErrorRate' }).click()
    await pane.getByText('Nobody can work on it until its source sends: a stack trace.').waitFor()
    await page.keyboard.press('a')
    expect(await pane.getByRole('button', { name: 'Run now' }).getAttribute('title')).toBe('Its source has to send more first.')
    await page.keyboard.press('x')
    await pane.getByText('Muted: sightings are counted').waitFor()
    expect(new URL(page.url()).searchParams.get('state')).toBe('needs-trace')
    await page.context().close()
  })

  it('a delivery tells why it was ignored; it is replayed, and its headers are for an administrator', async () => {
    const page = await opened('/deliveries')
    await page.getByRole('link', { name: 'grafana quiet' }).click()
    const pane = page.getByRole('region', { name: 'Delivery', exact: true })
    await pane.getByText('The alert is resolved').waitFor()
    await page.keyboard.press('e')
    await pane.getByText('grafana-agent').waitFor()
    await page.keyboard.press('a')
    await pane.getByText('It is looked at once more.').waitFor()
    expect(dashboard.desk.woken).toContain('deliveries')
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: 'sentry forged' }).click()
    await pane.getByText('not verified').waitFor()
    expect(await pane.getByRole('button', { name: 'Replay' }).getAttribute('title')).toContain('not verified')
    const ignored = (await deliveries.list({ limit: 50 })).find(({ deliveryId }) => deliveryId === 'quiet')
    await page.goto(`${dashboard.address}/deliveries?state=reported&delivery=${ignored?.id ?? 'dlv_unknown'}`)
    await pane.getByText('From grafana').waitFor()
    await page.goto(`${dashboard.address}/deliveries`)
    await page.getByRole('link', { name: 'sentry good' }).click()
    await pane.getByRole('link', { name: 'rep_0' }).click()
    await page.getByRole('region', { name: 'Report', exact: true }).getByRole('heading', { name: 'TypeError: amount' }).waitFor()
    await page.context().close()
    const looking = await opened('/deliveries', ['read'])
    await looking.getByRole('link', { name: 'sentry good' }).click()
    expect(await looking.getByRole('button', { name: 'Show headers' }).getAttribute('title')).toContain('admin')
    await looking.context().close()
  })

  it.each(['light', 'dark'] as const)('both pass axe and run nothing of strangers, %s', async (colorScheme) => {
    const page = await opened('/reports', ['read', 'decide', 'admin'], { colorScheme })
    const strange = (await reports.list({ limit: 50, repository: STRANGE }))[0]
    const delivery = (await deliveries.list({ limit: 50 })).find(({ reason }) => reason === STRANGE)
    for (const path of ['/reports', `/reports?report=${strange?.id}`, '/deliveries', `/deliveries?delivery=${delivery?.id}`]) {
      await page.goto(`${dashboard.address}${path}`)
      await page.getByRole('table').first().waitFor()
      await page
        .getByText(path.includes('report=') ? 'New → Held' : path.includes('delivery=') ? 'Show headers' : STRANGE)
        .filter({ visible: true })
        .first()
        .waitFor()
      if (path.includes('delivery=')) await page.getByRole('button', { name: 'Show headers' }).click()
      expect(await accessibilityProblems(page), path).toEqual([])
      expect(await ranIn(page), path).toBe(false)
    }
    await page.setViewportSize({ width: 375, height: 800 })
    for (const path of ['/reports', `/reports?report=${strange?.id}`, '/deliveries', `/deliveries?delivery=${delivery?.id}`]) {
      await page.goto(`${dashboard.address}${path}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page
        .getByText(path.includes('report=') ? 'New → Held' : path.includes('delivery=') ? 'Show headers' : STRANGE)
        .filter({ visible: true })
        .first()
        .waitFor()
      expect(await page.locator('html').evaluate(({ scrollWidth }) => scrollWidth), path).toBeLessThanOrEqual(375)
    }
    await page.context().close()
  })

  async function seedReports(): Promise<void> {
    const strange = {
      groupKey: 'strange',
      title: STRANGE,
      url: 'javascript:window.ran=1',
      repository: STRANGE,
      service: STRANGE,
      environment: STRANGE,
      release: STRANGE,
    }
    const { report } = await reports.sight(aSighting({ ...strange, at: ago(30) }))
    await reports.move(report.id, { from: ['new'], to: 'held', reason: STRANGE })
    const vague = { groupKey: 'vague', title: 'HighErrorRate', hasTrace: false, missing: ['a stack trace'], source: 'grafana', severity: 'fatal' } as const
    await reports.sight(aSighting({ ...vague, at: ago(3) }))
    const seen = { groupKey: 'amount', title: 'TypeError: amount', repository: 'shop/cart', service: 'cart', release: '1.2.3', url: 'https://sentry.example/1' }
    const hours = [...Array.from({ length: 4 }, () => 24 * 9), 24 * 5, 24 * 5, 24 * 2, 0.5]
    for (const [index, hour] of hours.entries()) await reports.sight(aSighting({ ...seen, delivery: `dlv_${index}`, at: ago(hour) }))
    const [newest] = await reports.list({ limit: 1 })
    await reports.move(newest?.id ?? '', { from: ['new'], to: 'held', reason: 'a run on it ended an hour ago', run: runId(1) })
  }

  async function seedDeliveries(): Promise<void> {
    const [newest] = await reports.list({ limit: 1 })
    const body = new TextEncoder().encode('{}')
    const taken = async (source: string, deliveryId: string, conclusion: Parameters<InMemoryDeliveries['conclude']>[1], headers = {}) => {
      const { id } = await deliveries.accept({ source, key: 'key_1', deliveryId, headers, body })
      await deliveries.conclude(id, conclusion)
    }
    await taken('strange', STRANGE, { state: 'ignored', reason: STRANGE, reports: [] }, { 'x-strange': STRANGE })
    await taken('grafana', 'quiet', { state: 'ignored', reason: 'The alert is resolved', reports: [] }, { 'user-agent': 'grafana-agent' })
    await deliveries.refuse({ source: 'sentry', key: 'key_1', deliveryId: 'forged', headers: {}, bytes: 12, reason: 'The signature does not hold' })
    await taken('sentry', 'good', { state: 'reported', reports: [newest?.id ?? ''] })
    await deliveries.accept({ source: 'sentry', key: 'key_1', deliveryId: 'good', headers: {}, body })
  }
})
