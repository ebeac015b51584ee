import type { BehaviourDifference, ProbeCall, Project, Room, TestStyle } from '@fixpoint/core'
import { type CallInput, keyOf } from './call.ts'
import { type Callable, callableOf, type Program } from './callable.ts'
import { ClassFinder } from './class-finder.ts'
import type { Hints } from './hints.ts'
import { inputsFor } from './mutate.ts'
import { recordCalls } from './recording.ts'
import { NEVER_ENDS, outcomeText, type Replayed, replayCalls, type TextCall, textCallOf } from './replaying.ts'
import { spread } from './spread.ts'
import { synthesise } from './synthesise.ts'

/** How a probe ended in one room. `call` says which; equal behaviour gives equal `outcome` text. */
export interface ProbeOutcome {
  readonly call: ProbeCall
  readonly outcome: string
  /** The error that it threw or rejected with, if it did. */
  readonly errorType?: string | undefined
}

export interface ProbeRoom extends Program {
  readonly room: Room
  readonly style: TestStyle
  /** Letters and digits, new at each call. */
  readonly nonce: () => string
}

export interface ProbeOptions {
  readonly limit: number
  readonly timeoutMs: number
  /** What the whole suite takes. */
  readonly suiteMs: number
}

const NO_HINTS: Hints = { missing: new Set(), guilty: new Set(), mentioned: new Set(), around: new Set(), words: [], kind: 'other' }

/**
 * Replays calls in a room as its tree stands (`source` is that tree), one process per file. A call whose function is no longer
 * there, or that never ran, ends as "was not run".
 */
export async function runProbes(request: ProbeRoom, calls: readonly ProbeCall[], signal: AbortSignal): Promise<readonly ProbeOutcome[]> {
  const outcomes = new Map<ProbeCall, ProbeOutcome>()
  for (const path of new Set(calls.map((call) => call.path))) {
    const classes = new ClassFinder(request, request.syntax.languageOf(path) === 'python' ? 'python' : 'javascript')
    const callables = callablesIn(request, path)
    const wanted = calls.flatMap((call) => {
      const callable = call.path === path ? callables.get(call.function) : undefined
      return callable === undefined ? [] : [{ call, text: { callable, arguments: call.arguments } }]
    })
    if (wanted.length === 0) continue
    const replayed = await replayCalls(
      { ...request, classes },
      wanted.map((each) => each.text),
      signal,
    )
    wanted.forEach(({ call, text }, index) => {
      outcomes.set(call, probeOutcome(call, text.callable, replayed[index] ?? { ended: 'unknown' }, classes))
    })
  }
  return calls.map((call) => outcomes.get(call) ?? { call, outcome: 'was not run' })
}

function callablesIn(program: Program, path: string): ReadonlyMap<string, Callable> {
  const text = program.source.text(path)
  const functions = text === undefined ? [] : program.syntax.functions(path, text)
  const found = new Map<string, Callable>()
  for (const span of functions) {
    const callable = callableOf(program, path, span)
    if (callable !== undefined && !found.has(span.qualified)) found.set(span.qualified, callable)
  }
  return found
}

function probeOutcome(call: ProbeCall, callable: Callable, replayed: Replayed, classes: ClassFinder): ProbeOutcome {
  const errorType = replayed.ended === 'threw' || replayed.ended === 'rejected' ? replayed.error?.type : undefined
  return { call, outcome: outcomeText(replayed, callable.language, classes), errorType }
}

/**
 * Calls of the functions at some lines (those that a patch touches), from the suite's own calls and their mutations. Deterministic
 * for equal recordings. The room is reset.
 */
export async function recordProbes(
  request: ProbeRoom,
  project: Project,
  touched: readonly { readonly path: string; readonly line: number }[],
  options: ProbeOptions,
  signal: AbortSignal,
): Promise<readonly ProbeCall[]> {
  const callables = touchedCallables(request, touched)
  if (callables.length === 0) return []
  const recorded = await recordCalls(
    { room: request.room, program: request, project, callables, nonce: request.nonce(), timeoutMs: options.timeoutMs, suiteMs: options.suiteMs },
    signal,
  )
  const share = Math.max(1, Math.floor(options.limit / callables.length))
  return callables.flatMap((callable) => {
    const classes = new ClassFinder(request, callable.language)
    return diverseInputs(
      request,
      callable,
      (recorded.get(callable) ?? []).map((call) => call.input),
      share,
    ).map(({ input, madeUp }) => ({
      ...probeCallOf(textCallOf(callable, input, classes)),
      ...(madeUp ? { madeUp } : {}),
    }))
  })
}

