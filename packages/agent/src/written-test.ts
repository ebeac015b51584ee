import { inert, type ReproduceTask, type ReproduceTools, type Reproduction, reveal, type StackTrace, type TestFailure, type TestRun } from '@fixpoint/core'
import type { Fence } from './fence.ts'
import type { HiddenText } from './hidden-text.ts'
import { failuresIn } from './test-words.ts'

/** What the model hands in. */
export interface TestDraft {
  /** The file under test. */
  readonly source: string
  readonly content: string
  /** The sentence of the report that says what should happen. */
  readonly quote?: string | undefined
}

type Answer = Reproduction | { readonly why: string }

const LARGEST = 20_000
const SHORTEST_QUOTE = 12
const SECONDS = 60
/** Red by chance is red once. */
const RUNS = 2
/** Says what a value should be. Whether something throws is no value. */
const STATES_A_VALUE =
  /^(?!\s*(?:\/\/|#|\*)|.*\b(?:import|require)\b).*(?:\bassert(?:[A-Z]\w*|\.(?!doesNotThrow|doesNotReject|ifError)\w+)?(?:\(|\s+\S)|\bexpect\((?!.*\.not\.toThrow)|\.should\.|\bpytest\.raises\b)/m

/** Puts a written test to the proof: a new file in the tests' own place, red on the base for the reason that the report gives. */
export class WrittenTest {
  readonly #task: ReproduceTask
  readonly #tools: ReproduceTools
  readonly #shown: { readonly fence: Fence; readonly hidden: HiddenText }
  readonly #signal: AbortSignal

  constructor(task: ReproduceTask, tools: ReproduceTools, shown: { fence: Fence; hidden: HiddenText }, signal: AbortSignal) {
    this.#task = task
    this.#tools = tools
    this.#shown = shown
    this.#signal = signal
  }

  /** Where the test of a source file goes, and its frame. Nothing of the report's own words becomes a name. */
  frameFor(source: string): { readonly path: string; readonly content: string } {
    const [type] = reportedErrors(this.#task)
    const title = type === undefined ? 'does what it should' : `does not throw ${type}`
    const imports = [{ local: 'subject', exported: '*', path: source }]
    return this.#tools.style.testFile({ source, title, imports, body: [], async: false, purpose: 'regression' })
  }

  async check(draft: TestDraft): Promise<Answer> {
    const unfit = this.#unfit(draft)
    if (unfit !== undefined) return { why: unfit }
    const { path } = this.frameFor(draft.source)
    const file = { path, content: draft.content.endsWith('\n') ? draft.content : `${draft.content}\n` }
    const syntax = this.#tools.syntaxError(path, file.content)
    if (syntax !== undefined) return { why: `the test does not parse: ${syntax}.` }
    const { room } = this.#tools
    await room.write([file])
    try {
      let answer: Answer = { why: 'it was never run' }
      for (let time = 0; time < RUNS; time += 1) {
        answer = this.#judge(await room.test({ kind: 'files', files: [path] }, this.#signal, SECONDS * 1000), file, draft)
        if ('why' in answer) break
      }
      return answer
    } finally {
      await room.write([{ path, content: null }])
    }
  }

  #unfit({ source, content, quote }: TestDraft): string | undefined {
    const { project } = this.#task
    if (this.#task.source.text(source) === undefined || this.#tools.isHidden(source))
      return `${JSON.stringify(source)} is not a source file of this repository.`
    if (project.testFiles.includes(source)) return `${source} is a test itself; name the file under test.`
    if (content.length > LARGEST) return `the test is longer than ${LARGEST} characters. One small test is enough.`
    if (!this.#usesRepository(content)) return `the test imports nothing of this repository. It will be ${this.frameFor(source).path}.`
    const thrown = reportedErrors(this.#task).find((type) =>
      new RegExp(`\\b(?:throw\\s+(?:new\\s+)?|raise\\s+|reject\\(\\s*new\\s+)${type.replace(/\W/g, '\\$&')}\\b`).test(content),
    )
    if (thrown !== undefined) return `the test throws ${thrown} itself. The code of the repository has to.`
    if (quote !== undefined && !this.#isInReport(quote)) return 'the quoted sentence is not in the report. Copy it as it stands there, or leave it out.'
    if (quote === undefined && statesAValue(content))
      return 'the test says what the result should be, but no sentence of the report is quoted that says so. Quote it; if there is none, only make the call that must not fail.'
    if (quote === undefined && !namesError(this.#task))
      return 'the report names no error, so the test has to assert what the report says should happen: quote that sentence.'
    return undefined
  }

  /** As its users do, perhaps by way of another file: a relative path, the package's own name, or a module at the root of the tree. */
  #usesRepository(content: string): boolean {
    const { source } = this.#task
    if (/(?:require\(|import\(?|from)\s*['"`]\.\.?(?:\/|['"`])/.test(content)) return true
    const own = /"name"\s*:\s*"([^"]+)"/.exec(source.text('package.json') ?? '')?.[1]
    if (own !== undefined && new RegExp(`['"\`]${own.replace(/\W/g, '\\$&')}(?:/[^'"\`]*)?['"\`]`).test(content)) return true
    const modules = [...content.matchAll(/^\s*(?:from|import)\s+([A-Za-z_]\w*)/gm)].map(([, name]) => name)
    const roots = new Set(source.list().flatMap(({ path }) => [path.split('/')[0]?.replace(/\.py$/, ''), /^src\/([^/.]+)/.exec(path)?.[1]]))
    return modules.some((name) => roots.has(name)) || /^\s*from\s+\.+\w*\s+import/m.test(content)
  }

  #isInReport(quote: string): boolean {
    const plain = (text: string) =>
      text
        .replace(/[\s*_`>#]+/g, ' ')
        .trim()
        .toLowerCase()
    const { title, text } = this.#task.report
    return plain(quote).length >= SHORTEST_QUOTE && plain(`${reveal(title)}\n${reveal(text)}`).includes(plain(quote))
  }

  #judge(run: TestRun, file: { path: string; content: string }, { quote }: TestDraft): Answer {
    const said = () => this.#shown.fence.around('output of the test', this.#shown.hidden.without(failuresIn(run, this.#task.baseline)))
    const failing = run.tests.flatMap((test) => (test.status === 'failed' && test.failure !== undefined ? [{ test, failure: test.failure }] : []))
    const [first] = failing
    if (!run.reported || run.tests.length === 0) return { why: `no test was reported from it.\n${said()}` }
    if (first === undefined) return { why: 'the test passes on the repository as it is: this input does not show the defect.' }
    if (failing.length < run.tests.length)
      return { why: `${run.tests.length - failing.length} tests of the file pass. Write only the one that shows the defect.` }
    const asReported = namesError(this.#task)
      ? failing.find(({ failure }) => this.#tools.matchesAnew(failure).matched)
      : failing.find(({ failure }) => isAssertion(failure))
    if (asReported === undefined) {
      const why = namesError(this.#task) ? this.#tools.matchesAnew(first.failure).why : 'no assertion failed'
      return { why: `the test fails, but not as reported: ${why}.\n${said()}` }
    }
    const states = quote !== undefined && statesAValue(file.content)
    return {
      source: 'agent',
      tests: failing.map(({ test: { id, file: inFile, path } }) => ({ id, file: inFile, path })),
      files: [file],
      failure: asReported.failure,
      oracle: states ? 'specified' : 'no-crash',
      because: [
        'a model wrote the test from the report; it was run on the base and fails',
        namesError(this.#task) ? 'it fails with the error that the report names' : 'an assertion fails that says what the report says',
        ...(quote === undefined ? [] : [`the report says: "${inert(quote.replace(/\s+/g, ' ').trim(), 200)}"`]),
      ],
      probes: [],
    }
  }
}

export function statesAValue(content: string): boolean {
  return STATES_A_VALUE.test(content) || importedAssertions(content).some((name) => new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}\\(`).test(content))
}

/** Functions of an assertion library by their names here: `import { equal as same } from 'node:assert'`, `const { deepEqual } = require('assert')`. */
function importedAssertions(content: string): string[] {
  const lists = [...content.matchAll(/\{([^{}]*)\}\s*(?:from\s*|=\s*require\(\s*)(['"`])(?:node:)?(?:assert(?:\/strict)?|chai|power-assert)\2/g)]
  return lists
    .flatMap(([, names = '']) => names.split(','))
    .flatMap((name) => {
      const [, exported = '', local = exported] = /^\s*([\w$]+)\s*(?:(?::|\bas\b)\s*([\w$]+))?\s*$/.exec(name) ?? []
      return exported === '' || /^(?:strict|default|doesNot(?:Throw|Reject)|ifError|expect|should|assert|AssertionError|use)$/.test(exported) ? [] : [local]
    })
}

/** The report says what was thrown. */
export function namesError({ report }: Pick<ReproduceTask, 'report'>): boolean {
  return report.traces.flatMap(withCauses).some(({ errorType, message }) => errorType !== undefined || message !== undefined)
}

function reportedErrors({ report }: Pick<ReproduceTask, 'report'>): string[] {
  return report.traces.flatMap(withCauses).flatMap(({ errorType }) => (errorType === undefined ? [] : [errorType.split('.').at(-1) ?? errorType]))
}

function withCauses(trace: StackTrace): StackTrace[] {
  return [trace, ...trace.causes.flatMap(({ trace: cause }) => withCauses(cause))]
}

function isAssertion({ errorType = '', message, stack }: TestFailure): boolean {
  return /assert|expect/i.test(errorType) || /^(?:Error: )?(?:assert|expect)|\bexpected\b/i.test(message) || /^E\s+assert\b/m.test(stack)
}
