import type { CommandResult, Project } from '@fixpoint/core'
import { planTests } from '@fixpoint/test-runners'
import { aProject, MemorySnapshot } from '@fixpoint/testkit'
import { describe, expect, it } from 'vitest'
import { type BatchedCandidate, batchCommand, readBatch } from './candidate-batch.ts'

const source = new MemorySnapshot({ 'test/a.test.js': '', 'test/b.test.js': '' })
const project: Project = aProject({ runner: 'node:test', toolchain: 'node', runnerArguments: [], testFiles: ['test/a.test.js', 'test/b.test.js'] })

function batch(files: string[] = ['test/a.test.js']): BatchedCandidate[] {
  return ['n1', 'n2', 'n3'].map((nonce) => ({ nonce, plan: planTests(project, { kind: 'files', files }, { nonce, source }), edits: [] }))
}
const line = (nonce: string, changes: object = {}) =>
  `${JSON.stringify({ nonce, exitCode: 1, signal: null, timedOut: false, flooded: false, durationMs: 5, stdout: '', stderr: '', truncated: false, report: null, tooLarge: false, ...changes })}\n`
const said = (stdout: string, changes: Partial<CommandResult> = {}): CommandResult => ({
  exitCode: 0,
  stdout,
  stderr: '',
  durationMs: 1,
  timedOut: false,
  truncated: false,
  oomKilled: false,
  killed: false,
  ...changes,
})
const outcome = (result: CommandResult) => {
  const { answers, broken } = readBatch(batch(), result)
  return `${answers.length} answered${broken ? ', broken' : ''}`
}

describe('what a driver says is believed up to the first doubt', () => {
  it.each([
    ['all, in order', said(line('n1') + line('n2') + line('n3')), '3 answered'],
    ['the first ones, and time was up', said(line('n1')), '1 answered'],
    ['another order', said(line('n2') + line('n1')), '0 answered, broken'],
    ['one twice', said(line('n1') + line('n1')), '1 answered, broken'],
    ['one too many', said(line('n1') + line('n2') + line('n3') + line('n3')), '3 answered, broken'],
    ['a nonce of nobody', said(line('n1') + line('guessed')), '1 answered, broken'],
    ['half a line', said(line('n1') + line('n2').slice(0, 40)), '1 answered, broken'],
    ['a field that is not ours', said(line('n1', { passed: true })), '0 answered, broken'],
    ['what is no JSON', said(`${line('n1')}hello\n`), '1 answered, broken'],
    ['nothing', said(''), '0 answered, broken'],
    ['its exit code is not 0', said(line('n1'), { exitCode: 137 }), '1 answered, broken'],
    ['it was stopped at the deadline', said(line('n1'), { exitCode: null, timedOut: true }), '1 answered, broken'],
    ['its output was cut', said(line('n1'), { truncated: true }), '1 answered, broken'],
  ])('%s', (_, result, expected) => expect(outcome(result)).toBe(expected))

  it('a report that is too large is asked for again, alone', () => {
    expect(readBatch(batch(), said(line('n1', { tooLarge: true }))).answers).toEqual(['alone'])
  })

  it('a report with the nonce of another candidate is no report', () => {
    const candidates = batch()
    const report = JSON.stringify({ format: 1, runner: 'node:test', nonce: 'n1', tests: [], seal: { count: 0, nonce: 'n1' } })
    const [, second] = readBatch(candidates, said(line('n1', { report }) + line('n2', { report }))).answers
    if (second === undefined || second === 'alone') throw new Error('the second candidate has an answer')
    expect(candidates[1]?.plan.parse(second.result, second.files)).toMatchObject({ reported: false, problem: 'the report was not made by this run' })
  })
})

describe('the command of a batch', () => {
  const argvOf = (candidates: BatchedCandidate[]) => JSON.parse(String(batchCommand(project, candidates, 1000).stdin)).argv as string[]
  it('runs one file of node:test in one process, several as the runner does', () => {
    expect(argvOf(batch())).not.toContain('--test')
    expect(argvOf(batch(['test/a.test.js', 'test/b.test.js']))).toContain('--test')
  })
  it('is bounded by its time and one deadline, not by the sum of them', () => {
    expect(batchCommand(project, batch(), 60_000).timeoutMs).toBeLessThan(120_000)
  })
})
