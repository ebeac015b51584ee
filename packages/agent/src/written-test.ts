import {
  type Expectation,
  inert,
  type ReproduceTask,
  type ReproduceTools,
  type Reproduction,
  type SecondTask,
  type StackTrace,
  type TestFailure,
  type TestRun,
  type WidenTask,
} from '@fixpoint/core'
import { spaced, statesAValue, unfoundedLines } from './asserted-lines.ts'
import type { Fence } from './fence.ts'
import type { HiddenText } from './hidden-text.ts'
import { isInReport, unquoted } from './report-sentences.ts'
import { failuresIn } from './test-words.ts'

/** A test to be written for the first time, or again, or beside one that is not shown. */
export type TestTask = SecondTask & Partial<Pick<WidenTask, 'reproduction' | 'objection'>> & { readonly isSecond?: true }

/** What the model hands in. */
export interface TestDraft {
  /** The file under test. */
  readonly source: string
  /** A few words for the defect. */
  readonly name: string
  readonly content: string
  /** Sentences of the report that say what should happen, each with the code that asserts it, or why none does. */
  readonly expectations: readonly { readonly quote: string; readonly assertion?: string | undefined; readonly unstated?: string | undefined }[]
}

type Answer = Reproduction | { readonly why: string }

const LARGEST = 20_000
const LONGEST_QUOTE = 300
const SENTENCES_SHOWN = 5
const SECONDS = 60
/** Red by chance is red once. */
const RUNS = 2

/** Puts a written test to the proof: a new file in the tests' own place, red on the base for the reason that the report gives. */
export class WrittenTest {
  readonly #task: TestTask
  readonly #tools: ReproduceTools
  readonly #shown: { readonly fence: Fence; readonly hidden: HiddenText }
  readonly #signal: AbortSignal
  #reminded = false

  constructor(task: TestTask, tools: ReproduceTools, shown: { fence: Fence; hidden: HiddenText }, signal: AbortSignal) {
    this.#task = task
    this.#tools = tools
    this.#shown = shown
    this.#signal = signal
  }

  /** Where the test of a source file goes, and its frame. */
  frameFor(source: string, name: string): { readonly path: string; readonly content: string } {
    const imports = [{ local: 'subject', exported: '*', path: source }]
    return this.#tools.style.testFile({ source, title: withoutStem(name, source), imports, body: [], async: false, purpose: 'regression' })
  }

  async check(draft: TestDraft): Promise<Answer> {
    const unfit = this.#unfit(draft)
    if (unfit !== undefined) return { why: unfit }
    const { path } = this.frameFor(draft.source, draft.name)
    const file = { path, content: draft.content.endsWith('\n') ? draft.content : `${draft.content}\n` }
    const syntax = this.#tools.syntaxError(path, file.content)
    if (syntax !== undefined) return { why: `the test does not parse: ${syntax}.` }
    const { room } = this.#tools
    await room.write([file])
    try {
      let answer: Answer = { why: 'it was never run' }
      for (let time = 0; time < RUNS; time += 1) {
        answer = this.#judge(await room.test({ kind: 'files', files: [path] }, this.#signal, this.#limitMs()), file, draft)
        if ('why' in answer) break
      }
      return answer
    } finally {
      await room.write([{ path, content: null }])
    }
  }

  /** What is built before the tests counts too: then the run's own limit is the one. */
  #limitMs(): number | undefined {
    return (this.#task.project.builds ?? []).length > 0 ? undefined : SECONDS * 1000
  }

  #overTime({ durationMs }: TestRun): string {
    const builds = (this.#task.project.builds ?? []).map((build) => build.join(' '))
    const all = builds.length === 0 ? '' : `, with what is built before it (${builds.join('; ')})`
    return `the test did not end within ${Math.round(durationMs / 1000)} s${all}. Try with run_command what takes the time; the same test may be handed in once more, in case the machine was busy.`
  }

