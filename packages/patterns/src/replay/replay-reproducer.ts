import type { ProbeCall, ReproduceEvent, Reproducer, ReproduceTask, ReproduceTools } from '@fixpoint/core'
import { inert, reveal } from '@fixpoint/core'
import type { Syntax } from '@fixpoint/syntax'
import { probeCallOf } from './behaviour-probes.ts'
import { asValue, type CallInput, keyOf, placesOf, weightOfCall } from './call.ts'
import { type Callable, callablesOf, nameOf, type Program } from './callable.ts'
import { ClassFinder } from './class-finder.ts'
import { type Hints, hintsFrom } from './hints.ts'
import { changed, inputsFor, type TriedInput } from './mutate.ts'
import { matchesByOwnNames } from './own-names.ts'
import { furthest, type RecordedCall, recordCalls } from './recording.ts'
import { regressionTest, seeItFail } from './regression-test.ts'
import { outcomeText, type Replayed, replayCalls, textCallOf } from './replaying.ts'
import { shrink, shrinkWithControl } from './shrink.ts'
import { spread } from './spread.ts'
import { synthesise } from './synthesise.ts'
import { everything, valueAt } from './value.ts'

export interface ReplayReproducerOptions {
  readonly syntax: Syntax
  /** Letters and digits that nobody can guess, new at each call. */
  readonly nonce: () => string
}

const CALLABLES = 6
const SEEDS = 12
const INPUTS = 600
const PROBES = 60

/**
 * Makes a reported crash ours from its trace alone: records how the suite calls the functions of the trace, replays those
 * calls with one value changed at a time, outermost function first, until one fails as reported, twice; then shrinks it and
 * writes it as a test that must not throw.
 */
export function createReplayReproducer(options: ReplayReproducerOptions): Reproducer {
  return { name: 'replayed-calls', reproduce: (task, tools, signal) => reproduce(options, task, tools, signal) }
}

interface Setting {
  readonly program: Program
  readonly task: ReproduceTask
  readonly tools: ReproduceTools
  readonly nonce: () => string
  readonly hints: Hints
  readonly signal: AbortSignal
}

async function* reproduce(
  { syntax, nonce }: ReplayReproducerOptions,
  task: ReproduceTask,
  tools: ReproduceTools,
  signal: AbortSignal,
): AsyncIterable<ReproduceEvent> {
  const program: Program = { syntax, source: task.source }
  const tried: string[] = []
  if (task.project.runner === 'command') {
    yield { kind: 'gave-up', tried: ['calls were not replayed: a custom test command has no test files of its own'] }
    return
  }
  const callables = callablesOf(program, task.frames, CALLABLES)
  if (callables.length === 0) {
    yield { kind: 'gave-up', tried: ['no function of the trace can be called from outside its file'] }
    return
  }
  yield { kind: 'progress', message: `recording how the tests call ${callables.map(nameOf).join(', ')}` }
  const timeoutMs = Math.max(120_000, task.baseline.durationMs * 4)
  const recorded = await recordCalls(
    { room: tools.room, program, project: task.project, callables, nonce: nonce(), timeoutMs, suiteMs: task.baseline.durationMs },
    signal,
  )
  const setting: Setting = {
    program,
    task,
    tools: { ...tools, matches: matchesByOwnNames(program, tools.matches) },
    nonce,
    signal,
    hints: hintsFrom(task.report, task.frames, task.source),
  }
  for (const callable of callables) {
    signal.throwIfAborted()
    const calls = recorded.get(callable) ?? []
    yield {
      kind: 'progress',
      message: `replaying ${nameOf(callable)}: ${calls.length} recorded ${calls.length === 1 ? 'call' : 'calls'}, one value changed at a time`,
    }
    const answer = await tryCallable(setting, callable, calls)
    if (answer.kind === 'reproduction') {
      yield answer
      return
    }
    tried.push(...answer.tried)
  }
  yield { kind: 'gave-up', tried }
}

type Answer = Extract<ReproduceEvent, { kind: 'reproduction' | 'gave-up' }>

