import { type Command, type CommandResult, Policy, type Sandbox } from '@fixpoint/core'
import { aBaseline, aCandidate, aProject, aReproduction, MemorySnapshot, SequentialIds } from '@fixpoint/testkit'
import { expect, test } from 'vitest'
import { TestRoom } from '../test-room.ts'
import { staticChecks } from './static-checks.ts'
import type { JudgeTools, Subject } from './subject.ts'

const project = aProject({ staticChecks: [{ name: 'eslint', argv: ['node_modules/.bin/eslint', '.'] }] })
const source = new MemorySnapshot({ 'src/price.js': 'old\n' })
const subject = {
  ...{ candidate: aCandidate(), source, reproduction: aReproduction(), baseline: aBaseline(), policy: Policy.parse({}), report: undefined },
  workspace: { repository: '/r', project, recipe: { toolchain: 'node', way: 'none', manifests: [], download: [], scripts: [], directories: [] }, commands: {} },
} satisfies Subject
const tools = { keep: async () => 'digest', signal: new AbortController().signal } as unknown as JudgeTools

/** Commands of a room end as is written here, one after the other. */
function roomWith(...ends: readonly Partial<CommandResult>[]) {
  const waiting = [...ends]
  const commands: Command[] = []
  const sandbox = {
    async exec(command: Command) {
      commands.push(command)
      const end = waiting.shift()
      if (end === undefined) throw new Error('another command than expected')
      return { exitCode: 0, stdout: '', stderr: '', timedOut: false, truncated: false, oomKilled: false, durationMs: 1, ...end }
    },
    write: async () => {},
    read: async () => new Map(),
    reset: async () => {},
    [Symbol.asyncDispose]: async () => {},
  } as unknown as Sandbox
  return { room: new TestRoom(sandbox, { project, source, ids: new SequentialIds(), testTimeoutMs: 1 }), commands }
}

test.each<[string, Partial<CommandResult>, string]>([
  [
    'is declared and not installed',
    { exitCode: 126, stdout: 'OCI runtime exec failed: exec: "node_modules/.bin/eslint": stat node_modules/.bin/eslint: no such file or directory: unknown' },
    'eslint is not among the installed dependencies',
  ],
  ['is not known to a shell', { exitCode: 127, stderr: 'eslint: not found' }, 'eslint is not among the installed dependencies'],
  ['may not be run', { exitCode: 126, stderr: 'permission denied' }, 'eslint cannot be run here (exit code 126)'],
  ['takes for ever', { exitCode: null, timedOut: true }, 'eslint cannot be run here (timed out)'],
])('a linter that %s says nothing, and is asked once', async (_, end, why) => {
  const { room, commands } = roomWith(end)
  expect(await staticChecks(subject, room, tools)).toMatchObject({ status: 'not-applicable', summary: why })
  expect(commands).toHaveLength(1)
})

test('a complaint that the base does not have fails the gate', async () => {
  const known = '3:1 error old complaint'
  expect(await staticChecks(subject, roomWith({ exitCode: 1, stdout: known }, { exitCode: 1, stdout: known }).room, tools)).toMatchObject({ status: 'passed' })
  const { room } = roomWith({ exitCode: 1, stdout: `4:1 error old complaint\n7:2 error no-undef` }, { exitCode: 1, stdout: known })
  expect(await staticChecks(subject, room, tools)).toMatchObject({ status: 'failed', findings: ['eslint: #:# error no-undef'] })
})
