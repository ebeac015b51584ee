import { expect, it } from 'vitest'
import { openBrowser } from './chromium.ts'
import { accessibilityProblems } from './served-dashboard.ts'
import { servedService } from './served-service.ts'
import { RUN, WalkedRoad } from './walked-road.ts'

it('by keyboard alone, an edit that a gate refuses leaves the proposal, one that passes becomes it, and that is published', { timeout: 600_000 }, async () => {
  const browser = await openBrowser()
  await using service = await servedService(['shop'])
  const page = await service.open(browser)
  await service.alert('shop')
  const road = new WalkedRoad(page, service)
  const run = await road.arrives('shop')
  await road.shows('items.length - 1')
  const editedTo = async (line: string) => {
    await page.keyboard.press('E')
    const file = page.getByRole('textbox', { name: 'src/last.js' })
    await file.fill(`export function last(items) {\n  ${line}\n}\n`)
    await file.press('Control+Enter')
    await page.getByText('Told: your patch is judged.').waitFor()
  }

  await editedTo('return items[0].name')
  await page.getByText('The edited patch was refused by the gate reproduction').waitFor(RUN)
  await road.shows('items.length - 1')
  await editedTo('return items.slice(-1)[0].name')
  await road.looksAgain()
  await road.shows('items.slice(-1)')
  await page.getByText(', edited by ada').first().waitFor()
  expect(await accessibilityProblems(page)).toEqual([])

  await road.approves()
  expect(await road.outcome(run)).toBe('delivered')
  expect(road.published('shop')).toContain('items.slice(-1)[0].name')
  await browser.close()
})
