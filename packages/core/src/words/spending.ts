import { z } from 'zod'

/** What calls of a model cost, or may cost. */
export interface Amount {
  /** In US dollars. */
  readonly money: number
  readonly tokens: number
}

/** The most that may be spent; what is left out has no limit here. Zero: no model is asked. */
export const Ceiling = z.strictObject({
  /** In US dollars. */
  money: z.number().nonnegative().optional(),
  tokens: z.number().int().nonnegative().optional(),
})
export type Ceiling = z.infer<typeof Ceiling>

/** The operator's ceilings. A day is one of UTC. */
export const Spending = z.strictObject({ perRun: Ceiling.default({}), perRepositoryPerDay: Ceiling.default({}), perDay: Ceiling.default({}) })
export type Spending = z.infer<typeof Spending>

export type SpendingScope = 'run' | 'repository' | 'day'

/** A ceiling that leaves no room. */
export interface Exhausted {
  readonly scope: SpendingScope
  readonly kind: keyof Amount
  /** Spent and reserved. */
  readonly spent: number
  readonly ceiling: number
  /** When there is room again by itself; of a run never. */
  readonly until: Date | undefined
}

/** What was spent and reserved so far, by scope. */
export type SpentSoFar = Readonly<Record<SpendingScope, Amount>>

/** The first ceiling that `more` would pass, or undefined when there is room. `budget`: of the run's own policy, which can only tighten. */
export function passedBy(
  more: Amount,
  spent: SpentSoFar,
  { perRun, perRepositoryPerDay, perDay }: Spending,
  budget: Ceiling,
  now: Date,
): Exhausted | undefined {
  const limits = [
    ['run', budget],
    ['run', perRun],
    ['repository', perRepositoryPerDay],
    ['day', perDay],
  ] as const
  for (const [scope, limit] of limits) {
    for (const kind of ['money', 'tokens'] as const) {
      const ceiling = limit[kind]
      // Sums of dollars are not exact; nobody minds a millionth.
      if (ceiling !== undefined && spent[scope][kind] + more[kind] > ceiling + 1e-6) return exhausted(scope, kind, spent, ceiling, now)
    }
  }
  return undefined
}

/** The ceiling of the day that is reached already. One of zero is not: without a model, work costs nothing. */
export function reachedToday(spent: SpentSoFar, { perRepositoryPerDay, perDay }: Spending, now: Date): Exhausted | undefined {
  const limits = [
    ['repository', perRepositoryPerDay],
    ['day', perDay],
  ] as const
  for (const [scope, limit] of limits) {
    for (const kind of ['money', 'tokens'] as const) {
      const ceiling = limit[kind]
      if (ceiling !== undefined && ceiling > 0 && spent[scope][kind] > ceiling - 1e-6) return exhausted(scope, kind, spent, ceiling, now)
    }
  }
  return undefined
}

function exhausted(scope: SpendingScope, kind: keyof Amount, spent: SpentSoFar, ceiling: number, now: Date): Exhausted {
  const tomorrow = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1))
  return { scope, kind, spent: spent[scope][kind], ceiling, until: scope === 'run' ? undefined : tomorrow }
}
