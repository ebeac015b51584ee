import type { ProbeCall } from '@fixpoint/core'
import { probeCallOf } from './behaviour-probes.ts'
import { weightOfCall } from './call.ts'
import type { Callable } from './callable.ts'
import type { ClassFinder } from './class-finder.ts'
import { type Answered, answers, outcomeText, type Replayed, textCallOf } from './replaying.ts'
import { spread } from './spread.ts'

const PROBES = 60

/** Calls for the judge: the reproduction's own and its control, a third that fail as reported, a third that answer, the rest as they come. */
export function probesFor(
  callable: Callable,
  answered: readonly Answered[],
  classes: ClassFinder,
  fails: (replayed: Replayed | undefined) => boolean,
): readonly ProbeCall[] {
  const all = answered.flatMap(({ input, replayed }) => {
    if (replayed.ended === 'unknown' || replayed.ended === 'unprepared' || weightOfCall(input) > 300) return []
    const call = probeCallOf(textCallOf(callable, input, classes), outcomeText(replayed, callable.language, classes))
    return [{ failing: fails(replayed), answering: answers(replayed), call }]
  })
  const own = all.slice(0, 2)
  const rest = all.slice(2)
  const failing = spread(
    rest.filter((each) => each.failing),
    PROBES / 3,
  )
  const answering = spread(
    rest.filter((each) => each.answering),
    PROBES / 3,
  )
  const others = spread(
    rest.filter((each) => !each.failing && !answering.includes(each)),
    PROBES - own.length - failing.length - answering.length,
  )
  const calls = [...own, ...failing, ...answering, ...others].map(({ call }) => call)
  return [...new Map(calls.map((call) => [call.arguments.join('\u0001'), call])).values()]
}
