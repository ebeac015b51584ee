import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBrowser } from './chromium.ts'
import { PAYLOADS, ranIn } from './payloads.ts'
import { seededProposal } from './seeded-proposal.ts'
import { type ServedDashboard, servedDashboard } from './served-dashboard.ts'

let browser: Browser
let dashboard: ServedDashboard
beforeAll(async () => {
  ;[browser, dashboard] = await Promise.all([openBrowser(), servedDashboard()])
})
afterAll(async () => {
  await browser.close()
  await dashboard[Symbol.asyncDispose]()
})

it(`${PAYLOADS.length} payloads in titles, diffs, tests, file names and models' words stay words`, async () => {
  expect(PAYLOADS).toHaveLength(50)
  const runs = []
  for (let first = 0; first < PAYLOADS.length; first += 10) {
    const some = PAYLOADS.slice(first, first + 10)
    const text = some.join(' ')
    const diff = some.map((payload, index) => fileWith(`src/${index} ${payload.replaceAll('"', "'")}.js`, payload)).join('')
    runs.push(
      await seededProposal(dashboard.desk, first + 1, {
        title: text,
        diff,
        test: text,
        failure: text,
        path: `src/${text}`,
        model: text,
        question: text,
        repository: text.slice(0, 200),
      }),
    )
  }
  const page = await dashboard.open(browser, '/', ['read', 'decide'])
  const refused: string[] = []
  page.on('console', (message) => message.text().includes('Content Security Policy') && refused.push(message.text()))
  const looked = async () => {
    await page.waitForTimeout(200)
    expect(await ranIn(page)).toBe(false)
  }

  await page.reload()
  await page.getByText(`${runs.length} proposals wait for a decision`).waitFor()
  expect(await page.getByText('<script>window.ran=1</script>', { exact: false }).count()).toBeGreaterThan(0)
  await looked()
  for (const run of runs) {
    await page.goto(`${dashboard.address}/proposals/${run}`)
    await page.getByText('What was looked at').waitFor()
    await page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
    await looked()
  }
  expect(refused, 'not even the policy had to refuse anything').toEqual([])
})

function fileWith(path: string, line: string): string {
  return `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1,1 +1,1 @@\n-${line}\n+${line} \n`
}
