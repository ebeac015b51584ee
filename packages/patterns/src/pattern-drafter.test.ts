import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createContext, Script } from 'node:vm'
import {
  type CandidateResult,
  type DraftEvent,
  type DraftTask,
  type DraftTools,
  type EditSession,
  type FileEdit,
  Policy,
  type Room,
  type SourceSnapshot,
  type TestBench,
  type TestResult,
  type TestRun,
  type TestSelection,
} from '@fixpoint/core'
import { openSyntax, type Syntax } from '@fixpoint/syntax'
import { beforeAll, describe, expect, test } from 'vitest'
import { createPatternDrafter } from './index.ts'

const require = createRequire(import.meta.url)
const bytes = (name: string) => new Uint8Array(readFileSync(require.resolve(name)))
const grammar = (name: string) => bytes(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${name}.wasm`)

let syntax: Syntax
beforeAll(async () => {
  syntax = await openSyntax({
    engine: bytes('web-tree-sitter/web-tree-sitter.wasm'),
    javascript: grammar('javascript'),
    typescript: grammar('typescript'),
    tsx: grammar('tsx'),
    python: grammar('python'),
  })
})

/** A repository in memory: one script under test, and tests that are expressions which must be true. */
interface World {
  readonly files: Readonly<Record<string, string>>
  readonly target: string
  readonly tests: Readonly<Record<string, string>>
  readonly failing: readonly string[]
}

function run(world: World, edits: readonly FileEdit[], names: readonly string[], globals: object = {}): TestRun {
  const text = edits.find((edit) => edit.path === world.target)?.content ?? world.files[world.target] ?? ''
  const tests = names.map((name): TestResult => {
    const base = { id: `test/a.test.js > ${name}`, file: 'test/a.test.js', path: [name], durationMs: 1 }
    try {
      const module = { exports: {} }
      const context = createContext({ module, exports: module.exports, ...globals })
      new Script(text, { filename: world.target }).runInContext(context, { timeout: 100 })
      const passed = new Script(`Object.assign(globalThis, module.exports); ${world.tests[name]}`).runInContext(context, { timeout: 100 })
      if (passed !== true) return { ...base, status: 'failed', failure: { errorType: 'AssertionError', message: `${name} is not true`, stack: '' } }
      return { ...base, status: 'passed' }
    } catch (error) {
      const { name: errorType, message, stack = '' } = error as Error
      return { ...base, status: 'failed', failure: { errorType, message, stack } }
    }
  })
  return { reported: true, tests, argv: [], exitCode: 0, timedOut: false, oomKilled: false, durationMs: 1, output: '' }
}

class VmBench implements TestBench {
  tried = 0
  readonly #world: World
  constructor(world: World) {
    this.#world = world
  }
  async run(_: TestSelection, edits: readonly FileEdit[]): Promise<TestRun> {
    return run(this.#world, edits, Object.keys(this.#world.tests))
  }
  async *runMany<T extends { edits: readonly FileEdit[] }>(selection: TestSelection, candidates: Iterable<T>): AsyncIterable<CandidateResult<T>> {
    const names = selection.kind === 'tests' ? selection.tests.map((each) => each.path.at(-1) ?? '') : []
    for (const candidate of candidates) {
      this.tried += 1
      const result = run(this.#world, candidate.edits, names)
      yield { candidate, passed: result.tests.every((each) => each.status === 'passed'), reported: true, run: result }
    }
  }
}

/** Runs the tests on what was written; what the code appends to a file can be read. */
class VmRoom implements Room {
  readonly ran: string[] = []
  readonly #world: World
  #written: readonly FileEdit[] = []
  constructor(world: World) {
    this.#world = world
  }
  exec(): never {
    throw new Error('the drafter runs no commands')
  }
  async write(files: readonly FileEdit[]) {
    this.#written = files
  }
  async test(selection: TestSelection): Promise<TestRun> {
    const names = selection.kind === 'tests' ? selection.tests.map((each) => each.path.at(-1) ?? '') : []
    const fs = { appendFileSync: (_: string, text: string) => void this.ran.push(text) }
    return run(this.#world, this.#written, names, { process: { getBuiltinModule: () => fs } })
  }
  async read(paths: readonly string[]) {
    return new Map(this.ran.length === 0 ? [] : paths.map((path) => [path, new TextEncoder().encode(this.ran.join(''))]))
  }
  async reset() {
    this.#written = []
  }
}

class Edits implements EditSession {
  readonly #base: Readonly<Record<string, string>>
  readonly #protected: readonly string[]
  #now = new Map<string, string>()
  constructor(base: Readonly<Record<string, string>>, guarded: readonly string[]) {
    this.#base = base
    this.#protected = guarded
  }
  text(path: string) {
    return this.#now.get(path) ?? this.#base[path]
  }
  splice(path: string, start: number, end: number, replacement: string) {
    const text = this.text(path)
    if (text === undefined || this.#protected.includes(path)) return 'protected'
    this.#now.set(path, text.slice(0, start) + replacement + text.slice(end))
    return undefined
  }
  edits() {
    return [...this.#now].map(([path, content]) => ({ path, content }))
  }
  patch() {
    return {
      base: 'a'.repeat(40),
      diff: this.edits()
        .map(({ path, content }) => `${path}\n${content}`)
        .join('\n'),
      edits: [...this.edits()],
    }
  }
  reset() {
    this.#now = new Map()
  }
}

function snapshot(files: Readonly<Record<string, string>>): SourceSnapshot {
  return {
    commit: 'a'.repeat(40),
    tree: 'b'.repeat(40),
    list: () =>
      Object.keys(files)
        .sort()
        .map((path) => ({ path, kind: 'file' as const, size: files[path]?.length ?? 0, blob: '' })),
    read: (path) => new TextEncoder().encode(files[path]),
    text: (path) => files[path],
  }
}

function task(world: World, more: Partial<DraftTask> = {}): DraftTask {
  const before = run(world, [], Object.keys(world.tests))
  const failing = before.tests.filter((each) => world.failing.includes(each.path[0] ?? ''))
  const failure = failing[0]?.failure
  if (failure === undefined) throw new Error('the base does not fail')
  return {
    report: { title: { untrusted: '' }, text: { untrusted: '' }, traces: [], checks: [], origin: 'suite', groupKey: 'k', redactions: 0 },
    frames: [],
    reproduction: {
      source: 'named-test',
      tests: failing.map(({ id, file, path }) => ({ id, file, path })),
      files: [],
      failure,
      oracle: 'specified',
      because: [],
      probes: [],
    },
    baseline: {
      runs: 1,
      passing: before.tests.filter((each) => each.status === 'passed').map((each) => each.id),
      failing: failing.map((each) => each.id),
      flaky: [],
      skipped: [],
      durationMs: 1,
    },
    dossier: { suspects: [], excerpts: [], relatedTests: [], history: [], excluded: [], tokens: 0 },
    lessons: [],
    attempts: 0,
    policy: Policy.parse({ testTimeoutMs: 1000 }),
    project: {
      toolchain: 'node',
      runner: 'node:test',
      runnerArguments: [],
      runnerEnvironment: {},
      testFiles: ['test/a.test.js'],
      protectedFiles: [],
      staticChecks: [],
      because: [],
    },
    source: snapshot(world.files),
    ...more,
  }
}

async function draft(world: World, more: Partial<DraftTask> = {}, guarded: readonly string[] = []) {
  const bench = new VmBench(world)
  const unused = () => {
    throw new Error('the drafter needs no such tool')
  }
  const tools: DraftTools = {
    edits: new Edits(world.files, guarded),
    bench,
    room: new VmRoom(world),
    search: { search: unused },
    syntaxError: (path, text) => syntax.error(path, text),
    sameTokens: (path, a, b) => syntax.tokens(path, a).join('\0') === syntax.tokens(path, b).join('\0'),
    symbols: { definitions: unused, references: unused },
    isHidden: () => false,
    model: undefined,
  }
  const events: DraftEvent[] = []
  for await (const event of createPatternDrafter(syntax).draft(task(world, more), tools, new AbortController().signal)) events.push(event)
  const candidates = events.flatMap((event) => (event.kind === 'candidate' ? [event.candidate] : []))
  return { events, bench, candidates, texts: candidates.map(({ patch }) => patch.edits[0]?.content ?? ''), last: events.at(-1) }
}

function world(source: string, tests: Record<string, string>, failing: readonly string[] = ['wrong']): World {
  const calls = Object.entries(tests).map(([name, code]) => `test('${name}', () => { assert(${code}) })`)
  return { files: { 'src/a.js': source, 'test/a.test.js': `const api = require('../src/a.js')\n${calls.join('\n')}\n` }, target: 'src/a.js', tests, failing }
}

describe('finds a repair, likeliest first', () => {
  test.each<[string, World, string]>([
    [
      'a boundary',
      world('function pages(total, size) {\n  return Math.floor(total / size)\n}\nmodule.exports = { pages }\n', {
        wrong: 'pages(11, 5) === 3',
        right: 'pages(10, 5) === 2',
      }),
      'Math.ceil(total / size)',
    ],
    [
      'a comparison',
      world('function allowed(age) {\n  if (age > 18) return "yes"\n  return "no"\n}\nmodule.exports = { allowed }\n', {
        wrong: 'allowed(18) === "yes"',
        right: 'allowed(17) === "no"',
        other: 'allowed(40) === "yes"',
      }),
      'age >= 18',
    ],
    [
      'a wrong name',
      world('function area(width, height) {\n  const scaled = width + 2\n  return scaled * width\n}\nmodule.exports = { area }\n', {
        wrong: 'area(2, 5) === 20',
        right: 'area(3, 3) === 15',
      }),
      'scaled * height',
    ],
    [
      'binary search that misses the end',
      world(
        'function find(xs, x) {\n  let low = 0\n  let high = xs.length - 1\n  while (low < high) {\n    const mid = (low + high) >> 1\n    if (xs[mid] === x) return mid\n    if (xs[mid] < x) low = mid + 1\n    else high = mid - 1\n  }\n  return -1\n}\nmodule.exports = { find }\n',
        {
          wrong: 'find([1, 2, 3], 3) === 2',
          right: 'find([1, 2, 3], 2) === 1',
          other: 'find([1, 3], 2) === -1',
          more: 'find([], 2) === -1',
          one: 'find([7], 7) === 0',
        },
        ['wrong', 'one'],
      ),
      'low <= high',
    ],
    [
      'a crash on a missing value',
      world('function label(user) {\n  return user.address.city\n}\nmodule.exports = { label }\n', {
        wrong: 'label({}) === undefined',
        right: 'label({ address: { city: "x" } }) === "x"',
      }),
      'user.address?.city',
    ],
    [
      'numbers sorted as text',
      world('function ranked(xs) {\n  return [...xs].sort()\n}\nmodule.exports = { ranked }\n', {
        wrong: 'ranked([10, 9, 1]).join() === "1,9,10"',
        right: 'ranked([2, 1]).join() === "1,2"',
      }),
      'sort((a, b) => a - b)',
    ],
    [
      'an input that is changed',
      world('function newest(xs) {\n  return xs.sort((a, b) => b - a)[0]\n}\nmodule.exports = { newest }\n', {
        wrong: '(() => { const xs = [1, 2]; newest(xs); return xs[0] === 1 })()',
        right: 'newest([1, 3, 2]) === 3',
      }),
      '[...xs].sort',
    ],
  ])('%s', async (_, given, expected) => {
    const { texts } = await draft(given)
    expect(texts[0]).toContain(expected)
  })
})

test('a survivor that breaks another test is not offered, and is told', async () => {
  const given = world('function size(n) {\n  return n >= 10 ? "big" : "small"\n}\nmodule.exports = { size }\n', {
    wrong: 'size(9) === "big"',
    right: 'size(20) === "big"',
    under: 'size(1) === "small"',
  })
  const { texts, events } = await draft(given)
  expect(texts).toEqual(['function size(n) {\n  return n >= 9 ? "big" : "small"\n}\nmodule.exports = { size }\n'])
  const said = events.flatMap((event) => (event.kind === 'progress' ? [event.message] : [])).join('\n')
  expect(said).toMatch(/rejected: .* passes the failing test but breaks test\/a\.test\.js > (right|under)/)
  expect(said).toMatch(/\d+ of \d+ tried, \d+ pass the failing test/)
})

test('with nothing that fits it abstains and says what was tried', async () => {
  const given = world('function word(n) {\n  return String(n)\n}\nmodule.exports = { word }\n', { wrong: 'word(41) === "forty-one"' })
  const { last, bench } = await draft(given)
  expect(last?.kind).toBe('abstained')
  expect(last?.kind === 'abstained' ? last.findings.join('\n') : '').toMatch(/src\/a\.js \(word\)[\s\S]*were run on the failing test/)
  expect(bench.tried).toBeGreaterThan(3)
})

test('protected files, tests and files outside the trace are never tried', async () => {
  const given = world('function f(a) {\n  return a > 1\n}\nmodule.exports = { f }\n', { wrong: 'f(1) === true' })
  expect((await draft(given, {}, ['src/a.js'])).last?.kind).toBe('abstained')
  const policy = { ...task(given).policy, protectedPaths: ['src/'] }
  const { bench, last } = await draft(given, { policy })
  expect([bench.tried, last?.kind]).toEqual([0, 'abstained'])
})

test('the budget of candidates is kept', async () => {
  const given = world('function word(n, m) {\n  const a = n + m\n  return a > 3 ? String(n) : String(m)\n}\nmodule.exports = { word }\n', {
    wrong: 'word(41, 1) === "forty-one"',
  })
  const policy = { ...task(given).policy, budget: { ...task(given).policy.budget, candidates: 7 } }
  const { bench, last } = await draft(given, { policy })
  expect(bench.tried).toBe(7)
  expect(last?.kind === 'abstained' ? last.findings.at(-1) : '').toMatch(/budget/)
})

test('where only the crash is known, what keeps the rest of the behaviour comes first and is marked', async () => {
  const given = world('function label(user) {\n  const name = user.name\n  return name.trim()\n}\nmodule.exports = { label }\n', {
    wrong: 'label({}) || true',
    right: 'label({ name: " x " }) === "x"',
  })
  const base = task(given)
  const { candidates } = await draft(given, { reproduction: { ...base.reproduction, oracle: 'no-crash' } })
  expect(candidates[0]?.origin.kind).toMatch(/guard|fallback|early-exit/)
  expect(candidates.some((each) => each.origin.symptomOnly)).toBe(true)
})

test('a patch that a lesson refused is neither tried nor offered again', async () => {
  const given = world('function allowed(age) {\n  return age > 18\n}\nmodule.exports = { allowed }\n', {
    wrong: 'allowed(18) === true',
    right: 'allowed(17) === false',
  })
  const first = await draft(given)
  const refused = first.candidates[0]?.patch.diff ?? ''
  const second = await draft(given, { lessons: [{ gate: 'behaviour', summary: '', diff: refused }] })
  expect(second.candidates.map((each) => each.patch.diff)).not.toContain(refused)
  const survives = first.candidates[0]?.origin.summary ?? ''
  expect(JSON.stringify(first.events)).toContain(`survives: ${survives}`)
  expect(JSON.stringify(second.events)).not.toContain(`survives: ${survives}`)
})

test('lines that the failing test does not run are left alone', async () => {
  const source = 'function price(n, member) {\n  if (member) {\n    return n - 1\n  }\n  return n > 3 ? 3 : n\n}\nmodule.exports = { price }\n'
  const given = world(source, { wrong: 'price(9, false) === 9.5', right: 'price(5, true) === 4' })
  const { last } = await draft(given)
  expect(last?.kind).toBe('abstained')
  const { bench } = await draft({ ...given, tests: { ...given.tests, wrong: 'price(9, false) === 9.5 || price(9, true) === 0' } })
  const alone = await draft(given)
  expect(alone.bench.tried).toBeLessThan(bench.tried)
})
