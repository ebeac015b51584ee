import { createContext, Script } from 'node:vm'
import {
  type CandidateResult,
  type Command,
  type CommandResult,
  type DraftTask,
  type DraftTools,
  type EditSession,
  type FileEdit,
  type Interlocutor,
  isRepoPath,
  type Room,
  type SourceSnapshot,
  type SymbolPlace,
  type TestBench,
  type TestResult,
  type TestRun,
  type TestSelection,
  type TextMatch,
} from '@fixpoint/core'
import { aBaseline, aDossier, aPolicy, aProject, aReport } from './builders.ts'
import { MemorySnapshot } from './memory-snapshot.ts'

const TEST_FILE = 'test/main.test.js'
const TOP = 'src/main.js'

/** A repository in memory: `src/main.js` is a script that runs without I/O, its tests are expressions that must be true. */
export interface ScriptWorldFiles {
  readonly main: string
  /** Name → expression. */
  readonly tests: Readonly<Record<string, string>>
  /** Names of those that show the defect. */
  readonly failing: readonly string[]
  readonly others?: Readonly<Record<string, string>>
}

/** What a drafter is handed, over such a repository: the bench really runs the tests, in this process. */
export class ScriptWorld {
  readonly source: SourceSnapshot
  readonly edits: MemoryEdits
  readonly bench: TestBench
  readonly room: RecordingRoom
  readonly #tests: Readonly<Record<string, string>>
  readonly #failing: readonly string[]