async function tryCallable(setting: Setting, callable: Callable, calls: readonly RecordedCall[]): Promise<Answer> {
  const { program, tools, hints, signal } = setting
  const origin = calls.length > 0 ? `${calls.length} recorded calls` : 'made-up arguments (no test calls it)'
  const seeds = calls.length > 0 ? furthest(calls, SEEDS) : synthesise(program, callable)
  const names = callable.span.params
    .map((parameter) => parameter.name)
    .filter((name, at) => !(callable.language === 'python' && at === 0 && (name === 'self' || name === 'cls')))
  const inputs = inputsFor(seeds, hints, callable.language, names, INPUTS)
  const classes = new ClassFinder(program, callable.language)
  const replay = (batch: readonly CallInput[]) =>
    replayCalls(
      { room: tools.room, style: tools.style, classes, nonce: setting.nonce },
      batch.map((input) => textCallOf(callable, input, classes)),
      signal,
    )
  const fails = (replayed: Replayed | undefined) => isReported(tools, replayed)
  const outcomes = await replay(inputs.map(({ input }) => input))
  const matching = inputs.flatMap((each, index) => (fails(outcomes[index]) ? [{ ...each, replayed: outcomes[index] }] : []))
  const summary = `${nameOf(callable)} (${callable.path}): ${inputs.length} inputs from ${origin}, ${summaryOf(outcomes)}`
  if (matching.length === 0) return { kind: 'gave-up', tried: [summary] }
  const refused: string[] = []
  for (const each of likeliest(inputs, outcomes, fails).slice(0, 4)) {
    const smallest = await smallestOf(each, callable.language, replay, fails)
    if (smallest === undefined) {
      refused.push('it did not fail again in a fresh process')
      continue
    }
    const { input: small, control, again } = smallest
    const foreign = foreignText(setting, small)
    if (foreign !== undefined) {
      refused.push('the failing input needs a value that is only in the report')
      continue
    }
    const test = regressionTest(tools, callable, small, classes, again.error?.type ?? 'an error', again.ended === 'rejected')
    const proof = await seeItFail(tools, test, signal)
    if ('why' in proof) {
      refused.push(`as a test of its own: ${proof.why}`)
      continue
    }
    await tools.room.reset()
    const because = [
      `${inputs.length} inputs for ${nameOf(callable)} from ${origin}; ${matching.length} failed as reported`,
      `first seen with: ${inert(each.what, 200)}`,
      control === undefined
        ? 'no call that returns differs from it in one value only: a repair may pass it by not doing what the function is for'
        : `with that one value as it was, the same call returns: ${inert(outcomeText(control.replayed, callable.language, classes), 200)}`,
      'the smallest failed as reported in fresh processes: once replayed, twice as a test',
    ]
    const pair = [{ input: small, replayed: again }, ...(control === undefined ? [] : [control])]
    const probes = probesFor(callable, [...pair, ...inputs.flatMap(({ input }, index) => withOutcome(input, outcomes[index]))], classes, fails)
    return { kind: 'reproduction', reproduction: { ...proof, source: 'replayed-calls', oracle: 'no-crash', because, probes: [...probes] } }
  }
  return { kind: 'gave-up', tried: [`${summary}; ${matching.length} failed as reported, but ${[...new Set(refused)].join('; ')}`] }
}

interface Answered {
  readonly input: CallInput
  readonly replayed: Replayed
}

function withOutcome(input: CallInput, replayed: Replayed | undefined): Answered[] {
  return replayed === undefined ? [] : [{ input, replayed }]
}

function answers(replayed: Replayed | undefined): boolean {
  return replayed?.ended === 'returned' || replayed?.ended === 'resolved'
}

