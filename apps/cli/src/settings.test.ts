import { MemorySnapshot } from '@fixpoint/testkit'
import { describe, expect, it } from 'vitest'
import { parseBudget, policyFrom, readRepositorySettings } from './settings.ts'

describe('the repository’s settings', () => {
  it('are empty where there is no file', () => {
    expect(readRepositorySettings(new MemorySnapshot({ 'a.js': '' }))).toEqual({
      enabled: true,
      labels: ['fixpoint'],
      mayAsk: 'write',
      bots: [],
      rounds: { reviews: 3, checks: 2 },
      pullRequest: { labels: [], reviewers: [], coAuthoredBy: true, closes: true },
      protected: [],
    })
  })
  it('name file, line and column of what is wrong', () => {
    const source = new MemorySnapshot({ '.github/fixpoint.yml': 'test: npm test\nbudget:\n  attempts: many\nretries: 3\n' })
    expect(() => readRepositorySettings(source)).toThrow(/fixpoint\.yml:3:13 budget\.attempts/)
    expect(() => readRepositorySettings(source)).toThrow(/retries/)
  })
  it('say where the YAML ends to be YAML', () => {
    expect(() => readRepositorySettings(new MemorySnapshot({ '.github/fixpoint.yml': 'test: [a\nb: c' }))).toThrow(/fixpoint\.yml:\d+:\d+/)
  })
})

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
})
