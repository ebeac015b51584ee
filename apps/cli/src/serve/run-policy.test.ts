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

test.each([
  ['propose', 'draft-pr', 'propose'],
  ['pr', 'draft-pr', 'draft-pr'],
  ['pr', 'observe', 'observe'],
  [undefined, 'draft-pr', 'draft-pr'],
] as const)('a repository that says %s where the operator allows %s gets %s', (asked, allowed, got) => {
  expect(runPolicy(RepositorySettings.parse({ autonomy: asked }), { autonomy: allowed, budget: {}, lanes })).toMatchObject({ autonomy: got })
})

test('what needs no approval is said by the operator', () => {
  const operator = { autonomy: 'draft-pr', budget: {}, lanes } as const
  expect(runPolicy(own, operator).unattended).toEqual(['verified'])
  expect(runPolicy(own, { ...operator, unattended: ['verified', 'choice'] }).unattended).toEqual(['verified', 'choice'])
})