/** What failed as reported: first where the call without the change returns, and there the smallest change first; then the lightest, which shrink fastest. */
function likeliest(
  inputs: readonly TriedInput[],
  outcomes: readonly Replayed[],
  fails: (replayed: Replayed | undefined) => boolean,
): readonly (TriedInput & { readonly controlled: boolean })[] {
  const returning = new Set(inputs.flatMap(({ input }, index) => (answers(outcomes[index]) ? [keyOf(input)] : [])))
  return inputs
    .filter((_, index) => fails(outcomes[index]))
    .map((each) => ({
      ...each,
      controlled: each.change !== undefined && returning.has(keyOf(each.change.control)),
      lost: lostBy(each),
      weight: weightOfCall(each.input),
    }))
    .sort((a, b) => Number(b.controlled) - Number(a.controlled) || (a.controlled ? a.lost - b.lost : 0) || a.weight - b.weight)
}

/** How many values the change took away: one for a value, more for an object that was emptied. */
function lostBy({ change }: TriedInput): number {
  const before = change === undefined ? undefined : valueAt(asValue(change.control), change.path)
  return before === undefined ? 0 : [...everything(before)].length
}

/** The smallest that still fails, again in a fresh process; with its control when it has one. */
async function smallestOf(
  tried: TriedInput & { readonly controlled: boolean },
  language: 'javascript' | 'python',
  replay: (batch: readonly CallInput[]) => Promise<readonly Replayed[]>,
  fails: (replayed: Replayed | undefined) => boolean,
): Promise<{ input: CallInput; control?: Answered; again: Replayed } | undefined> {
  if (tried.change === undefined || !tried.controlled) {
    const input = await shrink(tried.input, language, async (batch) => (await replay(batch)).map(fails))
    const [again] = await replay([input])
    return again !== undefined && fails(again) ? { input, again } : undefined
  }
  const pair = await shrinkWithControl(tried.change, language, async (pairs) => {
    const ended = await replay([...pairs.map(changed), ...pairs.map(({ control }) => control)])
    return pairs.map((_, index) => fails(ended[index]) && answers(ended[pairs.length + index]))
  })
  const input = changed(pair)
  const [again, control] = await replay([input, pair.control])
  return again !== undefined && control !== undefined && fails(again) && answers(control)
    ? { input, control: { input: pair.control, replayed: control }, again }
    : undefined
}

function isReported({ matches }: ReproduceTools, replayed: Replayed | undefined): boolean {
  if (replayed?.error === undefined || (replayed.ended !== 'threw' && replayed.ended !== 'rejected')) return false
  return matches({ errorType: replayed.error.type, message: replayed.error.message, stack: replayed.error.stack })
}

function summaryOf(outcomes: readonly Replayed[]): string {
  const count = (wanted: (replayed: Replayed) => boolean) => outcomes.filter(wanted).length
  const errors = new Map<string, number>()
  for (const { error } of outcomes) if (error !== undefined) errors.set(inert(error.type, 60), (errors.get(inert(error.type, 60)) ?? 0) + 1)
  const thrown = [...errors].map(([type, times]) => `${times} × ${type}`).slice(0, 4)
  const late = count(({ ended }) => ended === 'late')
  const unknown = count(({ ended }) => ended === 'unknown')
  return [
    `${count(({ ended }) => ended === 'returned' || ended === 'resolved')} returned`,
    ...(thrown.length > 0 ? [thrown.join(', ')] : []),
    ...(late > 0 ? [`${late} did not end`] : []),
    ...(unknown > 0 ? [`${unknown} could not be run`] : []),
  ].join(', ')
}

/** A string of the input that came from the report alone: it must not be written into a test. */
function foreignText({ task, program }: Setting, input: CallInput): string | undefined {
  const said = [reveal(task.report.title), reveal(task.report.text), ...task.report.traces.map((trace) => trace.message ?? '')].join('\n')
  const own = [...new Set(task.frames.map((frame) => frame.path)), ...task.project.testFiles].map((path) => program.source.text(path) ?? '').join('\n')
  for (const { value } of placesOf(input)) {
    if (value.is === 'string' && value.value.length > 1 && said.includes(value.value) && !own.includes(value.value)) return value.value
  }
  return undefined
}

/** Calls for the judge: the reproduction's own and its control, a third that fail as reported, a third that answer, the rest as they come. */
function probesFor(
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
