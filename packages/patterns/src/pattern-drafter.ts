import type { Candidate, DraftEvent, Drafter, DraftTask, DraftTools, FileEdit, Patch, TestRun } from '@fixpoint/core'
import type { Syntax } from '@fixpoint/syntax'
import { enumerateFixes } from './enumerate.ts'
import { executedOnly } from './executed.ts'
import { faultOf } from './fault.ts'
import { applied, type Fix, sentence } from './fix.ts'
import { localise, type Suspicion } from './localise.ts'
import { diverse, keepsTheRest, rank, scoreOf } from './rank.ts'
import { answersOf, type Refusal, Screen } from './screen.ts'
import { SearchStanding } from './search-standing.ts'
import { openSite, type Site } from './site.ts'

/** Candidates that are tried before survivors meet the whole suite; few at first, for the likeliest is often right. */
const BATCH = 60
const FIRST_BATCH = 15
/** Each that is offered costs the judge a room and minutes. */
const OFFERED = 4
const TOLD_EVERY = 25
/** Rooms work side by side. */
const AT_ONCE = 2

/** The model-free drafter: fix patterns over syntax trees, tried on the failing tests, then on the suite. */
export function createPatternDrafter(syntax: Syntax): Drafter {
  return {
    name: 'patterns',
    draft: (task, tools, signal) => new PatternSearch(syntax, task, tools, signal).run(),
  }
}

interface Trial {
  readonly fix: Fix
  readonly edits: readonly FileEdit[]
}

/** One search: localise → enumerate → screen → try → prove → rank. */
class PatternSearch {
  readonly #syntax: Syntax
  readonly #task: DraftTask
  readonly #tools: DraftTools
  readonly #signal: AbortSignal
  readonly #screen: Screen
  readonly #refused = new Map<Refusal, number>()
  /** Diffs that a gate refused in an earlier attempt. */
  readonly #refusedBefore: ReadonlySet<string>
  /** Passed the failing tests. */
  readonly #survivors: Fix[] = []
  readonly #standing: SearchStanding
  #hung = 0

  constructor(syntax: Syntax, task: DraftTask, tools: DraftTools, signal: AbortSignal) {
    this.#syntax = syntax
    this.#task = task
    this.#tools = tools
    this.#signal = signal
    this.#standing = new SearchStanding(task)
    this.#refusedBefore = new Set(task.lessons.map((lesson) => lesson.diff.trim()))
    this.#screen = new Screen(syntax, answersOf(task.reproduction, task.source))
  }

