import { setTimeout as sleep } from 'node:timers/promises'
import { OpenAiDouble } from '@fixpoint/testkit'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { git } from '../stories/fixture.ts'
import { say } from '../stories/scripted-runs.ts'
import { openBrowser } from './chromium.ts'
import { accessibilityProblems } from './served-dashboard.ts'
import { type ServedService, servedService } from './served-service.ts'

/** A run takes its time in real rooms, on a machine that has other things to do. */
const RUN = { timeout: 180_000 }

describe('on a service of its own, by keyboard alone', { timeout: 600_000 }, () => {
  let browser: Browser
  let model: OpenAiDouble
  let service: ServedService
  beforeAll(async () => {
    model = await OpenAiDouble.start()
    ;[browser, service] = await Promise.all([
      openBrowser(),
      servedService(['shop', 'till'], `models:\n  providers:\n    house: { kind: openai, baseUrl: "${model.baseUrl}" }\n  lanes: { strong: house/model }\n`),
    ])
  })
  afterAll(async () => {
    await browser.close()
    await service[Symbol.asyncDispose]()
    await model[Symbol.asyncDispose]()
  })

  /** From the inbox, which is open, to the page of the proposal that comes. */
  const arrives = async (page: Page) => {
    await page.getByText('1 proposal waits for a decision').waitFor(RUN)
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Fix TypeError in last' }).waitFor()
    return new URL(page.url()).pathname.split('/').at(-1) ?? ''
  }
  const patch = (page: Page) => page.getByRole('region', { name: 'src/last.js' })
  const editedTo = async (page: Page, line: string) => {
    await page.keyboard.press('E')
    const file = page.getByRole('textbox', { name: 'src/last.js' })
    await file.fill(`export function last(items) {\n  ${line}\n}\n`)
    await file.press('Control+Enter')
    await page.getByText('Told: your patch is judged.').waitFor()
  }
  const looksAgain = async (page: Page) => {
    await page.getByText('The proposal has changed since you opened it.').waitFor(RUN)
    await page.getByRole('button', { name: 'Look again' }).press('Enter')
  }

  it('a posted alert becomes a proposal; changes that are asked for make another attempt, an edit is judged, and what was shown is published', async () => {
    const page = await service.open(browser)
    await page.getByRole('heading', { name: 'Inbox' }).waitFor()
    await service.alert('shop')
    const run = await arrives(page)
    await patch(page).getByText('items.length - 1').first().waitFor()
    const evidence = page.getByRole('region', { name: 'Evidence' })
    await evidence.getByRole('button', { name: 'Before: Output' }).first().press('Enter')
    await evidence.getByText('not ok names the last').waitFor()
    await evidence.getByRole('button', { name: 'After: Output' }).first().press('Enter')
    await evidence.getByText('ok names the last', { exact: true }).waitFor()

    const drafted = say(
      ['edit_file', { path: 'src/last.js', search: 'items[items.length]', replace: 'items.at(-1)' }],
      ['submit_patch', { cause: 'the index is one behind the end', symptom_only: false, confidence: 0.9 }],
    )
    // Before it is asked for the first time, it is asked whether it can call a tool.
    for (const reply of [say(['ready', { ready: true }]), drafted]) model.add({ kind: 'reply', reply: { ...reply, stop: 'tool-calls' } })
    await page.keyboard.press('r')
    await page.keyboard.type('use at(-1), as elsewhere')
    await page.keyboard.press('Control+Enter')
    await looksAgain(page)
    await patch(page).getByText('items.at(-1)').first().waitFor()
    expect(JSON.stringify(model.requests)).toContain('use at(-1), as elsewhere')

    await editedTo(page, 'return items[0].name')
    await page.getByText('The edited patch was refused by the gate reproduction').waitFor(RUN)
    await patch(page).getByText('items.at(-1)').first().waitFor()
    await editedTo(page, 'return items.slice(-1)[0].name')
    await looksAgain(page)
    await patch(page).getByText('items.slice(-1)').first().waitFor()
    await page.getByText(', edited by ada').first().waitFor()
    expect(await accessibilityProblems(page)).toEqual([])

    expect(git(service.repositories.shop?.folder ?? '', 'branch', '--list', 'fixpoint/*'), 'nothing is published before').toBe('')
    await page.keyboard.press('a')
    await page.getByRole('dialog', { name: 'Approve this patch' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('Approved: it is being published.').waitFor()
    expect(await becomes(page, run)).toMatchObject({ phase: 'settled', outcome: 'delivered' })
    const branch = git(service.repositories.shop?.folder ?? '', 'branch', '--list', 'fixpoint/*', '--format', '%(refname:short)').trim()
    expect(git(service.repositories.shop?.folder ?? '', 'show', `${branch}:src/last.js`)).toContain('items.slice(-1)[0].name')
    await page.context().close()
  })

  it('another is rejected with a reason', async () => {
    const page = await service.open(browser)
    await page.getByRole('heading', { name: 'Inbox' }).waitFor()
    await service.alert('till')
    const run = await arrives(page)
    await page.keyboard.press('x')
    await page.keyboard.type('last is never called without items')
    await page.keyboard.press('Control+Enter')
    await page.getByText('Rejected: the run ends.').waitFor()
    expect(await becomes(page, run)).toMatchObject({ phase: 'settled', outcome: 'declined' })
    await page.goto(`${service.address}/runs/${run}`)
    await page.getByText('last is never called without items').waitFor()
    expect(git(service.repositories.till?.folder ?? '', 'branch', '--list', 'fixpoint/*')).toBe('')
    await page.context().close()
  })

  async function becomes(page: Page, run: string) {
    for (const end = Date.now() + RUN.timeout; Date.now() < end; await sleep(300)) {
      const told = await (await page.request.get(`${service.address}/api/runs/${run}`)).json()
      if (told.phase === 'settled') return told
    }
    throw new Error(`${run} does not come to rest:\n${service.said()}`)
  }
})
