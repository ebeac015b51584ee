import type { RunId } from '@fixpoint/core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { runId } from '../../apps/server/src/testing.ts'
import { openBrowser } from './chromium.ts'
import { attemptOfPerson, seededProposal } from './seeded-proposal.ts'
import { accessibilityProblems, type ServedDashboard, servedDashboard } from './served-dashboard.ts'

const PHONE = { viewport: { width: 375, height: 720 } }

const pullState = async () => ({
  ...{ number: 7, url: 'https://host.example/tabs/pull/7', state: 'open' as const, draft: true },
  checks: [
    { name: 'build', state: 'passed' as const, url: 'https://host.example/build' },
    { name: 'test', state: 'failed' as const, url: 'javascript:alert(1)' },
    { name: 'deploy', state: 'pending' as const, url: undefined },
  ],
})

describe('a reviewer', () => {
  let browser: Browser
  let dashboard: ServedDashboard
  beforeAll(async () => {
    ;[browser, dashboard] = await Promise.all([openBrowser(), servedDashboard({ pullState })])
    for (let number = 1; number <= 4; number += 1) await seededProposal(dashboard.desk, number, { repository: number === 1 ? 'shop' : 'tabs' })
  })
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()))
  })
  afterAll(async () => {
    await browser.close()
    await dashboard[Symbol.asyncDispose]()
  })

  const open = (path: string, options = {}) => dashboard.open(browser, path, ['read', 'decide'], options)
  const said = async (run: RunId) => (await dashboard.desk.hands.inbox.waiting(run)).map(({ message }) => message)
  const shownDigest = async (run: RunId) => (await dashboard.desk.hands.runIndex.get(run))?.proposal
  const sidewaysBy = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
  const title = (page: Page, number: number) => page.getByRole('heading', { level: 1, name: `Fix BalanceError in split ${number}` })

  it('goes from the inbox to an approval by keyboard alone, and approves exactly what was shown', async () => {
    const page = await open('/')
    await page.getByText('4 proposals wait for a decision').waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('k')
    const focused = await page.evaluate<string>('document.activeElement.textContent')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: focused }).waitFor()
    const run = runId(Number(focused.split(' ').at(-1)))
    await page.keyboard.press('a')
    await page.getByRole('dialog', { name: 'Approve this patch' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('Approved: it is being published.').waitFor()
    expect(await said(run)).toEqual([{ kind: 'approve', by: 'ada', proposal: await shownDigest(run) }])
  })

  it('asks for changes and rejects in words, by keyboard; without words nothing is sent', async () => {
    const page = await open(`/proposals/${runId(2)}`)
    await title(page, 2).waitFor()
    await page.keyboard.press('r')
    await page.getByLabel('What should be different').press('Control+Enter')
    expect(await accessibilityProblems(page)).toEqual([])
    expect(await said(runId(2))).toEqual([])
    await page.keyboard.type('mend the caller, a, r and x are words here')
    await page.keyboard.press('Control+Enter')
    await page.getByText('Told: another attempt is made.').waitFor()
    await page.keyboard.press('x')
    await page.getByLabel('Why').fill('it is a feature')
    await page.keyboard.press('Escape')
    await page.keyboard.press('x')
    await page.getByLabel('Why').fill('it is a feature after all')
    await page.keyboard.press('Control+Enter')
    await page.getByText('Rejected: the run ends.').waitFor()
    const proposal = await shownDigest(runId(2))
    expect(await said(runId(2))).toEqual([
      { kind: 'request-changes', by: 'ada', proposal, words: 'mend the caller, a, r and x are words here' },
      { kind: 'reject', by: 'ada', proposal, words: 'it is a feature after all' },
    ])
  })

  it('cannot approve what was not shown: the server says 409, and the page lets them look again', async () => {
    const page = await open(`/proposals/${runId(3)}`)
    await title(page, 3).waitFor()
    // It changes without anybody hearing of it.
    const other = await seededProposal(dashboard.desk, 30, { title: 'Another patch' })
    const changed = await dashboard.desk.hands.runIndex.get(other)
    const shown = await dashboard.desk.hands.runIndex.get(runId(3))
    if (changed === undefined || shown === undefined) throw new Error('seeded above')
    await page.route('**/api/proposals/*', (route) => (route.request().method() === 'GET' ? route.abort() : route.continue()))
    dashboard.desk.runs.set({ ...shown, proposal: changed.proposal })
    await page.keyboard.press('a')
    await page.keyboard.press('Enter')
    await page.getByText('Nothing was decided: look again.').waitFor()
    await page.unroute('**/api/proposals/*')
    await page.getByRole('button', { name: 'Look again' }).click()
    await page.getByRole('heading', { level: 1, name: 'Another patch' }).waitFor()
    expect(await said(runId(3))).toEqual([])
  })

  it('is told within half a second when the proposal changes while they read it, and keeps what they read', async () => {
    const run = await seededProposal(dashboard.desk, 5)
    const page = await open(`/proposals/${run}`)
    await title(page, 5).waitFor()
    await page.waitForTimeout(500)
    const other = await dashboard.desk.hands.runIndex.get(await seededProposal(dashboard.desk, 50, { title: 'A later patch' }))
    const summary = await dashboard.desk.hands.runIndex.get(run)
    if (other?.proposal === undefined || summary === undefined) throw new Error('seeded above')
    dashboard.desk.runs.set({ ...summary, proposal: other.proposal })
    const appended = Date.now()
    dashboard.desk.runs.append(run, { kind: 'proposal-planned', proposal: other.proposal, strength: 'verified' })
    await page.getByText('The proposal has changed since you opened it.').waitFor()
    console.log(`the change was on screen after ${Date.now() - appended} ms`)
    expect(await title(page, 5).isVisible()).toBe(true)
    expect(await page.getByRole('button', { name: /^Approve/ }).getAttribute('title')).toContain('look at the new one first')
    await page.getByRole('button', { name: 'Look again' }).click()
    await page.getByRole('heading', { level: 1, name: 'A later patch' }).waitFor()
  })

  it('who may only look sees why they cannot decide, and the server holds it too', async () => {
    const page = await dashboard.open(browser, `/proposals/${runId(4)}`, ['read'])
    const approve = page.getByRole('button', { name: /^Approve/ })
    expect(await approve.getAttribute('title')).toContain('needs the scope “decide”')
    await approve.click({ force: true })
    await page.keyboard.press('a')
    expect(await page.getByRole('dialog').count()).toBe(0)
    const proposal = await shownDigest(runId(4))
    const status = await page.evaluate(
      async ([url, body]) => (await fetch(url as string, { method: 'POST', headers: { 'content-type': 'application/json' }, body: body as string })).status,
      [`/api/proposals/${runId(4)}/approve`, JSON.stringify({ proposal })],
    )
    expect(status).toBe(403)
    expect(await said(runId(4))).toEqual([])
  })

  it('filters are in the address, and several are dismissed for one reason', async () => {
    const [one, other] = [await seededProposal(dashboard.desk, 6, { repository: 'old' }), await seededProposal(dashboard.desk, 7, { repository: 'old' })]
    const page = await open('/')
    await page.getByLabel('repository').selectOption('old')
    await page.getByText('2 proposals wait for a decision').waitFor()
    expect(new URL(page.url()).search).toBe('?repository=old')
    await page.reload()
    await page.getByText('2 proposals wait for a decision').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('split 6')
    await page.getByText('1 proposal waits for a decision').waitFor()
    await page.getByLabel('Search').fill('')
    await page.keyboard.press('Escape')
    await page.getByLabel('Select all').check()
    await page.getByRole('button', { name: 'Dismiss…' }).click()
    await page.getByLabel('Why').fill('the service is retired')
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('button', { name: 'Dismiss', exact: true }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    for (const run of [one, other]) expect(await said(run)).toEqual([expect.objectContaining({ kind: 'reject', words: 'the service is retired' })])
  })

  it('walks through the patch: viewed files fold and stay so, views change, keys are listed', async () => {
    const page = await open(`/proposals/${runId(4)}`)
    await page.getByText('2 files, 0 viewed').waitFor()
    await page.keyboard.press('v')
    await page.getByText('2 files, 1 viewed').waitFor()
    expect(new URL(page.url()).searchParams.get('file')).toBe('test/split.test.js')
    await page.keyboard.press('s')
    expect(new URL(page.url()).searchParams.get('view')).toBe('split')
    await page.reload()
    await page.getByText('2 files, 1 viewed').waitFor()
    expect(await page.getByRole('region', { name: 'src/split.js' }).getByRole('table').count()).toBe(0)
    await page.keyboard.press('.')
    await page.getByRole('menuitem', { name: 'Copy the checkout command' }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).getByText('Request changes').waitFor()
  })

  it('unfolds what the tests printed before and after; where it was not kept, the page says so', async () => {
    const page = await open(`/proposals/${runId(4)}`)
    const evidence = page.getByRole('region', { name: 'Evidence' })
    await evidence.getByRole('button', { name: 'Before: Output' }).click()
    await evidence.getByText('expected 1000, got 1002').waitFor()
    await evidence.getByRole('button', { name: 'After: Output' }).click()
    await evidence.getByText('✓').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByText(/1 command$/).click()
    await page.getByText('npx vitest split > splits').click()
    await page.getByText('What it printed is not kept any more, or never was').waitFor()
  })

  it('edits the patch and has it judged again; which gate refused it is said, and the proposal stands', async () => {
    const run = await seededProposal(dashboard.desk, 11)
    const page = await open(`/proposals/${run}`)
    await title(page, 11).waitFor()
    await page.keyboard.press('E')
    const file = page.getByRole('textbox', { name: 'src/split.js' })
    await file.waitFor()
    expect(await page.getByRole('button', { name: 'Judge it' }).getAttribute('title')).toBe('It is as it was shown')
    await file.fill((await file.inputValue()).replace('Math.floor', 'Math.trunc'))
    await page.getByText('The patch as it would be judged').click()
    await page.getByText('Math.trunc').first().waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await file.press('Control+Enter')
    await page.getByText('Told: your patch is judged.').waitFor()
    const [edit] = await said(run)
    expect(edit).toMatchObject({
      kind: 'edit',
      by: 'ada',
      proposal: await shownDigest(run),
      diff: expect.stringContaining('+  const share = Math.trunc(cents / people)'),
    })
    await attemptOfPerson(dashboard.desk, run)
    await page.getByText('The edited patch was refused by the gate necessity').waitFor()
    await page.getByRole('button', { name: 'Approve' }).waitFor()
  })

  it('tells where the pull request stands, and what its checks say', async () => {
    const run = await seededProposal(dashboard.desk, 12)
    dashboard.desk.runs.append(run, { kind: 'proposal-published', commit: 'c'.repeat(40), pull: 7 })
    const page = await open(`/proposals/${run}`)
    const checks = page.getByRole('region', { name: 'Checks' })
    await checks.getByText('draft').waitFor()
    expect(await checks.getByRole('listitem').allTextContents()).toEqual(['✔buildpassed', '✘testfailed', '…deployruns'])
    expect(await accessibilityProblems(page)).toEqual([])
  })

  it('scrolls through a change of 3,000 lines, which is folded until it is wanted', async () => {
    const lines = Array.from({ length: 3000 }, (_, index) => `+export const value${index} = ${index}`).join('\n')
    const run = await seededProposal(dashboard.desk, 9, {
      diff: `diff --git a/long.js b/long.js\n--- a/long.js\n+++ b/long.js\n@@ -0,0 +1,3000 @@\n${lines}\n`,
    })
    const page = await open(`/proposals/${run}`)
    await page.getByText('1 file, 0 viewed').waitFor()
    const file = page.getByRole('region', { name: 'long.js', exact: true })
    expect(await file.getByText('value2999').count()).toBe(0)
    const asked = Date.now()
    await page.keyboard.press('e')
    await file.getByText('value0').first().waitFor()
    await page.evaluate("document.querySelector('[data-hunk]').lastElementChild.scrollIntoView({ block: 'end' })")
    await file.getByText('value2999').waitFor()
    console.log(`3,000 lines: from unfolding to the last line in ${Date.now() - asked} ms`)
    expect(await file.getByText('value1500').count(), 'what is far from the screen is not drawn').toBe(0)
  })

  it('reads and approves on a phone', async () => {
    const run = await seededProposal(dashboard.desk, 8)
    const page = await open('/', PHONE)
    await page.getByRole('link', { name: 'Fix BalanceError in split 8' }).waitFor()
    expect(await sidewaysBy(page)).toBeLessThanOrEqual(0)
    await page.getByRole('link', { name: 'Fix BalanceError in split 8' }).click()
    await title(page, 8).waitFor()
    expect(await sidewaysBy(page)).toBeLessThanOrEqual(0)
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
    await page.getByText('Approved: it is being published.').waitFor()
    expect(await said(run)).toHaveLength(1)
  })

  it.each(['light', 'dark'] as const)('both pages pass axe, %s', async (colorScheme) => {
    const page = await open('/', { colorScheme })
    await page.getByRole('link', { name: 'Fix BalanceError in split 4' }).waitFor()
    expect(await accessibilityProblems(page), 'inbox').toEqual([])
    await page.goto(`${dashboard.address}/proposals/${runId(4)}`)
    await page.getByText('What was looked at').waitFor()
    await page.getByRole('region', { name: 'src/split.js' }).locator('span[style]').first().waitFor()
    expect(await accessibilityProblems(page), 'proposal').toEqual([])
  })

  it.each(['/', `/proposals/${runId(4)}`])('%s finds the answers to its first questions where the browser has asked them meanwhile', async (path) => {
    const page = await open(path)
    await page.getByText('Fix BalanceError in split 4').first().waitFor()
    const asked = await page.evaluate<string[]>(
      "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/api/')).map(({ name, initiatorType }) => initiatorType + ' ' + new URL(name).pathname)",
    )
    const first = ['/api/session', path === '/' ? '/api/proposals' : `/api${path}`]
    expect(asked.filter((line) => first.some((question) => line.endsWith(` ${question}`))).sort()).toEqual(first.map((question) => `link ${question}`).sort())
  })

  it('lists a hundred proposals, and more when asked', async () => {
    for (let number = 100; number <= 200; number += 1) await seededProposal(dashboard.desk, number, { repository: 'many' })
    const page = await open('/?repository=many')
    await page.getByText('100 or more proposals wait for a decision').waitFor()
    await page.getByRole('button', { name: 'Show more' }).click()
    await page.getByText('101 proposals wait for a decision').waitFor()
    await page.locator('tbody tr').nth(100).waitFor()
    expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0)
  })
})
