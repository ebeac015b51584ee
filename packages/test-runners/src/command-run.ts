import type { CommandResult, TestFailure, TestResult, TestRun } from '@fixpoint/core'
import { runFrame } from './read-report.ts'

const STACK_LIMIT = 8000

/** The run of a custom test command: one test, judged by the exit code, its failure read from what was printed. */
export function readCommandRun(testCommand: string, argv: readonly string[], result: CommandResult): TestRun {
  const frame = runFrame(argv, result)
  if (result.timedOut || result.oomKilled || result.killed || result.exitCode === null) {
    const why = result.timedOut ? 'did not end in time' : result.oomKilled ? 'ran out of memory' : 'was killed'
    return { ...frame, reported: false, problem: `the command ${why}`, tests: [] }
  }
  const test: TestResult = {
    id: `command > ${testCommand}`,
    file: 'command',
    path: [testCommand],
    status: result.exitCode === 0 ? 'passed' : 'failed',
    durationMs: result.durationMs,
  }
  if (result.exitCode !== 0) test.failure = failureIn(frame.output, result.exitCode)
  return { ...frame, reported: true, tests: [test] }
}

/** The last line that looks like an error's, with what follows it; Python prints it last, Node first. */
function failureIn(output: string, exitCode: number): TestFailure {
  const lines = output.split('\n').map((line) => line.slice(0, 1000))
  const at = lines.findLastIndex((line) => /^\s*(?:Uncaught |E\s+)?[A-Za-z_][\w.]*(?:Error|Exception)(?: \[\w+\])?(?::|$)/.test(line))
  const line = lines[at]
  if (line === undefined) return { message: `exit code ${exitCode}`, stack: output.slice(-STACK_LIMIT) }
  const [, errorType = 'Error', message = ''] = /([A-Za-z_][\w.]*(?:Error|Exception))(?: \[\w+\])?:? ?(.*)$/.exec(line) ?? []
  const begin = lines.slice(0, at).findLastIndex((earlier) => earlier.startsWith('Traceback (most recent call last)'))
  const from = begin >= 0 && !/^\s+at /.test(lines[at + 1] ?? '') ? begin : at
  return { errorType, message, stack: lines.slice(from).join('\n').slice(0, STACK_LIMIT) }
}
