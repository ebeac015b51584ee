import type { ReproduceEvent, Reproducer, ReproduceTask, ReproduceTools, Reproduction, TestResult } from '@fixpoint/core'
import { namesError, namesTest } from '@fixpoint/intake'

/** More failing tests than this at once are not one defect's doing that we could tell apart. */
const MOST_TESTS = 25

/** A failing test that the report names, or — for a run without a report — the first that fails. */
export const namedTestReproducer: Reproducer = {
  name: 'named-test',
  async *reproduce(task, tools): AsyncGenerator<ReproduceEvent> {
    const failing = task.suite.tests.filter((test) => test.status === 'failed')
    if (task.project.runner === 'command') {
      yield failing[0] ? found('command', [failing[0]], 'exit-code', 'the test command fails on the base') : gaveUp('the test command passes on the base')
      return
    }
    const named = task.report.checks.flatMap((check) => (check.kind === 'test' ? [check] : []))
    const chosen = task.report.origin === 'suite' ? sameFailure(failing) : failing.filter((test) => named.some((check) => namesTest(check, test)))
    const known = new Set(task.baseline.flaky)
    const steady = chosen.filter((test) => !known.has(test.id)).slice(0, MOST_TESTS)
    const states = !namesError(task.report) ? steady : steady.filter((test) => test.failure && tools.matches(test.failure))
    if (states.length > 0)
      yield found(
        'named-test',
        states,
        'specified',
        task.report.origin === 'suite' ? 'the suite fails on the base' : 'the report names this test, and it fails on the base',
      )
    else if (task.report.origin === 'suite') yield gaveUp(whyNothingFails(task, failing.length))
    else if (named.length === 0) yield gaveUp('the report names no test')
    else
      yield gaveUp(
        steady.length > 0
          ? `${steady[0]?.id} fails, but not with the reported error`
          : `no failing test is called ${named
              .map((check) => JSON.stringify(check.name))
              .slice(0, 3)
              .join(', ')}`,
      )
  },
}

/** A test of the suite that fails the way the report says. */
export const matchingTestReproducer: Reproducer = {
  name: 'matching-test',
  async *reproduce(task: ReproduceTask, tools: ReproduceTools): AsyncGenerator<ReproduceEvent> {
    const flaky = new Set(task.baseline.flaky)
    const failing = task.suite.tests.filter((test) => test.status === 'failed' && !flaky.has(test.id))
    // Without an error there is nothing that a failing test could match.
    const matching = !namesError(task.report) ? [] : failing.filter((test) => test.failure && tools.matches(test.failure)).slice(0, MOST_TESTS)
    if (matching.length > 0) yield found('matching-test', matching, 'specified', 'this test of the suite fails the way the report says')
    else
      yield gaveUp(
        failing.length === 0
          ? 'no test of the suite fails'
          : `${failing.length === 1 ? 'one test fails' : `${failing.length} tests fail`} (${failing[0]?.id}${failing.length > 1 ? ', …' : ''}), and not with the reported error`,
      )
  },
}

function whyNothingFails({ suite }: ReproduceTask, failing: number): string {
  if (failing > 0) return 'only flaky tests fail'
  return suite.reported
    ? 'no report was given and the whole suite passes'
    : `no report was given, and the suite told no results: ${suite.problem ?? 'no reason given'}`
}

function found(source: Reproduction['source'], tests: readonly TestResult[], oracle: Reproduction['oracle'], because: string): ReproduceEvent {
  const failure = tests.find((test) => test.failure)?.failure ?? { message: 'failed without a message', stack: '' }
  return {
    kind: 'reproduction',
    reproduction: { source, tests: tests.map(({ id, file, path }) => ({ id, file, path })), files: [], failure, oracle, because: [because], probes: [] },
  }
}

function gaveUp(...tried: string[]): ReproduceEvent {
  return { kind: 'gave-up', tried }
}

/** The first failing test, and those that fail with the very same message. */
function sameFailure(failing: readonly TestResult[]): TestResult[] {
  const [first] = failing
  return first ? failing.filter((test) => test.failure?.message === first.failure?.message && test.file === first.file) : []
}
