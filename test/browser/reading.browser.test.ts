import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runId } from '../../apps/server/src/testing.ts'
import { openBrowser } from './chromium.ts'
import { PAYLOADS, ranIn } from './payloads.ts'
import { seededProposal } from './seeded-proposal.ts'
import { accessibilityProblems, type ServedDashboard, servedDashboard } from './served-dashboard.ts'

const STRANGE = PAYLOADS.join('\n')
const ELSEWHERE = 'https://evil.example/steal'
const spent = { money: 0.0123, tokens: 4510 }
const place = {
  ...{ path: 'src/split.js', lines: [5, 7] as const, why: 'the share is made here' },
  text: 'export function split(cents, people) {\n  const share = Math.round(cents / people)\n}',
  url: 'https://github.com/acme/tabs/blob/abc/src/split.js#L5-L7',
}
const repositories = [
  { name: 'tabs', kind: 'folder' as const, settings: {} },
  { name: 'acme/ledger', kind: 'hosted' as const },
]

describe('whoever wants to know more', () => {
  let browser: Browser
  let dashboard: ServedDashboard
  const asked: string[] = []
  let takenBack = 0

  beforeAll(async () => {
    const hands = {
      questions: {
        model: 'test/model',
        atMost: { money: 0.5, tokens: 400_000 },
        ask: async (_run: string, question: string, tell: (news: never) => void, signal: AbortSignal) => {
          asked.push(question)
          tell({ kind: 'looking', tool: 'read_file', at: 'src/split.js' } as never)
          tell({ kind: 'words', text: 'Let me see.' } as never)
          if (question.startsWith('Forever'))
            await new Promise((_resolve, reject) =>
              signal.addEventListener('abort', () => {
                takenBack += 1
                reject(signal.reason)
              }),
            )
          if (question.startsWith('Hostile'))
            return {
              ...{ text: `${STRANGE} [click](${ELSEWHERE}) ${ELSEWHERE} src/split.js:6`, model: 'test/model', spent },
              places: [{ ...place, why: STRANGE, text: STRANGE, url: 'javascript:window.ran=1' }],
            }
          return { text: 'The caller passes whole cents; src/split.js:6 rounds them.', places: [place], model: 'test/model', spent }
        },
      },
      repositories: async () => repositories,
      code: {
        search: async (_name: string, { text }: { text: string }) => ({
          commit: 'c'.repeat(40),
          places: text === 'nothing' ? [] : [{ ...place, url: 'javascript:window.ran=1', within: STRANGE.slice(0, 300) }],
          more: true,
        }),
        project: async () => ({
          commit: 'c'.repeat(40),
          detected: {
            ...{ toolchain: 'node', runner: 'vitest', command: 'vitest run', testFiles: 3, because: ['scripts.test is `vitest run`'] },
            ...{ installs: ['npm ci'], builds: [], checks: ['tsc --noEmit'] },
          },
        }),
      },
    }
    ;[browser, dashboard] = await Promise.all([openBrowser(), servedDashboard(hands)])
    await seededProposal(dashboard.desk, 4)
  })
  afterAll(async () => {
    await browser.close()
    await dashboard[Symbol.asyncDispose]()
  })

  it('asks about a proposal: words as they come, marked as no evidence, with the lines they rest on', async () => {
    const page = await dashboard.open(browser, `/proposals/${runId(4)}`, ['read', 'decide'])
    await page.getByText('A question takes at most $0.50 and 400 k tokens').waitFor()
    await page.keyboard.press('w')
    await page.keyboard.type('Why not fix it in the caller?')
    await page.keyboard.press('Control+Enter')
    const answers = page.getByRole('list', { name: 'Questions and answers' })
    await answers.getByText('Words of test/model, not evidence · $0.01, 4,510 tokens').waitFor()
    await answers.getByRole('link', { name: 'src/split.js:6' }).click()
    expect(await answers.getByRole('link', { name: 'src/split.js:5–7' }).getAttribute('href')).toBe(place.url)
    await answers.locator('code span[style]').first().waitFor()
    await page.keyboard.press('w')
    await page.keyboard.type('Forever?')
    await page.keyboard.press('Control+Enter')
    await answers.getByText('Let me see.').waitFor()
    await answers.getByText('It reads src/split.js…').waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await answers.getByText('Cancelled.').waitFor()
    await expect.poll(() => takenBack).toBe(1)
    expect(asked).toEqual(['Why not fix it in the caller?', 'Forever?'])
    expect(await accessibilityProblems(page)).toEqual([])
    await page.context().close()
  })

  it('gets a hostile answer as words: nothing runs, and nothing leads elsewhere', async () => {
    const page = await dashboard.open(browser, `/runs/${runId(4)}?tab=ask`, ['read', 'decide'])
    await page.getByRole('textbox', { name: 'Question' }).fill('Hostile?')
    await page.getByRole('button', { name: 'Ask', exact: true }).click()
    await page.getByText('<script>window.ran=1</script>', { exact: false }).first().waitFor()
    expect(await page.locator(`a[href*="evil.example"], a[href^="javascript:"]`).count()).toBe(0)
    expect(await page.getByRole('link', { name: 'src/split.js:6' }).count()).toBe(1)
    expect(await ranIn(page)).toBe(false)
    await page.context().close()
  })

  it('may not ask with the right to look alone, and is offered nothing where no model is set up', async () => {
    const page = await dashboard.open(browser, `/runs/${runId(4)}?tab=ask`, ['read'])
    await page.getByText('a question spends money').waitFor()
    await page.getByRole('textbox', { name: 'Question' }).fill('Please?')
    await page.getByRole('button', { name: 'Ask', exact: true }).click({ force: true })
    expect(asked).not.toContain('Please?')
    await page.context().close()
    await using without = await servedDashboard()
    await seededProposal(without.desk, 4)
    const other = await without.open(browser, `/proposals/${runId(4)}`, ['read', 'decide', 'admin'])
    await other.getByText('What was looked at').waitFor()
    expect(await other.getByText('words, not evidence').count()).toBe(0)
    await other.goto(`${without.address}/settings?section=models`)
    await other.getByText('docs/models.md says how').waitFor()
    await other.context().close()
  })

  it('searches the code of a repository, and sees how its tests are run', async () => {
    const page = await dashboard.open(browser, '/repositories', ['read'], { viewport: { width: 375, height: 800 } })
    await page.getByText('vitest run').first().waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('split')
    await page.keyboard.press('Enter')
    await page.getByText('1 place, and more').waitFor()
    await page.getByRole('combobox', { name: 'What to look for' }).selectOption('definitions')
    await expect.poll(() => new URL(page.url()).search).toBe('?find=split&in=tabs&kind=definitions')
    await page.locator('code span[style]').first().waitFor()
    expect(await page.locator('a[href^="javascript:"]').count()).toBe(0)
    expect(await ranIn(page)).toBe(false)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375)
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('searchbox', { name: 'Search the code' }).fill('nothing')
    await page.keyboard.press('Enter')
    await page.getByText('Nothing in tabs').waitFor()
    await page.context().close()
  })
})
