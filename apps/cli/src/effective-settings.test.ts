import { expect, it } from 'vitest'
import { effectiveSettings } from './effective-settings.ts'

const ORGANISATION = { from: 'acme/.github', said: { labels: ['bug'], rounds: { reviews: 1 }, protected: ['db/**'], budget: { minutes: 20 } } }
const REPOSITORY = { from: '.github/fixpoint.yml', said: { rounds: { checks: 0 }, protected: ['db/**', 'api/**'], budget: { attempts: 3, minutes: 60 } } }

it('without a word of anybody the built-in settings hold, and say so', () => {
  const { settings, origins } = effectiveSettings([])
  expect(settings).toMatchObject({ enabled: true, labels: ['fixpoint'], rounds: { reviews: 3, checks: 2 } })
  expect(settings.budget).toBeUndefined()
  expect(origins.get('rounds.checks')).toEqual({ value: 2, from: 'built in' })
})

it('the nearer level is heard, key by key; what is protected adds up', () => {
  const { settings, origins } = effectiveSettings([ORGANISATION, REPOSITORY])
  expect(settings).toMatchObject({ labels: ['bug'], rounds: { reviews: 1, checks: 0 }, protected: ['db/**', 'api/**'], budget: { attempts: 3, minutes: 60 } })
  expect(Object.fromEntries([...origins].filter(([, { from }]) => from !== 'built in').map(([key, { from }]) => [key, from]))).toEqual({
    labels: 'acme/.github',
    'rounds.reviews': 'acme/.github',
    'rounds.checks': '.github/fixpoint.yml',
    protected: 'acme/.github, .github/fixpoint.yml',
    'budget.attempts': '.github/fixpoint.yml',
    'budget.minutes': '.github/fixpoint.yml',
  })
})

it('the operator’s ceilings hold whatever a level says, and show what was asked', () => {
  const asks = { from: '.github/fixpoint.yml', said: { autonomy: 'pr', budget: { minutes: 60, attempts: 2 } } } as const
  const { settings, origins } = effectiveSettings([asks], { autonomy: 'draft-pr', budget: { minutes: 30, attempts: 5, money: 1 } })
  expect(settings).toMatchObject({ autonomy: 'draft-pr', budget: { minutes: 30, attempts: 2, money: 1 } })
  expect(origins.get('budget.minutes')).toEqual({ value: 30, from: 'the operator’s ceiling', asked: 60 })
  expect(origins.get('budget.money')).toEqual({ value: 1, from: 'operator' })
  expect(effectiveSettings([{ from: 'x', said: { autonomy: 'observe' } }], { autonomy: 'pr', budget: {} }).settings.autonomy).toBe('observe')
})
