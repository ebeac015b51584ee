import { expect, it } from 'vitest'
import { insightLines } from './insights.ts'

const NOTHING = {
  funnel: { reports: 0, runs: 0, reproduced: 0, patched: 0, verified: 0, proposed: 0, merged: 0, surviving: 0 },
  decided: { merged: 0, delivered: 0, declined: 0, waiting: 0 },
  retention: ([7, 30, 90] as const).map((days) => ({ days, measured: 0, share: 0 })),
  ...{ perMerged: undefined, steps: [], failures: [], byRepository: [], byDrafter: [], byModel: [] },
}

it('what nobody decided on, and what was not measured, is not nothing', () => {
  expect(insightLines(NOTHING)).toEqual([
    'runs        0 of 0 reports: 0 reproduced, 0 with a patch that passed every gate, 0 proposed',
    'accepted    nobody has decided yet; 0 waiting, 0 handed over',
    'after 7 d   not measured yet',
    'after 30 d  not measured yet',
    'after 90 d  not measured yet',
  ])
})

it('acceptance is of what people decided on; survival of what was measured', () => {
  const lines = insightLines({
    ...NOTHING,
    funnel: { ...NOTHING.funnel, reports: 9, runs: 8, reproduced: 7, verified: 6, proposed: 5 },
    decided: { merged: 3, delivered: 0, declined: 1, waiting: 1 },
    retention: [{ days: 7, measured: 2, share: 0.955 }],
    perMerged: { medianMinutes: 12.4, money: 0.5, tokens: 900 },
    byRepository: [{ name: 'acme/shop', runs: 8, proposed: 5, merged: 3, declined: 1, money: 1.5, tokens: 2700 }],
  })
  expect(lines[1]).toBe('accepted    75 % of what people decided on: 3 merged, 1 declined; 1 waiting, 0 handed over')
  expect(lines[2]).toMatch(/^after 7 d +96 % of the lines stand, of 2 merged patches$/)
  expect(lines[3]).toBe('a merge     12 minutes from the run to it, $0.50, 900 tokens')
  expect(lines[4]).toMatch(/acme\/shop +8 runs, 3 merged, 1 declined/)
})
