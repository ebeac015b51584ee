import { describe, expect, it } from 'vitest'
import { parseBudget, policyFrom, SettingsSaid } from './settings.ts'

describe('--budget', () => {
  it.each([
    ['attempts=3', { attempts: 3 }],
    ['0', { attempts: 0 }],
    ['attempts=3, minutes=0.5', { attempts: 3, minutes: 0.5 }],
  ])('%s', (text, expected) => {
    expect(parseBudget(text)).toEqual(expected)
  })
  it.each(['attempts', 'attempts=', 'attempts=x', 'patience=3', 'attempts=-1', 'attempts=1.5', ''])('%j is refused with what it knows', (text) => {
    expect(() => parseBudget(text)).toThrow(/--budget/)
  })
  it('overrides the repository’s, which overrides the default', () => {
    const policy = policyFrom({ protected: ['db/**'], budget: { attempts: 2, minutes: 5 } }, { minutes: 1 }, { lanes: [{ name: 'patterns', share: 1 }] })
    expect(policy).toMatchObject({ budget: { attempts: 2, minutes: 1, candidates: 600 }, protectedPaths: ['db/**'] })
  })
  it('or a file that speaks of minutes alone does not keep models from being asked', () => {
    const { budget } = SettingsSaid.parse({ budget: { minutes: 5 } })
    const policy = policyFrom({ protected: [], budget }, {}, { lanes: [{ name: 'cheap', model: 'acme/one', share: 1 }] })
    expect(policy.budget).toMatchObject({ minutes: 5, money: 2, tokens: 2_000_000 })
  })
})
