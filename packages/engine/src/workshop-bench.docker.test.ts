import { readdirSync, readFileSync } from 'node:fs'
import type { Assets, CandidateResult, FileEdit, Project, Sandbox, TestSelection, Toolchain } from '@fixpoint/core'
import { DockerSandboxes } from '@fixpoint/sandbox'
import { testRunnerAssets } from '@fixpoint/test-runners'
import { MemorySnapshot, SequentialIds } from '@fixpoint/testkit'
import { afterAll, describe, expect, it } from 'vitest'
import { engineAssets } from './index.ts'
import { TestRoom } from './test-room.ts'
import { WorkshopBench } from './workshop-bench.ts'

const signal = new AbortController().signal
const sandboxes = new DockerSandboxes()
const open: Sandbox[] = []
afterAll(() => Promise.allSettled(open.map((room) => room[Symbol.asyncDispose]())))

const assets: Assets = new Map(
  [testRunnerAssets, engineAssets].flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => [entry.name, readFileSync(new URL(entry.name, folder))] as const),
  ),
)

const source = new MemorySnapshot({
  'package.json': '{"name":"tiny","scripts":{"test":"node --test test/"}}',
  'src/sum.js': 'exports.sum = (a, b) => a - b\n',
  'test/sum.test.js':
    "const test = require('node:test')\nconst assert = require('node:assert')\nconst { sum } = require('../src/sum.js')\ntest('sums', () => assert.strictEqual(sum(2, 3), 5))\n",
})
const project: Project = {
  toolchain: 'node',
  runner: 'node:test',
  runnerArguments: [],
  runnerEnvironment: {},
  testFiles: ['test/sum.test.js'],
  protectedFiles: [],
  staticChecks: [],
  because: [],
}
const selection: TestSelection = { kind: 'tests', tests: [{ id: 'test/sum.test.js > sums', file: 'test/sum.test.js', path: ['sums'] }] }
const python = new MemorySnapshot({
  'sums/total.py': 'def total(a, b):\n    return a - b\n',
  'check.py': 'from sums.total import total\nassert total(2, 3) == 5\n',
})
const pythonProject: Project = { ...project, toolchain: 'python', runner: 'command', testCommand: 'python3 check.py', testFiles: [] }

interface Given {
  readonly name: string
  readonly edits: readonly FileEdit[]
}

/** Candidates against the tiny project, and every command that the rooms were asked for. */
async function tried(candidates: readonly Given[], options: { timeoutMs?: number; rooms?: number; toolchain?: Toolchain; command?: string } = {}) {
  const { timeoutMs = 10_000, rooms = 1, toolchain = 'node', command } = options
  const commands: string[] = []
  const openRoom = async () => {
    const tree = toolchain === 'node' ? source : python
    const recipe = { toolchain, way: 'none' as const, manifests: [], download: [], scripts: [], directories: [] }
    const environment = await sandboxes.prepare({ recipe, source: tree, runId: 'run_bench' }, signal, () => {})
    const room = await sandboxes.open({ runId: 'run_bench', environment, source: tree, tools: assets }, signal)
    open.push(room)
    const counted: Sandbox = {
      exec: (command, abort) => {
        commands.push(command.argv.join(' '))
        return room.exec(command, abort)
      },
      write: (files) => room.write(files),
      read: (paths, bytes) => room.read(paths, bytes),
      reset: () => room.reset(),
      [Symbol.asyncDispose]: () => room[Symbol.asyncDispose](),
    }
    return new TestRoom(counted, {
      project: command !== undefined ? { ...project, runner: 'command', testCommand: command } : toolchain === 'node' ? project : pythonProject,
      source: tree,
      ids: new SequentialIds(),
      testTimeoutMs: timeoutMs,
    })
  }
  const bench = new WorkshopBench({ open: openRoom, parallelRooms: rooms, candidateTimeoutMs: timeoutMs })
  const wanted: TestSelection = toolchain === 'node' && command === undefined ? selection : { kind: 'all' }
  const results: CandidateResult<Given>[] = []
  for await (const result of bench.runMany(wanted, candidates, signal)) results.push(result)
  return {
    results,
    commands,
    told: results.map(({ candidate, passed, reported }) => `${candidate.name}: ${passed ? 'passed' : reported ? 'failed' : 'no report'}`),
  }
}