  constructor({ main, tests, failing, others = {} }: ScriptWorldFiles) {
    const test = `${Object.entries(tests)
      .map(([name, code]) => `test('${name}', () => assert(${code}))`)
      .join('\n')}\n`
    this.source = new MemorySnapshot({ ...others, [TOP]: main, [TEST_FILE]: test })
    this.#tests = tests
    this.#failing = failing
    this.edits = new MemoryEdits(this.source, (path) =>
      path === TEST_FILE ? 'is a test' : path.startsWith('.github/') || path === 'package.json' ? 'is protected' : undefined,
    )
    this.bench = { run: async (selection, edits) => this.run(selection, edits), runMany: (selection, candidates) => this.#runMany(selection, candidates) }
    this.room = new RecordingRoom()
  }

  task(changes: Partial<DraftTask> = {}): DraftTask {
    const before = this.run({ kind: 'all' }, []).tests
    const failing = before.filter((test) => this.#failing.includes(test.path[0] ?? ''))
    const failure = failing[0]?.failure
    if (failure === undefined) throw new Error('nothing fails on the base of this world')
    return {
      report: aReport(),
      frames: [],
      reproduction: {
        ...{ source: 'named-test', files: [], failure, oracle: 'specified', because: [], probes: [] },
        tests: failing.map(({ id, file, path }) => ({ id, file, path })),
      },
      baseline: aBaseline({ passing: before.filter((test) => test.status === 'passed').map(({ id }) => id), failing: failing.map(({ id }) => id) }),
      dossier: aDossier({ suspects: [{ path: TOP, lines: [1, 3], score: 1, why: [] }], relatedTests: [{ path: TEST_FILE, why: [] }] }),
      lessons: [],
      policy: aPolicy(),
      project: aProject({ testFiles: [TEST_FILE], protectedFiles: [TEST_FILE] }),
      source: this.source,
      attempts: 0,
      ...changes,
    }
  }

  search = {
    search: async (patterns: readonly string[], limit: number): Promise<readonly TextMatch[]> =>
      this.source
        .list()
        .flatMap(({ path }) => (this.source.text(path) ?? '').split('\n').map((text, index) => ({ path, line: index + 1, text })))
        .filter(({ text }) => patterns.some((pattern) => text.includes(pattern)))
        .slice(0, limit),
  }

  symbols = {
    definitions: async (name: string, limit: number) => this.#places(`function ${name}(`, limit),
    references: async (name: string, limit: number) => this.#places(name, limit),
  }

  isHidden = (path: string) => path.endsWith('.env')

  syntaxError = (path: string, text: string): string | undefined => {
    try {
      if (path.endsWith('.js')) new Script(text)
      return undefined
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

  /** Without comments and white space. */
  sameTokens = (_path: string, a: string, b: string): boolean => {
    const [first, second] = [a, b].map((text) => text.replace(/\/\/.*$/gm, '').replace(/\s+/g, ''))
    return first === second
  }

  /** All that a drafter gets. */
  tools(model: Interlocutor | undefined): DraftTools & { readonly edits: MemoryEdits; readonly room: RecordingRoom } {
    const { edits, bench, room, search, symbols, isHidden, syntaxError, sameTokens } = this
    return { edits, bench, room, search, symbols, isHidden, syntaxError, sameTokens, model }
  }

  run(selection: TestSelection, edits: readonly FileEdit[]): TestRun {
    const names = selection.kind === 'tests' ? selection.tests.map((test) => test.path[0] ?? '') : Object.keys(this.#tests)
    const text = edits.find((edit) => edit.path === TOP)?.content ?? this.source.text(TOP) ?? ''
    const tests = names.map((name) => resultOf(name, text, this.#tests[name] ?? 'false'))
    const failed = tests.some((test) => test.status === 'failed')
    return { reported: true, tests, argv: ['node'], exitCode: failed ? 1 : 0, timedOut: false, oomKilled: false, durationMs: 1, output: '' }
  }

  async *#runMany<T extends { edits: readonly FileEdit[] }>(selection: TestSelection, candidates: Iterable<T>): AsyncGenerator<CandidateResult<T>> {
    for (const candidate of candidates) {
      const run = this.run(selection, candidate.edits)
      yield { candidate, run, passed: run.exitCode === 0, reported: true }
    }
  }

  async #places(text: string, limit: number): Promise<readonly SymbolPlace[]> {
    return (await this.search.search([text], limit)).map(({ path, line, text: found }) => ({ path, lines: [line, line], text: found, within: undefined }))
  }
}

function resultOf(name: string, text: string, expression: string): TestResult {
  const about = { id: `${TEST_FILE} > ${name}`, file: TEST_FILE, path: [name], durationMs: 1 }
  const failed = (errorType: string, message: string): TestResult => ({
    ...about,
    status: 'failed',
    failure: { errorType, message, stack: `${errorType}: ${message}\n    at ${TOP}:1:1` },
  })
  try {
    const context = createContext({})
    new Script(text, { filename: TOP }).runInContext(context, { timeout: 200 })
    const result: unknown = new Script(expression).runInContext(context, { timeout: 200 })
    return result === true ? { ...about, status: 'passed' } : failed('AssertionError', `${expression} is not true`)
  } catch (error) {
    const { name: errorType = 'Error', message = '' } = error as Error
    return failed(errorType, message)
  }
}

/** Keeps edits as the engine's own record does, with refusals that a test chooses. */
export class MemoryEdits implements EditSession {
  /** Every path that was asked for and refused. */
  readonly refusals: string[] = []
  readonly #source: SourceSnapshot
  readonly #refusal: (path: string) => string | undefined
  readonly #now = new Map<string, string>()

  constructor(source: SourceSnapshot, refusal: (path: string) => string | undefined) {
    this.#source = source
    this.#refusal = refusal
  }

  text(path: string): string | undefined {
    return this.#now.get(path) ?? this.#source.text(path)
  }

  splice(path: string, start: number, end: number, replacement: string): string | undefined {
    const text = this.text(path)
    const why = !isRepoPath(path)
      ? 'is not a path inside the repository'
      : (this.#refusal(path) ?? (text === undefined ? 'is not a text file of the base' : undefined))
    if (why !== undefined || text === undefined) {
      this.refusals.push(path)
      return `${path} ${why}`
    }
    this.#now.set(path, text.slice(0, start) + replacement + text.slice(end))
    return undefined
  }

  edits(): readonly FileEdit[] {
    return [...this.#now].map(([path, content]) => ({ path, content }))
  }

  /** The diff is git's in form, with one hunk a file and no context. */
  patch() {
    const edits = this.edits().filter(({ path, content }) => content !== this.#source.text(path))
    return { base: this.#source.commit, diff: edits.map(({ path, content }) => diffOf(path, this.#source.text(path) ?? '', content ?? '')).join(''), edits }
  }

  reset(): void {
    this.#now.clear()
  }
}

function diffOf(path: string, before: string, after: string): string {
  const [old, now] = [before.split('\n'), after.split('\n')]
  let same = 0
  while (same < old.length && same < now.length && old[same] === now[same]) same += 1
  let tail = 0
  while (tail < old.length - same && tail < now.length - same && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1
  const gone = old.slice(same, old.length - tail).map((line) => `-${line}\n`)
  const come = now.slice(same, now.length - tail).map((line) => `+${line}\n`)
  const at = `@@ -${same + 1},${gone.length} +${same + 1},${come.length} @@`
  return `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n${at}\n${[...gone, ...come].join('')}`
}

/** Runs nothing: answers commands and tests as a test says, and keeps what was written and asked. */
export class RecordingRoom implements Room {
  readonly commands: Command[] = []
  readonly files = new Map<string, string>()
  answer: (command: Command) => Partial<CommandResult> = () => ({})
  testing: (selection: TestSelection, files: ReadonlyMap<string, string>) => TestRun = () => {
    throw new Error('this room was not told what its tests say')
  }

  async exec(command: Command): Promise<CommandResult> {
    this.commands.push(command)
    const nothing = { exitCode: 0, stdout: '', stderr: '', durationMs: 1, timedOut: false, truncated: false, oomKilled: false, killed: false }
    return { ...nothing, ...this.answer(command) }
  }

  async write(files: readonly { path: string; content: string | null }[]): Promise<void> {
    for (const { path, content } of files) {
      if (content === null) this.files.delete(path)
      else this.files.set(path, content)
    }
  }

  async read(): Promise<ReadonlyMap<string, Uint8Array>> {
    return new Map()
  }

  async test(selection: TestSelection): Promise<TestRun> {
    return this.testing(selection, this.files)
  }

  async reset(): Promise<void> {
    this.files.clear()
  }
}
