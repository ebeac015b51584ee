import { tokensOf } from '@fixpoint/core'
import type { Answer, CaseResult } from './evaluation-result.ts'
import { type Interval, median, quantile, wilson } from './statistics.ts'

export interface Tally {
  readonly name: string
  readonly cases: number
  readonly resolved: Interval & { readonly count: number }
  readonly wrong: Interval & { readonly count: number }
  readonly abstained: number
  readonly failed: number
}

export interface StepTime {
  readonly step: string
  readonly runs: number
  readonly median: number
  readonly p90: number
}

export interface Totals {
  readonly all: Tally
  readonly byKind: readonly Tally[]
  /** Of the cases with a proposal. */
  readonly byLane: readonly Tally[]
  readonly byStrength: readonly Tally[]
  /** Of the fixes. */
  readonly tokensPerFix: number | undefined
  readonly moneyPerFix: number | undefined
  readonly turnsPerFix: number | undefined
  readonly secondsPerFix: number | undefined
  /** Of all cases. */
  readonly tokens: number
  readonly money: number
  /** Undefined when no conversation went on for three turns. */
  readonly cachedShareLater: number | undefined
  readonly steps: readonly StepTime[]
}

export function totalsOf(results: readonly CaseResult[]): Totals {
  const proposed = results.filter(({ lane }) => lane !== null)
  const fixes = results.filter(({ answer }) => answer === 'resolved').map(({ figures }) => figures)
  const later = results.reduce((sum, { figures }) => ({ all: sum.all + figures.laterInput.tokens, cached: sum.cached + figures.laterInput.cached }), {
    all: 0,
    cached: 0,
  })
  return {
    all: tallyOf('all', results),
    byKind: tallies(results, ({ kind }) => kind),
    byLane: tallies(proposed, ({ lane }) => lane ?? ''),
    byStrength: tallies(proposed, ({ strength }) => strength ?? ''),
    tokensPerFix: median(fixes.map(({ usage }) => tokensOf(usage))),
    moneyPerFix: median(fixes.map(({ money }) => money)),
    turnsPerFix: median(fixes.map(({ turns }) => turns)),
    secondsPerFix: median(fixes.map(({ seconds }) => seconds)),
    tokens: results.reduce((sum, { figures }) => sum + tokensOf(figures.usage), 0),
    money: results.reduce((sum, { figures }) => sum + figures.money, 0),
    cachedShareLater: later.all === 0 ? undefined : later.cached / later.all,
    steps: stepTimes(results),
  }
}

/** What failed has no answer: shares are of the others. */
export function tallyOf(name: string, results: readonly CaseResult[]): Tally {
  const count = (answer: Answer) => results.filter((each) => each.answer === answer).length
  const answered = results.length - count('failed')
  const share = (answer: Answer) => ({ count: count(answer), ...wilson(count(answer), answered) })
  return { name, cases: results.length, resolved: share('resolved'), wrong: share('wrong'), abstained: count('abstained'), failed: count('failed') }
}

function tallies(results: readonly CaseResult[], by: (result: CaseResult) => string): Tally[] {
  const names = [...new Set(results.map(by))].sort()
  return names.map((name) =>
    tallyOf(
      name,
      results.filter((each) => by(each) === name),
    ),
  )
}

function stepTimes(results: readonly CaseResult[]): StepTime[] {
  const names = [...new Set(results.flatMap(({ figures }) => Object.keys(figures.steps)))]
  const rows = names.map((step) => {
    const seconds = results.flatMap(({ figures }) => figures.steps[step] ?? [])
    return { step, runs: seconds.length, median: median(seconds) ?? 0, p90: quantile(seconds, 0.9) ?? 0 }
  })
  return rows.sort((a, b) => b.median * b.runs - a.median * a.runs)
}
