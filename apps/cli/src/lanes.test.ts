import type { Lane } from '@fixpoint/core'
import { expect, test } from 'vitest'
import { budgetFor, lanesFor } from './lanes.ts'

const patterns: Lane = { name: 'patterns', share: 1 }
const cheap: Lane = { name: 'cheap', model: 'local/small', share: 0.3, attempts: 2 }
const strong: Lane = { name: 'strong', model: 'far/large', share: 1, attempts: 4 }
const setUp = { lanes: [patterns, cheap, strong], critic: 'strong' }

test.each([
  ['nothing said', {}, setUp],
  ['no model', { lane: 'patterns' }, { lanes: [patterns] }],
  [
    'one lane has the whole budget, and the critic reads',
    { lane: 'cheap' },
    {
      lanes: [
        { ...cheap, share: 1 },
        { ...strong, attempts: 0 },
      ],
      critic: 'strong',
    },
  ],
  ['the critic drafts alone and is its own critic', { lane: 'strong' }, { lanes: [strong], critic: 'strong' }],
  [
    'a model after the patterns',
    { model: 'x/y' },
    { lanes: [patterns, { name: 'chosen', model: 'x/y', share: 1 }, { ...strong, attempts: 0 }], critic: 'strong' },
  ],
  ['a model in a lane of its own', { lane: 'strong', model: 'x/y' }, { lanes: [{ name: 'strong', model: 'x/y', share: 1 }], critic: 'strong' }],
])('%s', (_, wish, lanes) => {
  expect(lanesFor(wish, setUp)).toEqual(lanes)
})

test('an unknown lane is refused with those that there are', () => {
  expect(() => lanesFor({ lane: 'quick' }, setUp)).toThrowError(expect.objectContaining({ hint: expect.stringContaining('auto, patterns, cheap, strong') }))
  expect(() => lanesFor({ lane: 'patterns', model: 'x/y' }, setUp)).toThrow('asks no model')
})

test('models have something to spend without a word, and patterns have not', () => {
  expect(budgetFor({ lanes: [patterns] }, {})).toMatchObject({ tokens: 0, money: 0, minutes: 15 })
  expect(budgetFor(setUp, { money: 0.5 })).toMatchObject({ tokens: 2_000_000, money: 0.5, minutes: 45 })
})