  #unfit(draft: TestDraft): string | undefined {
    const { source, name, content } = draft
    const { project, reproduction } = this.#task
    if (this.#task.source.text(source) === undefined || this.#tools.isHidden(source))
      return `${JSON.stringify(source)} is not a source file of this repository.`
    if (project.testFiles.includes(source)) return `${source} is a test itself; name the file under test.`
    if (content.length > LARGEST) return `the test is longer than ${LARGEST} characters. One small test is enough.`
    if (!this.#usesRepository(content)) return `the test imports nothing of this repository. It will be ${this.frameFor(source, name).path}.`
    if (reproduction?.files.some((file) => file.content.trim() === content.trim())) return 'the test is what it was. Read the objection to it again.'
    const thrown = reportedErrors(this.#task).find((type) =>
      new RegExp(`\\b(?:throw\\s+(?:new\\s+)?|raise\\s+|reject\\(\\s*new\\s+)${type.replace(/\W/g, '\\$&')}\\b`).test(content),
    )
    if (thrown !== undefined) return `the test throws ${thrown} itself. The code of the repository has to.`
    return this.#unfounded(draft)
  }

  /** What the test asserts comes from the report, and nothing that the report says is passed over in silence. */
  #unfounded({ content, expectations }: TestDraft): string | undefined {
    const { report } = this.#task
    const foreign = expectations.find(({ quote }) => !isInReport(quote, report))
    if (foreign !== undefined) return `the quoted sentence is not in the report: ${shown(foreign.quote)}. Copy it as it stands there, or leave it out.`
    const silent = expectations.find(({ assertion, unstated }) => assertion === undefined && unstated === undefined)
    if (silent !== undefined) return `say for ${shown(silent.quote)} which code of the test asserts it, or why none does.`
    const asserted = expectations.flatMap(({ assertion }) => (assertion === undefined ? [] : [assertion]))
    const absent = asserted.find((assertion) => !spaced(content).includes(spaced(assertion)))
    if (absent !== undefined) return `the test does not hold this code, which is named as an assertion: ${shown(absent)}. Copy it from the test.`
    if (asserted.length === 0 && statesAValue(content))
      return 'the test says what the result should be, but no sentence of the report is quoted that says so. Quote it; if there is none, only make the call that must not fail.'
    if (asserted.length === 0 && !namesError(this.#task))
      return 'the report names no error, so the test has to assert what the report says should happen: quote that sentence.'
    const unfounded = unfoundedLines(content, asserted)
    if (unfounded.length > 0)
      return `no sentence of the report is quoted for ${unfounded.map((line) => shown(line.trim())).join(', nor for ')}. For each, name the sentence that it comes from, or take it out; what only has to be so before is left out too.`
    const passedOver = this.#reminded
      ? []
      : unquoted(
          report,
          expectations.map(({ quote }) => quote),
        )
    if (passedOver.length === 0) return undefined
    // Once: it is found by words, and may say nothing about what should happen.
    this.#reminded = true
    const fenced = this.#shown.fence.around('the report', passedOver.slice(0, SENTENCES_SHOWN).join('\n'))
    return `the report also says what stands below. Assert what of it says what should happen, each as an assertion of its own, or say under \`unstated\` why it cannot be asserted. What says nothing of the kind can be left out.\n${fenced}`
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

  #judge(run: TestRun, file: { path: string; content: string }, { expectations }: TestDraft): Answer {
    const said = () => this.#shown.fence.around('output of the test', this.#shown.hidden.without(failuresIn(run, this.#task.baseline)))
    const failing = run.tests.flatMap((test) => (test.status === 'failed' && test.failure !== undefined ? [{ test, failure: test.failure }] : []))
    const [first] = failing
    if (run.timedOut) return { why: `${this.#overTime(run)}\n${said()}` }
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
    const states = expectations.some(({ assertion }) => assertion !== undefined) && statesAValue(file.content)
    return {
      source: 'agent',
      tests: failing.map(({ test: { id, file: inFile, path } }) => ({ id, file: inFile, path })),
      files: [file],
      failure: asReported.failure,
      oracle: states ? 'specified' : 'no-crash',
      because: [
        'a model wrote the test from the report; it was run on the base and fails',
        namesError(this.#task) ? 'it fails with the error that the report names' : 'an assertion fails that says what the report says',
      ],
      ...(expectations.length === 0 ? {} : { expectations: expectations.map(kept) }),
      probes: [],
    }
  }
}

function kept({ quote, assertion, unstated }: TestDraft['expectations'][number]): Expectation {
  const line = (text: string) => inert(text.replace(/\s+/g, ' ').trim(), LONGEST_QUOTE)
  return { quote: line(quote), ...(assertion === undefined ? { unstated: line(unstated ?? '') } : { assertion: line(assertion) }) }
}

/** A test's file is called after the file under test in any case. */
function withoutStem(name: string, source: string): string {
  const stem = (source.split('/').at(-1) ?? '').replace(/\..*$/, '').replace(/[^A-Za-z]+/g, ' ')
  const rest = name.toLowerCase().startsWith(`${stem.toLowerCase()} `) ? name.slice(stem.length + 1) : name
  return rest.trim()
}

function shown(text: string): string {
  return JSON.stringify(inert(text, 120))
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
