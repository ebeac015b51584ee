import { expect, test } from 'vitest'
import { csvOf } from './csv.ts'
import { insightsSearch, lengthOf, timeOf } from './search.ts'

const now = new Date('2026-03-10T12:00:00Z')

test('the address says which time: a week, so many days, or from one day to another', () => {
  const asked = (given: Record<string, unknown>) => timeOf(insightsSearch(given), now)
  expect(asked({})).toEqual({ since: '2026-03-03T12:00:00.000Z', until: '2026-03-10T12:00:00.000Z' })
  expect(asked({ days: 30 }).since).toBe('2026-02-08T12:00:00.000Z')
  expect(asked({ days: 31 })).toEqual(asked({}))
  expect(asked({ from: '2026-02-01', to: '2026-02-02' })).toEqual({ since: '2026-02-01T00:00:00.000Z', until: '2026-02-03T00:00:00.000Z' })
  // Today has not ended.
  expect(asked({ from: '2026-03-10', to: '2026-03-10' }).until).toBe(now.toISOString())
  expect(asked({ from: '2026-02-31x', to: '2026-02-02' })).toEqual(asked({}))
  expect([asked({}), asked({ days: 1 }), asked({ days: 90 })].map(lengthOf)).toEqual(['week', 'day', '90 days'])
})

test('the numbers go into a spreadsheet, and what strangers named is no formula there', () => {
  const name = '=HYPERLINK("http://evil.example","x")'
  const text = csvOf({
    ...{ since: '2026-03-03T12:00:00.000Z', until: now.toISOString() },
    funnel: { reports: 5, runs: 4, reproduced: 3, patched: 3, verified: 2, proposed: 2, merged: 1, surviving: 1 },
    decided: { merged: 1, delivered: 0, declined: 1, waiting: 0 },
    retention: [{ days: 7, measured: 1, share: 0.5 }],
    perMerged: { medianMinutes: 12, money: 0.2, tokens: 900 },
    steps: [{ step: 'judge-patch', times: 9, medianMs: 9000, slowestTenthMs: 12_000, slower: true }],
    failures: [{ reason: 'not-reproduced', runs: 1 }],
    byRepository: [{ name, runs: 4, proposed: 2, merged: 1, declined: 1, money: 0.2, tokens: 900 }],
    ...{ byDrafter: [], byModel: [] },
  })
  const lines = text.split('\r\n')
  expect(lines[0]).toBe('part,name,measure,value')
  expect(lines).toEqual(expect.arrayContaining(['funnel,reproduced,count,3', 'retention,7 days,share,0.5', 'step,judge-patch,slower,true']))
  expect(lines).toContain(`repository,"'=HYPERLINK(""http://evil.example"",""x"")",runs,4`)
})
