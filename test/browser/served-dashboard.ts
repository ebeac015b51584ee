import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import type { Scope } from '@fixpoint/core'
import { InMemoryArtifacts, InMemoryDeliveries, InMemoryInbox, InMemoryReports, InMemoryTokens } from '@fixpoint/testkit'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { createServer } from '../../apps/server/src/create-server.ts'
import { aDesk, type Desk } from '../../apps/server/src/testing.ts'

const BUILT = fileURLToPath(new URL('../../apps/dashboard/dist', import.meta.url))

export interface ServedDashboard extends AsyncDisposable {
  /** Ends the server; `start` begins another one at the same address, on what was kept. */
  stop(): Promise<void>
  start(): Promise<void>
  readonly desk: Desk
  readonly address: string
  /** A page of somebody with these rights, at `path`; without rights, of a stranger. */
  open(browser: Browser, path: string, scopes?: readonly Scope[], options?: BrowserContextOptions): Promise<Page>
}

/** The real server on fakes of the ports, with the dashboard as it was built. */
export async function servedDashboard(changes: Partial<Desk['hands']> = {}): Promise<ServedDashboard> {
  if (!existsSync(BUILT)) throw new Error('The dashboard was not built. Type: npm run build')
  const tokens = new InMemoryTokens()
  const fakes = { deliveries: new InMemoryDeliveries(), reports: new InMemoryReports(), inbox: new InMemoryInbox(), artifacts: new InMemoryArtifacts(), tokens }
  const desk = await aDesk(fakes, {}, { dashboard: BUILT, ...changes })
  let { app } = desk
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    desk,
    address,
    open: async (browser, path, scopes = [], options = {}) => {
      const context = await browser.newContext({ reducedMotion: 'reduce', ...options })
      const page = await context.newPage()
      if (scopes.length > 0) {
        const { secret } = await tokens.issueLoginLink({ name: 'ada', scopes, expiresAt: new Date(Date.now() + 60_000) })
        await context.request.post(`${address}/api/session`, { data: { link: secret } })
      }
      await page.goto(`${address}${path}`)
      return page
    },
    stop: () => app.close(),
    async start() {
      app = await createServer(desk.hands, {})
      await app.listen({ host: '127.0.0.1', port: Number(new URL(address).port) })
    },
    [Symbol.asyncDispose]: () => app.close(),
  }
}

/** What axe says against a page, a line each. */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}
