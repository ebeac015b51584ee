import type { Baseline, TestResult, TestRun } from '@fixpoint/core'
import { bounded } from './bounded-text.ts'

const FAILURES_SHOWN = 5
const LONGEST_FAILURE = 2_500
const LONGEST_OUTPUT = 2_500

/** A run of tests as text for a model: failures first, and nothing that differs from run to run, as times do. */
export function failuresIn(run: TestRun, baseline: Baseline): string {
  const failed = run.tests.filter((test) => test.status === 'failed')
  const before = new Set([...baseline.failing, ...baseline.flaky])
  // What passed on the base comes first: it is the news.
  const ordered = [...failed.filter(({ id }) => !before.has(id)), ...failed.filter(({ id }) => before.has(id))]
  const shown = ordered.slice(0, FAILURES_SHOWN).map((test) => `✗ ${test.id}${before.has(test.id) ? ' (fails on the base too)' : ''}\n${failureText(test)}`)
  const left = ordered.length > FAILURES_SHOWN ? [`… ${ordered.length - FAILURES_SHOWN} more failing tests are not shown.`] : []
  const output = run.reported ? [] : [`no report came out: ${run.problem ?? 'the process ended early'}`, bounded(run.output, LONGEST_OUTPUT)]
  return [...shown, ...left, ...output].join('\n')
}

/** `12 passed, 1 failed of 13`. */
export function countsOf({ tests, timedOut, oomKilled }: TestRun): string {
  const count = (status: TestResult['status']) => tests.filter((test) => test.status === status).length
  const how = [...(timedOut ? ['it was stopped at its time limit'] : []), ...(oomKilled ? ['it ran out of memory'] : [])]
  return [`${count('passed')} passed, ${count('failed')} failed of ${tests.length}`, ...how].join('; ')
}

/** Frames of the runner and of the platform: they are the same in every failure. */
const RUNNER_FRAME =
  /^\s*at .*(?:node_modules\/(?:@?jest[\w-]*|@vitest|vitest|vite-node|tinypool|mocha|@jasmine|jasmine[\w-]*|expect|p-timeout)\/|\bnode:internal\/|\bnode:(?:async_hooks|diagnostics_channel|vm|timers)\b)/

/** A stack with the frames of those who wrote the code. */
export function ownFrames(stack: string): string {
  const lines = stack.split('\n')
  const own = lines.filter((line) => !RUNNER_FRAME.test(line))
  return own.length === 0 ? stack : own.join('\n')
}

function failureText({ failure }: TestResult): string {
  if (failure === undefined) return '  (no failure was reported)'
  const { errorType, message } = failure
  const stack = ownFrames(failure.stack)
  const said = `${errorType === undefined || message.startsWith(errorType) ? '' : `${errorType}: `}${message}`
  return bounded(stack.includes(message.split('\n')[0] ?? '') ? stack : `${said}\n${stack}`, LONGEST_FAILURE)
}