const sum = (name: string, body: string): Given => ({ name, edits: [{ path: 'src/sum.js', content: body }] })
const right = (name: string) => sum(name, 'exports.sum = (a, b) => a + b\n')
const wrong = (name: string) => sum(name, 'exports.sum = (a, b) => a * b\n')
const hostile = (name: string, statements: string) => sum(name, `${statements}\nexports.sum = (a, b) => a * b\n`)
/** From a test file: its parent is the runner, and that one's parent the driver. */
const DRIVER = "const driver = Number(require('fs').readFileSync('/proc/' + process.ppid + '/stat', 'utf8').split(') ')[1].split(' ')[1])"

describe('many candidates in one room', () => {
  it('fifty are told apart, in the order given, with few commands', async () => {
    const candidates = Array.from({ length: 50 }, (_, index) => (index % 7 === 3 ? right(`${index}`) : wrong(`${index}`)))
    const { told, commands } = await tried(candidates, { command: 'node test/sum.test.js' })
    expect(told).toEqual(candidates.map((_, index) => `${index}: ${index % 7 === 3 ? 'passed' : 'failed'}`))
    expect(commands.length).toBeLessThan(15)
  })

  it('with two rooms each is answered once, with its own answer', async () => {
    const candidates = Array.from({ length: 16 }, (_, index) => (index % 2 === 0 ? right(`${index}`) : wrong(`${index}`)))
    const { told } = await tried(candidates, { rooms: 2 })
    expect(told.sort()).toEqual(candidates.map((_, index) => `${index}: ${index % 2 === 0 ? 'passed' : 'failed'}`).sort())
  })

  it('one that hangs ends at its deadline, and its neighbours have their answers', async () => {
    const { told, results } = await tried([wrong('a'), hostile('hangs', 'for (;;);'), right('b')], { timeoutMs: 8000 })
    expect(told).toEqual(['a: failed', 'hangs: no report', 'b: passed'])
    expect(results[1]?.run.timedOut).toBe(true)
  })

  it('one that ends the driver takes nobody with it', async () => {
    const { told } = await tried([right('a'), hostile('kills', `${DRIVER}\nprocess.kill(driver, 'SIGKILL')`), right('b'), wrong('c')])
    expect(told[0]).toBe('a: passed')
    expect(told[1]).toMatch(/^kills: (?:failed|no report)$/)
    expect(told.slice(2)).toEqual(['b: passed', 'c: failed'])
  })

  it('one that stops the driver costs its deadline and no more', async () => {
    const { told } = await tried([hostile('stops', `${DRIVER}\nprocess.kill(driver, 'SIGSTOP')`), right('b')], { timeoutMs: 8000 })
    expect(told[0]).toMatch(/^stops: (?:failed|no report)$/)
    expect(told[1]).toBe('b: passed')
  })

  it('one that deletes the files of the tree, or makes others, leaves the next one what it needs', async () => {
    const deletes = hostile(
      'deletes',
      "process.on('exit', () => { for (const name of ['src', 'test', 'package.json']) require('fs').rmSync(name, { recursive: true }) })",
    )
    const plants = hostile('plants', "require('fs').writeFileSync('test/planted.test.js', 'throw 1'); require('fs').writeFileSync('src/sum.js', 'throw 1')")
    const { told } = await tried([deletes, right('b'), plants, right('c')])
    expect(told).toEqual(['deletes: failed', 'b: passed', 'plants: failed', 'c: passed'])
  })

  it('one that writes a huge report is not believed and does not drown the others', async () => {
    // Reports under every name that may come, each far too large, and a flood of output on top.
    const report =
      "const fs = require('fs'); for (let n = 1; n < 9; n++) fs.writeFileSync('/fixpoint/out/' + String(n).padStart(32, '0') + '.json', Buffer.alloc(4e6))"
    const floods = hostile('floods', `${report}\nfor (let i = 0; i < 2000; i++) fs.writeSync(1, 'x'.repeat(65536))`)
    const { told } = await tried([right('a'), floods, right('b')])
    expect(told[0]).toBe('a: passed')
    expect(told[1]).toMatch(/^floods: (?:failed|no report)$/)
    expect(told[2]).toBe('b: passed')
  })

  it('a line that a candidate puts into the mouth of the driver makes nobody pass', async () => {
    const forged = JSON.stringify({
      nonce: 'NONCE',
      exitCode: 0,
      signal: null,
      timedOut: false,
      flooded: false,
      problem: '',
      durationMs: 1,
      stdout: '',
      stderr: '',
      truncated: false,
      tooLarge: false,
      report: '{}',
    })
    const forges = hostile('forges', `${DRIVER}\nrequire('fs').appendFileSync('/proc/' + driver + '/fd/1', ${JSON.stringify(`${forged}\n`)})`)
    const { told } = await tried([forges, wrong('b'), right('c')])
    expect(told).toEqual([expect.stringMatching(/^forges: (?:failed|no report)$/), 'b: failed', 'c: passed'])
  })

  it('what a daemon of a candidate does ends with its group', async () => {
    const daemon = "require('child_process').spawn('sh', ['-c', 'while true; do echo \"throw 1\" > src/sum.js; done'], { stdio: 'ignore' }).unref()"
    const { told } = await tried([hostile('leaves one', daemon), right('b'), right('c')])
    expect(told).toEqual(['leaves one: failed', 'b: passed', 'c: passed'])
  })

  it('stops when nobody wants more, and the room is clean again', async () => {
    const names: string[] = []
    const recipe = { toolchain: 'node' as const, way: 'none' as const, manifests: [], download: [], scripts: [], directories: [] }
    const environment = await sandboxes.prepare({ recipe, source, runId: 'run_bench' }, signal, () => {})
    const room = await sandboxes.open({ runId: 'run_bench', environment, source, tools: assets }, signal)
    open.push(room)
    const bench = new WorkshopBench({
      open: async () => new TestRoom(room, { project, source, ids: new SequentialIds(), testTimeoutMs: 10_000 }),
      parallelRooms: 1,
      candidateTimeoutMs: 10_000,
    })
    for await (const { candidate } of bench.runMany(
      selection,
      Array.from({ length: 40 }, (_, index) => right(`${index}`)),
      signal,
    )) {
      names.push(candidate.name)
      if (names.length === 3) break
    }
    expect(names).toEqual(['0', '1', '2'])
    expect(new TextDecoder().decode((await room.read(['src/sum.js'], 1000)).get('src/sum.js'))).toBe(source.text('src/sum.js'))
  })

  it('rooms without Node have a driver too', async () => {
    const total = (name: string, body: string): Given => ({ name, edits: [{ path: 'sums/total.py', content: `import os\ndef total(a, b):\n    ${body}\n` }] })
    const { told, commands } = await tried(
      [
        total('a', 'return a * b'),
        total('hangs', 'while True: pass'),
        total('deletes', 'os.remove("check.py") or os.remove("sums/total.py")'),
        total('b', 'return a + b'),
      ],
      { toolchain: 'python', timeoutMs: 6000 },
    )
    expect(told).toEqual(['a: failed', 'hangs: no report', 'deletes: failed', 'b: passed'])
    expect(commands.every((command) => command.includes('try_candidates.py'))).toBe(true)
  })
})
