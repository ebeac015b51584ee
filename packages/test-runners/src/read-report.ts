import type { CommandResult, RunnerName, TestResult, TestRun } from '@fixpoint/core'
import { z } from 'zod'
import { BUILD_FAILED } from './build-commands.ts'
import type { PlannedSelection } from './test-plan.ts'

const OUTPUT_TAIL = 16_000
const TEXT_LIMIT = 24_000

const ReportedTest = z.object({
  file: z.string().min(1).max(4096),
  path: z.array(z.string().max(10_000)).min(1).max(64),
  status: z.enum(['passed', 'failed', 'skipped', 'todo']),
  durationMs: z.number().nonnegative().catch(0),
  failure: z.object({ type: z.string().max(1000).optional(), message: z.string(), stack: z.string() }).optional(),
})
type ReportedTest = z.infer<typeof ReportedTest>

/** What our reporters write. The seal comes last: a report that was cut, or made without the nonce, has no right one. */
const Report = z.object({
  format: z.literal(1),
  runner: z.string(),
  nonce: z.string(),
  tests: z.array(ReportedTest),
  seal: z.object({ count: z.number().int(), nonce: z.string() }),
})

export interface ReportReading {
  readonly runner: RunnerName
  readonly nonce: string
  readonly argv: readonly string[]
  readonly selection: PlannedSelection
  readonly report: Uint8Array | undefined
  readonly result: CommandResult
}

/** The run that a report tells; not `reported` when the report cannot be trusted to be whole and ours. */
export function readReport(reading: ReportReading): TestRun {
  const opened = openReport(reading)
  const frame = runFrame(reading.argv, reading.result)
  if ('problem' in opened) return { ...frame, reported: false, problem: opened.problem, tests: [] }
  const all = withIds(opened.tests)
  const tests = selected(all, reading.selection)
  const problem = contradiction(all, reading.result)
  return problem === undefined ? { ...frame, reported: true, tests } : { ...frame, reported: false, problem, tests }
}

/** What a run knows without its report. */
export function runFrame(argv: readonly string[], result: CommandResult): Omit<TestRun, 'reported' | 'tests' | 'problem'> {
  const output = [result.stdout, result.stderr].filter((text) => text !== '').join('\n')
  return {
    argv: [...argv],
    exitCode: result.exitCode,
    timedOut: result.timedOut,
    oomKilled: result.oomKilled,
    durationMs: result.durationMs,
    output: output.length <= OUTPUT_TAIL ? output : `…${output.slice(-OUTPUT_TAIL)}`,
  }
}

function openReport({ runner, nonce, report, result }: ReportReading): { tests: readonly ReportedTest[] } | { problem: string } {
  if (result.timedOut) return { problem: 'the tests did not end in time' }
  if (result.oomKilled) return { problem: 'the tests ran out of memory' }
  if (result.killed) return { problem: 'the tests were killed' }
  if (report === undefined && result.exitCode === BUILD_FAILED)
    return { problem: `what the test script makes before the tests could not be made: ${lastWords(result)}` }
  if (report === undefined) return { problem: `no report came out (exit code ${result.exitCode}): ${lastWords(result)}` }
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder().decode(report))
  } catch {
    return { problem: 'the report is cut off or not JSON' }
  }
  const parsed = Report.safeParse(json)
  if (!parsed.success) return { problem: 'the report does not have the shape of ours' }
  const { data } = parsed
  if (data.runner !== runner || data.nonce !== nonce || data.seal.nonce !== nonce) return { problem: 'the report was not made by this run' }
  if (data.seal.count !== data.tests.length) return { problem: `the report is sealed for ${data.seal.count} tests and holds ${data.tests.length}` }
  return data
}

/** A report and an exit code that cannot both be true. The other way round (all passed, exit code not 0) happens honestly: thresholds, late errors. */
function contradiction(tests: readonly TestResult[], result: CommandResult): string | undefined {
  const failed = tests.filter((test) => test.status === 'failed').length
  if (result.exitCode === 0 && failed > 0) return `the report says ${failed} failed and the runner says all is well (exit code 0)`
  return undefined
}

function lastWords(result: CommandResult): string {
  const lines = `${result.stdout}\n${result.stderr}`.split('\n').filter((line) => line.trim() !== '')
  return lines.slice(-3).join(' / ').slice(-400) || 'it printed nothing'
}

function withIds(tests: readonly ReportedTest[]): TestResult[] {
  const seen = new Map<string, number>()
  return tests.map(({ file, path, status, durationMs, failure }) => {
    const name = [file, ...path].join(' > ')
    const nth = (seen.get(name) ?? 0) + 1
    seen.set(name, nth)
    const test: TestResult = { id: nth === 1 ? name : `${name} #${nth}`, file, path, status, durationMs }
    if (status !== 'failed') return test
    const { type, message, stack } = failure ?? { type: undefined, message: 'failed without a reason', stack: '' }
    return { ...test, failure: { ...(type ? { errorType: type } : {}), message: message.slice(0, TEXT_LIMIT), stack: stack.slice(0, TEXT_LIMIT) } }
  })
}

function selected(tests: readonly TestResult[], { selection, canaryFiles }: PlannedSelection): TestResult[] {
  if (selection.kind === 'all') return [...tests]
  const planted = new Set(canaryFiles)
  if (selection.kind === 'files') {
    const files = new Set(selection.files)
    return tests.filter((test) => files.has(test.file) || planted.has(test.file) || test.file === '(run)')
  }
  const ids = new Set(selection.tests.map((test) => test.id))
  const files = new Set(selection.tests.map((test) => test.file))
  // A file that no longer loads took its tests with it: its own failure says why they are missing.
  return tests.filter((test) => ids.has(test.id) || planted.has(test.file) || (files.has(test.file) && test.path[0] === '(file)' && test.status === 'failed'))
}