  async *run(): AsyncGenerator<DraftEvent> {
    const located = localise(this.#task, this.#syntax).filter(({ path }) => this.#mayEdit(path))
    const suspicions = await executedOnly(located, this.#task, this.#tools, this.#syntax, this.#signal)
    if (suspicions.length === 0) {
      yield { kind: 'abstained', findings: ['no file that may be edited is in the trace, among the suspects, or called by the failing tests'] }
      return
    }
    const fault = faultOf(this.#task.reproduction.failure)
    const sites = new Map<string, Site>()
    for (const { path, text } of suspicions) {
      const site = openSite(this.#syntax, path, text, fault)
      if (site !== undefined) sites.set(path, site)
    }
    const fixes = suspicions
      .flatMap(({ path, lines }) => {
        const site = sites.get(path)
        return site === undefined ? [] : enumerateFixes(site, lines)
      })
      .sort((a, b) => b.priority - a.priority)
    this.#standing.strongest = Math.max(0, ...fixes.map((fix) => fix.weight))
    yield { kind: 'progress', message: `${fixes.length} candidate edits in ${places(suspicions)}` }
    yield* this.#tryInBatches(fixes, sites)
    const offered = this.#offer(sites)
    for (const candidate of offered) yield { kind: 'candidate', candidate }
    if (offered.length === 0) yield { kind: 'abstained', findings: this.#findings(suspicions, fixes.length) }
  }

  async *#tryInBatches(fixes: readonly Fix[], sites: ReadonlyMap<string, Site>): AsyncGenerator<DraftEvent> {
    const budget = this.#task.policy.budget.candidates
    const promising = this.#screened(fixes, sites)
    for (;;) {
      const next = take(promising, Math.min(this.#standing.tried === 0 ? FIRST_BATCH : BATCH, budget - this.#standing.tried))
      const batch = next.filter(({ fix }) => !this.#standing.isSettled(fix))
      if (batch.length === 0 || this.#standing.isFull() || this.#standing.isLate()) return
      const survivors: Fix[] = []
      const selection = { kind: 'tests', tests: this.#task.reproduction.tests } as const
      for await (const result of this.#tools.bench.runMany(selection, batch, this.#signal)) {
        this.#signal.throwIfAborted()
        this.#standing.tried += 1
        this.#standing.spentMs += result.run.durationMs / AT_ONCE
        if (!result.reported) this.#hung += 1
        if (result.passed && result.reported) survivors.push(result.candidate.fix)
        if (this.#standing.isLate()) break
        if (this.#standing.tried % TOLD_EVERY === 0) yield this.#told(fixes.length, survivors.length)
      }
      this.#survivors.push(...survivors)
      yield* this.#proveAll(rank(survivors, this.#task.reproduction.oracle), sites)
      yield this.#told(fixes.length, 0)
    }
  }

  /** Candidates that are worth a run, one by one as they are asked for. */
  *#screened(fixes: readonly Fix[], sites: ReadonlyMap<string, Site>): Generator<Trial> {
    for (const fix of fixes) {
      const site = sites.get(fix.path)
      if (site === undefined) continue
      // What a gate refused would pass the tests again, and end the search.
      if (this.#refusedBefore.size > 0 && this.#refusedBefore.has(this.#patchOf(fix)?.diff.trim() ?? '')) continue
      const refusal = this.#screen.refuse(fix, site)
      if (refusal === undefined) yield { fix, edits: editsOf(fix, site) }
      else this.#refused.set(refusal, (this.#refused.get(refusal) ?? 0) + 1)
    }
  }

  /** Best first, some beside each other; what is concluded of each is what would be if they came one by one. */
  async *#proveAll(survivors: readonly Fix[], sites: ReadonlyMap<string, Site>): AsyncGenerator<DraftEvent> {
    const isOver = (fix: Fix) => this.#standing.isFull() || this.#standing.isOutclassed(fix)
    for (let at = 0; at < survivors.length; at += AT_ONCE) {
      const some = survivors.slice(at, at + AT_ONCE).filter((fix) => !isOver(fix))
      const runs = await Promise.all(some.map((fix) => this.#suiteWith(fix, sites)))
      this.#signal.throwIfAborted()
      for (const [index, fix] of some.entries()) if (!isOver(fix)) yield this.#concluded(fix, runs[index])
      if (some.length < AT_ONCE) return
    }
  }

  /** The whole suite, where there is one that can be used. */
  async #suiteWith(fix: Fix, sites: ReadonlyMap<string, Site>): Promise<TestRun | undefined> {
    const site = sites.get(fix.path)
    const { baseline } = this.#task
    if (site === undefined || baseline.problem !== undefined || baseline.passing.length === 0) return undefined
    const run = await this.#tools.bench.run({ kind: 'all' }, editsOf(fix, site), this.#signal)
    this.#standing.spentMs += run.durationMs / AT_ONCE
    return run
  }

  /** A survivor that mends one test and breaks another is none. */
  #concluded(fix: Fix, run: TestRun | undefined): DraftEvent {
    const broken = run === undefined ? undefined : this.#brokenIn(run)
    if (broken === undefined) {
      this.#standing.prove(fix)
      return { kind: 'progress', message: `survives: ${sentence(fix)}` }
    }
    this.#standing.broke.push(`${sentence(fix)} passes the failing test but breaks ${broken}`)
    return { kind: 'progress', message: `rejected: ${this.#standing.broke.at(-1)}` }
  }

  #brokenIn(run: TestRun): string | undefined {
    if (!run.reported) return `the whole suite (${run.problem ?? 'no report'})`
    const passed = new Set(run.tests.filter((test) => test.status === 'passed').map((test) => test.id))
    const flaky = new Set(this.#task.baseline.flaky)
    return this.#task.baseline.passing.find((id) => !passed.has(id) && !flaky.has(id))
  }

  #offer(sites: ReadonlyMap<string, Site>): readonly Candidate[] {
    const { oracle } = this.#task.reproduction
    const offered = new Map<string, Candidate>()
    const keeping = oracle === 'no-crash' ? this.#standing.proven.filter(keepsTheRest) : []
    for (const fix of diverse(rank(keeping.length > 0 ? keeping : this.#standing.proven, oracle), OFFERED * 2)) {
      if (offered.size >= OFFERED || sites.get(fix.path) === undefined) break
      const patch = this.#patchOf(fix)
      if (patch === undefined || offered.has(patch.diff)) continue
      const origin = { drafter: 'patterns', kind: fix.family, summary: sentence(fix), symptomOnly: fix.symptomOnly, score: scoreOf(fix, oracle) }
      offered.set(patch.diff, { patch, origin })
    }
    return [...offered.values()]
  }

  /** `undefined` where the record of edits refuses it. */
  #patchOf(fix: Fix): Patch | undefined {
    this.#tools.edits.reset()
    const refusal = this.#tools.edits.splice(fix.path, fix.start, fix.end, fix.text)
    const patch = refusal === undefined ? this.#tools.edits.patch() : undefined
    this.#tools.edits.reset()
    return patch
  }

  /** Asks the record of edits itself, which knows what is protected: replacing nothing by nothing. */
  #mayEdit(path: string): boolean {
    const refusal = this.#tools.edits.splice(path, 0, 0, '')
    this.#tools.edits.reset()
    return refusal === undefined
  }

  #told(all: number, fresh: number): DraftEvent {
    const passing = this.#survivors.length + fresh
    return {
      kind: 'progress',
      message: `${this.#standing.tried} of ${all} tried, ${passing} pass the failing test, ${this.#standing.proven.length} pass everything`,
    }
  }

  #findings(suspicions: readonly Suspicion[], all: number): readonly string[] {
    const refused = [...this.#refused].sort((a, b) => b[1] - a[1]).map(([why, count]) => `${count} ${why}`)
    const kind = faultOf(this.#task.reproduction.failure).kind
    return [
      `looked at ${places(suspicions)} for a failure of the kind "${kind}"`,
      `${this.#standing.tried} of ${all} one-edit candidates were run on the failing test; none passes it together with the rest of the suite`,
      ...(refused.length === 0 ? [] : [`not run: ${refused.join(', ')}`]),
      ...(this.#hung === 0 ? [] : [`${this.#hung} candidates gave no report (endless loop or a crash while loading)`]),
      ...this.#standing.broke.slice(0, 5),
      ...(this.#standing.tried >= this.#task.policy.budget.candidates || this.#standing.isLate()
        ? [this.#standing.isLate() ? 'the time for trying is used up' : 'the budget of candidates is used up']
        : ['no single edit of the catalogue repairs it: it needs a change in several places, or knowledge that the code does not hold']),
    ]
  }
}

function editsOf(fix: Fix, site: Site): readonly FileEdit[] {
  return [{ path: fix.path, content: applied(site.text, fix) }]
}

function take<T>(from: Iterator<T>, count: number): T[] {
  const taken: T[] = []
  while (taken.length < count) {
    const next = from.next()
    if (next.done === true) break
    taken.push(next.value)
  }
  return taken
}

function places(suspicions: readonly Suspicion[]): string {
  return suspicions
    .map(({ path, functions }) => (functions.length === 0 ? path : `${path} (${functions.slice(0, 4).join(', ')}${functions.length > 4 ? ', …' : ''})`))
    .join('; ')
}
