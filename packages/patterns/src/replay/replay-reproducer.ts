import type { ReproduceEvent, Reproducer, ReproduceTask, ReproduceTools } from '@fixpoint/core'
import { inert, reveal } from '@fixpoint/core'
import type { Syntax } from '@fixpoint/syntax'
import { type CallInput, placesOf } from './call.ts'
import { type Callable, callablesOf, nameOf, type Program, withoutReceiver } from './callable.ts'
import { ClassFinder } from './class-finder.ts'
import { likeliest, smallestOf } from './failing-inputs.ts'
import { type Hints, hintsFrom } from './hints.ts'
import { inputsFor } from './mutate.ts'
import { matchesByOwnNames } from './own-names.ts'
import { furthest, type RecordedCall, recordCalls } from './recording.ts'
import { regressionTest, seeItFail } from './regression-test.ts'
import { type Answered, outcomeText, type Replayed, replayCalls, textCallOf } from './replaying.ts'
import { probesFor } from './reproduction-probes.ts'
import { synthesise } from './synthesise.ts'

export interface ReplayReproducerOptions {
  readonly syntax: Syntax
  /** Letters and digits that nobody can guess, new at each call. */
  readonly nonce: () => string
}

const CALLABLES = 6
const SEEDS = 12
const INPUTS = 600

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
  const names = withoutReceiver(callable).map((parameter) => parameter.name)
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

function withOutcome(input: CallInput, replayed: Replayed | undefined): Answered[] {
  return replayed === undefined ? [] : [{ input, replayed }]
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
