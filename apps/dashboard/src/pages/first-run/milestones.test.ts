import { expect, test } from 'vitest'
import { milestonesOf } from './milestones.ts'

const states = (...given: Parameters<typeof milestonesOf>) => milestonesOf(...given).map(({ state }) => state)
const run = (phase: string, more: object = {}) => ({ phase, awaiting: false, ...more })

test('how far the sample came', () => {
  expect(states(undefined, false)).toEqual(['later', 'later', 'later', 'later', 'later'])
  expect(states(undefined, true)).toEqual(['now', 'later', 'later', 'later', 'later'])
  expect(states(run('informed'), true)).toEqual(['done', 'done', 'now', 'later', 'later'])
  expect(states(run('proposing', { awaiting: true }), true)).toEqual(['done', 'done', 'done', 'done', 'done'])
  expect(states(run('settled', { outcome: 'delivered', proposal: 'a' }), true)).toEqual(['done', 'done', 'done', 'done', 'done'])
  expect(states(run('settled', { outcome: 'abandoned' }), true).at(-1)).toBe('failed')
})
