import { readdirSync, readFileSync } from 'node:fs'
import type { CommandResult, Project, RunnerName, TestRun } from '@fixpoint/core'
import { MemorySnapshot } from '@fixpoint/testkit'
import { describe, expect, it } from 'vitest'
import { baselineFrom, planTests } from './index.ts'

const SAMPLES = new URL('./samples/', import.meta.url)
const source = new MemorySnapshot({ 'a.js': '' })
const ended: CommandResult = { exitCode: 1, stdout: '', stderr: '', durationMs: 5, timedOut: false, truncated: false, oomKilled: false, killed: false }

function projectOf(runner: RunnerName): Project {
  return {
    toolchain: runner === 'pytest' ? 'python' : 'node',
    runner,
    runnerArguments: [],
    runnerEnvironment: {},
    testFiles: ['test/a.js'],
    protectedFiles: [],
    staticChecks: [],
    because: [],
    testCommand: 'make check',
  }
}

function parse(runner: RunnerName, report: Uint8Array | undefined, result: Partial<CommandResult> = {}): TestRun {
  const plan = planTests(projectOf(runner), { kind: 'all' }, { nonce: 'sample', source })
  const files = new Map(plan.reads.flatMap((path) => (report === undefined ? [] : [[path, report] as const])))
  return plan.parse({ ...ended, ...result }, files)
}

describe('what each version of a runner really reported', () => {
  it.each(readdirSync(SAMPLES).filter((name) => !name.startsWith('pytest')))('%s', (name) => {
    const run = parse(name.split('-')[0] as RunnerName, readFileSync(new URL(name, SAMPLES)))
    expect(run).toMatchObject({ reported: true })
    const tests = run.tests.map((test) => [test.id.replace(/\.m?js/, ''), test.status, test.failure?.errorType])
    expect(new Set(tests.map((test) => test.join(' | ')))).toEqual(
      new Set([
        'test/a.test > cart (a+b) > adds | passed | ',
        'test/a.test > cart (a+b) > throws | failed | TypeError',
        'test/a.test > cart (a+b) > compares | failed | AssertionError',
        'test/a.test > cart (a+b) > later | skipped | ',
        'test/b.test > (file) | failed | RangeError',
      ]),
    )
    expect(run.tests.find((test) => test.id.endsWith('throws'))?.failure).toMatchObject({
      message: 'boom',
      stack: expect.stringContaining('TypeError: boom\n'),
    })
  })

  it('pytest-7', () => {
    const run = parse('pytest', readFileSync(new URL('pytest-7.json', SAMPLES)))
    expect(Object.fromEntries(run.tests.map((test) => [test.id, test.failure?.errorType ?? test.status]))).toEqual({
      'test_b.py > (file)': 'RuntimeError',
      'test_a.py > TestCart > test_adds': 'passed',
      'test_a.py > TestCart > test_throws': 'TypeError',
      'test_a.py > test_p[a::b]': 'passed',
      'test_a.py > test_p[2]': 'AssertionError',
      'test_a.py > test_later': 'skipped',
    })
  })
})

describe('a run that cannot be believed', () => {
  const report = readFileSync(new URL('mocha-11.json', SAMPLES))
  it.each([
    ['no report', undefined, {}, /no report came out \(exit code 1\)/],
    ['out of time', report, { timedOut: true }, /did not end in time/],
    ['out of memory', report, { oomKilled: true, exitCode: 137 }, /out of memory/],
    ['killed', report, { killed: true, exitCode: null }, /killed/],
    ['failures and exit code 0', report, { exitCode: 0 }, /the runner says all is well/],
    ['another runner', readFileSync(new URL('jest-30.json', SAMPLES)), {}, /not made by this run/],
    ['bytes', new Uint8Array([0xff, 0, 1]), {}, /not JSON/],
  ])('%s', (_, bytes, result, problem) => {
    expect(parse('mocha', bytes, result)).toMatchObject({ reported: false, problem: expect.stringMatching(problem) })
  })
})

describe('a custom command', () => {
  it('is one test, and its output is read for an error', () => {
    const stderr = 'Traceback (most recent call last):\n  File "a.py", line 1, in f\nKeyError: \'x\'\n'
    expect(parse('command', undefined, { stderr }).tests).toMatchObject([
      { id: 'command > make check', status: 'failed', failure: { errorType: 'KeyError', message: "'x'", stack: expect.stringContaining('line 1, in f') } },
    ])
    expect(parse('command', undefined, { exitCode: 0 }).tests).toMatchObject([{ status: 'passed' }])
    expect(parse('command', undefined, { timedOut: true })).toMatchObject({ reported: false, tests: [] })
  })
})

it('a baseline tells what is flaky', () => {
  const run = (statuses: Record<string, 'passed' | 'failed' | 'skipped'>): TestRun => ({
    ...parse('mocha', undefined),
    reported: true,
    tests: Object.entries(statuses).map(([id, status]) => ({ id, file: 'a.js', path: [id], status, durationMs: 1 })),
  })
  const baseline = baselineFrom([
    run({ a: 'passed', b: 'failed', c: 'passed', d: 'skipped', e: 'passed' }),
    run({ a: 'passed', b: 'failed', c: 'failed', d: 'skipped' }),
  ])
  expect(baseline).toMatchObject({ runs: 2, passing: ['a'], failing: ['b'], flaky: ['c', 'e'], skipped: ['d'] })
})