/**
 * The calls that tell something when they are replayed elsewhere, with their outcomes here. Each call that hangs costs its whole deadline
 * wherever it is replayed, and a second one tells nothing new.
 */
export function worthReplaying(outcomes: readonly ProbeOutcome[]): readonly ProbeCall[] {
  const ran = outcomes.filter(({ outcome }) => outcome !== 'was not run' && !outcome.startsWith('cannot be called'))
  const hanging = ran.find(({ outcome }) => outcome === NEVER_ENDS)
  return ran.filter((each) => each.outcome !== NEVER_ENDS || each === hanging).map(({ call, outcome }) => ({ ...call, outcome }))
}

function touchedCallables(program: Program, touched: readonly { readonly path: string; readonly line: number }[]): readonly Callable[] {
  const found = new Map<string, Callable>()
  for (const { path, line } of touched) {
    const text = program.source.text(path)
    if (text === undefined) continue
    const own = program.syntax.enclosing(path, text, { line })
    if (own === undefined) continue
    const around = program.syntax.functions(path, text).filter((span) => span.start <= own.start && own.end <= span.end)
    for (const span of around.reverse()) {
      const callable = callableOf(program, path, span)
      if (callable === undefined) continue
      found.set(`${path}:${span.start}`, callable)
      break
    }
  }
  return [...found.values()].slice(0, 8)
}

/** Half as the tests call it, half mutated: each function's share, spread evenly over what there is. */
function diverseInputs(program: Program, callable: Callable, recorded: readonly CallInput[], limit: number): readonly { input: CallInput; madeUp: boolean }[] {
  const seeds = recorded.length > 0 ? recorded : synthesise(program, callable)
  const own = spread(seeds, Math.ceil(limit / 2))
  const names = callable.span.params.map((parameter) => parameter.name)
  const mutated = inputsFor(spread(seeds, 6), NO_HINTS, callable.language, names, 1000).map(({ input }) => input)
  const known = new Set(own.map(keyOf))
  const others = spread(
    mutated.filter((input) => !known.has(keyOf(input))),
    limit - own.length,
  )
  return [...own.map((input) => ({ input, madeUp: recorded.length === 0 })), ...others.map((input) => ({ input, madeUp: true }))]
}

export function probeCallOf(call: TextCall, outcome = ''): ProbeCall {
  return { path: call.callable.path, function: call.callable.span.qualified, arguments: [...call.arguments], outcome }
}

/**
 * Where two rooms disagree. `expected` where the base failed as reported: with that error type, or by never ending when
 * `reported` says so. Calls that did not run on one side say nothing.
 */
export function compareOutcomes(
  before: readonly ProbeOutcome[],
  after: readonly ProbeOutcome[],
  reported: { readonly errorType?: string | undefined },
): readonly BehaviourDifference[] {
  const later = new Map(after.map((each) => [keyOfCall(each.call), each]))
  return before.flatMap((was) => {
    const is = later.get(keyOfCall(was.call))
    if (is === undefined || is.outcome === was.outcome) return []
    if ([was, is].some(({ outcome }) => outcome === 'was not run' || outcome.startsWith('cannot be called'))) return []
    const expected = was.errorType !== undefined && reported.errorType !== undefined && sameType(was.errorType, reported.errorType)
    return [{ call: spokenCall(was.call), before: was.outcome, after: is.outcome, expected }]
  })
}

function sameType(a: string, b: string): boolean {
  const last = (name: string) => name.split('.').at(-1)
  return last(a) === last(b)
}

function keyOfCall(call: ProbeCall): string {
  return JSON.stringify([call.path, call.function, call.arguments])
}

function spokenCall(call: ProbeCall): string {
  return `${call.function}(${call.arguments.join(', ')})`
}
