import { aPolicy, aReproduction } from '@fixpoint/testkit'
import { describe, expect, test } from 'vitest'
import { failureKind, planDraft } from './plan.ts'

const card = { name: 'a/b', contextTokens: 200_000, maxOutputTokens: 16_000, thinking: true }
const budget = (tokens: number, money = 100) => ({ budget: { attempts: 8, candidates: 600, minutes: 15, tokens, money } })
const plan = (changes: Partial<Parameters<typeof planDraft>[0]> = {}, more: Partial<Parameters<typeof planDraft>[1]> = {}) =>
  planDraft({ reproduction: aReproduction(), policy: aPolicy(), attempts: 0, lessons: [], ...changes }, { ...card, ...more }, 'cheap')

test.each([
  ['crash', { errorType: 'TypeError', message: "Cannot read properties of undefined (reading 'a')", stack: '' }],
  ['assertion', { errorType: 'AssertionError', message: 'expected 1 to be 2', stack: '' }],
  ['assertion', { errorType: 'AssertionError', message: 'assert 1 == 2', stack: '' }],
  ['assertion', { message: 'Expected values to be strictly equal:\n\n1 !== 2\n', stack: '' }],
  ['assertion', { errorType: 'Error', message: 'expect(received).toBe(expected)', stack: '' }],
  ['hang', { message: 'Test timed out in 5000ms.', stack: '' }],
  ['hang', { errorType: 'RangeError', message: 'Maximum call stack size exceeded', stack: '' }],
  ['hang', { errorType: 'RecursionError', message: 'maximum recursion depth exceeded', stack: '' }],
] as const)('%s: %j', (kind, failure) => {
  expect(failureKind({ failure, oracle: 'specified' })).toBe(kind)
})

test('a command that only has an exit code: the output is wrong', () => {
  expect(failureKind({ failure: { message: 'exit code 1', stack: '' }, oracle: 'exit-code' })).toBe('wrong-output')
})

describe('how much', () => {
  test('the opening has a share of a small context, and never more than enough of a large one', () => {
    expect(plan({}, { contextTokens: 8_000 }).excerptTokens).toBe(2_000)
    expect(plan({}, { contextTokens: 1_000_000 }).excerptTokens).toBe(12_000)
  })

  test('it thinks where it can and a glance is not enough', () => {
    expect(plan().thinkingTokens).toBeUndefined()
    expect(plan({ attempts: 1 }).thinkingTokens).toBe(4_096)
    expect(plan({ attempts: 1 }, { thinking: false }).thinkingTokens).toBeUndefined()
    expect(plan({ attempts: 1 }, { maxOutputTokens: 4_000 }).thinkingTokens).toBeUndefined()
  })

  test.each([
    ['no tokens', budget(0), 1],
    ['tokens for one', budget(600_000), 1],
    ['tokens for three', budget(2_000_000), 3],
    ['a share of them', { ...budget(2_000_000), lanes: [{ name: 'cheap', share: 0.5 }] }, 2],
    ['few attempts', { ...budget(2_000_000), lanes: [{ name: 'cheap', share: 1, attempts: 2 }] }, 2],
    ['little time', { budget: { ...budget(2_000_000).budget, minutes: 5 } }, 1],
  ])('%s', (_, policy, conversations) => {
    expect(plan({ policy: aPolicy(policy) }).conversations).toHaveLength(conversations)
  })

  test('what costs money counts money', () => {
    const prices = { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 }
    expect(plan({ policy: aPolicy(budget(2_000_000, 0.1)) }, { prices }).conversations).toHaveLength(1)
    expect(plan({ policy: aPolicy(budget(2_000_000, 100)) }, { prices }).conversations).toHaveLength(3)
  })

  test('candidates differ, and a later attempt is one', () => {
    expect(new Set(plan({ policy: aPolicy(budget(2_000_000)) }).conversations.map(({ name, temperature }) => `${name} ${temperature}`)).size).toBe(3)
    expect(plan({ policy: aPolicy(budget(2_000_000)), attempts: 1 }).conversations).toHaveLength(1)
  })
})
