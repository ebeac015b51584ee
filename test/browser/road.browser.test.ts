import { OpenAiDouble } from '@fixpoint/testkit'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { say } from '../stories/scripted-runs.ts'
import { openBrowser } from './chromium.ts'
import { type ServedService, servedService } from './served-service.ts'
import { RUN, WalkedRoad } from './walked-road.ts'

const WALK = { timeout: 2 * RUN.timeout }

let browser: Browser
let model: OpenAiDouble
let service: ServedService
let road: WalkedRoad
beforeAll(async () => {
  model = await OpenAiDouble.start()
  ;[browser, service] = await Promise.all([
    openBrowser(),
    servedService(['shop', 'till'], `models:\n  providers:\n    house: { kind: openai, baseUrl: "${model.baseUrl}" }\n  lanes: { strong: house/model }\n`),
  ])
  // Both are worked on while one is decided.
  const [page] = await Promise.all([service.open(browser), service.alert('shop'), service.alert('till')])
  road = new WalkedRoad(page, service)
})
afterAll(async () => {
  await browser.close()
  await service[Symbol.asyncDispose]()
  await model[Symbol.asyncDispose]()
})

it('by keyboard alone, a posted alert becomes a proposal, changes that are asked for another one, and what was shown is published', WALK, async () => {
  const { page } = road
  const run = await road.arrives('shop')
  await road.shows('items.length - 1')
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
  await road.looksAgain()
  await road.shows('items.at(-1)')
  expect(JSON.stringify(model.requests)).toContain('use at(-1), as elsewhere')

  expect(road.published('shop'), 'nothing is published before').toBeUndefined()
  await road.approves()
  expect(await road.outcome(run)).toBe('delivered')
  expect(road.published('shop')).toContain('items.at(-1).name')
})

it('by keyboard alone, another is rejected with a reason, and nothing is published', WALK, async () => {
  const { page } = road
  await page.keyboard.press('g')
  await page.keyboard.press('i')
  await page.getByRole('heading', { name: 'Inbox' }).waitFor()
  const run = await road.arrives('till')
  await page.keyboard.press('x')
  await page.keyboard.type('last is never called without items')
  await page.keyboard.press('Control+Enter')
  await page.getByText('Rejected: the run ends.').waitFor()
  expect(await road.outcome(run)).toBe('declined')
  await page.goto(`${service.address}/runs/${run}`)
  await page.getByText('last is never called without items').waitFor()
  expect(road.published('till')).toBeUndefined()
})
