import { tokensOf } from '@fixpoint/core'
import type { CaseResult, EvaluationResult } from './evaluation-result.ts'
import { exactMcNemar, type Interval, pairedBootstrap, wilson } from './statistics.ts'

interface Pair {
  readonly a: CaseResult
  readonly b: CaseResult
}

/** How often something is so in b and not in a (`gained`), or the other way round (`lost`). */
export interface Shift {
  readonly a: Interval
  readonly b: Interval
  readonly gained: readonly string[]
  readonly lost: readonly string[]
  /** Of the share, b minus a. */
  readonly difference: Interval
  readonly p: number
}

export interface Comparison {
  /** Cases that both answered. */
  readonly pairs: number
  /** Cases of one alone, or that one of them failed. */
  readonly unpaired: readonly string[]
  readonly resolved: Shift
  readonly wrong: Shift
  readonly flips: readonly { readonly id: string; readonly a: string; readonly b: string }[]
  /** Of a case, b minus a. */
  readonly tokens: Interval
  readonly money: Interval
  readonly seconds: Interval
}

/** Two results on the same cases, case by case. */
export function compare(a: EvaluationResult, b: EvaluationResult): Comparison {
  const ids = [...new Set([...a.results, ...b.results].map(({ id }) => id))]
  const pairs = ids.flatMap((id) => pairOf(id, a, b) ?? [])
  const paired = new Set(pairs.map((pair) => pair.a.id))
  const difference = (of: (each: CaseResult) => number) => pairedBootstrap(pairs.map((pair) => of(pair.b) - of(pair.a)))
  return {
    pairs: pairs.length,
    unpaired: ids.filter((id) => !paired.has(id)),
    resolved: shiftOf(pairs, ({ answer }) => answer === 'resolved'),
    wrong: shiftOf(pairs, ({ answer }) => answer === 'wrong'),
    flips: pairs.filter((pair) => pair.a.answer !== pair.b.answer).map((pair) => ({ id: pair.a.id, a: pair.a.answer, b: pair.b.answer })),
    tokens: difference(({ figures }) => tokensOf(figures.usage)),
    money: difference(({ figures }) => figures.money),
    seconds: difference(({ figures }) => figures.seconds),
  }
}

function pairOf(id: string, { results: before }: EvaluationResult, { results: after }: EvaluationResult): Pair | undefined {
  const answered = (results: readonly CaseResult[]) => results.find((each) => each.id === id && each.answer !== 'failed')
  const a = answered(before)
  const b = answered(after)
  return a && b ? { a, b } : undefined
}

function shiftOf(pairs: readonly Pair[], is: (result: CaseResult) => boolean): Shift {
  const gained = pairs.filter((pair) => !is(pair.a) && is(pair.b)).map((pair) => pair.a.id)
  const lost = pairs.filter((pair) => is(pair.a) && !is(pair.b)).map((pair) => pair.a.id)
  const difference = pairedBootstrap(pairs.map((pair) => Number(is(pair.b)) - Number(is(pair.a))))
  const share = (side: keyof Pair) => wilson(pairs.filter((pair) => is(pair[side])).length, pairs.length)
  return { a: share('a'), b: share('b'), gained, lost, difference, p: exactMcNemar(gained.length, lost.length) }
}
