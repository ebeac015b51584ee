import { expect, test } from 'vitest'
import { RepositorySettings } from '../settings.ts'
import { runPolicy } from './run-policy.ts'

const lanes = { lanes: [{ name: 'patterns', share: 1 }] }
const own = RepositorySettings.parse({ budget: { minutes: 40, attempts: 2 } })

test.each([
  ['observe', 'person'],
  ['propose', 'person'],
  ['draft-pr', 'none'],
  ['pr', 'none'],
] as const)('under %s the approval of a run is: %s', (autonomy, approval) => {
  expect(runPolicy(own, { autonomy, budget: {}, lanes })).toMatchObject({ autonomy, approval })
})

test('a repository asks for less than the operator allows, never for more', () => {
  const { budget } = runPolicy(own, { autonomy: 'propose', budget: { minutes: 10, attempts: 6 }, lanes })
  expect(budget).toMatchObject({ minutes: 10, attempts: 2 })
})
