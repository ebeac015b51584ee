import { type DraftTask, type DraftTools, type FileEdit, inert, type Patch, type TestRun } from '@fixpoint/core'
import type { Fence } from './fence.ts'
import type { HiddenText } from './hidden-text.ts'
import { hunksBetween, normalDiff } from './line-hunks.ts'
import { formatted } from './repository-formatter.ts'
import { onlyGuards } from './symptom.ts'
import { failuresIn } from './test-words.ts'
import { tidied } from './tidy.ts'

/** A patch that passes what can be asked in the drafter's own room. */
export interface CheckedPatch {
  readonly patch: Patch
  readonly onlyGuards: boolean
}

/** What was edited, made tidy and put to the proof: the failing test, then the suite. Says nothing final: only the judge does. */
export class PatchTrial {
  readonly #task: DraftTask
  readonly #tools: DraftTools
  readonly #fence: Fence
  readonly #hidden: HiddenText
  /** Of attempts that were refused, in their normal form. */
  readonly #before: ReadonlyMap<string, string>

  constructor(task: DraftTask, tools: DraftTools, { fence, hidden }: { fence: Fence; hidden: HiddenText }) {
    this.#task = task
    this.#tools = tools
    this.#fence = fence
    this.#hidden = hidden
    this.#before = new Map(task.lessons.filter(({ diff }) => diff !== '').map(({ diff, gate, summary }) => [normalDiff(diff), `${gate}: ${summary}`]))
  }

  /** The edits of the session stay as they are. `contradicted`: ids of tests that are to fail with the patch, because the report calls wrong what they demand. */
  async check(signal: AbortSignal, contradicted: readonly string[] = []): Promise<CheckedPatch | { readonly why: string }> {
    const raw = this.#changed(this.#tools.edits.edits())
    if (raw.length === 0) return { why: 'nothing has been changed yet. Use edit_file first.' }
    const clean = this.#changed(raw.map((edit) => this.#tidy(edit)))
    if (clean.length === 0) return { why: 'only comments, white space or debug prints were changed: the program is the same as before.' }
    const unfit = this.#unfit(clean)
    if (unfit !== undefined) return { why: unfit }
    const proven = (await this.#reproduces(clean, signal)) ?? (sameEdits(clean, raw) ? undefined : await this.#reproduces(raw, signal))
    if (proven === undefined) return { why: `the reproduction still fails with this patch.\n${this.#lastFailure}` }
    const edits = await this.#format(proven, signal)
    const broken = await this.#broken(edits, contradicted, signal)
    if (broken !== undefined) return { why: broken }
    const patch = this.#patchOf(edits, raw)
    return typeof patch === 'string' ? { why: patch } : { patch, onlyGuards: onlyGuards(this.#task.source, patch.edits) }
  }

  #lastFailure = ''

  #changed(edits: readonly FileEdit[]): FileEdit[] {
    return edits.filter(({ path, content }) => (this.#task.source.text(path) ?? null) !== content)
  }

  #tidy(edit: FileEdit): FileEdit {
    const before = this.#task.source.text(edit.path)
    return edit.content === null || before === undefined ? edit : { ...edit, content: tidied(edit.path, before, edit.content, this.#tools) }
  }

  #unfit(edits: readonly FileEdit[]): string | undefined {
    const { source, policy } = this.#task
    const lines = edits
      .flatMap(({ path, content }) => hunksBetween(source.text(path) ?? '', content ?? ''))
      .reduce((sum, { removed, added }) => sum + removed.length + added.length, 0)
    if (lines > policy.maximumChangedLines)
      return `it changes ${lines} lines; the limit is ${policy.maximumChangedLines}. Make the smallest change that mends the cause.`
    const broken = edits.find(({ path, content }) => content !== null && this.#breaksSyntax(path, content))
    if (broken !== undefined) return `${broken.path} does not parse: ${this.#tools.syntaxError(broken.path, broken.content ?? '')}.`
    const patch = this.#patchOf(edits, this.#tools.edits.edits())
    if (typeof patch === 'string') return patch
    const earlier = this.#before.get(normalDiff(patch.diff))
    return earlier === undefined ? undefined : `the same patch was refused before (${earlier}). Find another way.`
  }

  /** A grammar may lag behind the language: what it could not read before, it need not read now. */
  #breaksSyntax(path: string, content: string): boolean {
    const readable = this.#tools.syntaxError(path, this.#task.source.text(path) ?? '') === undefined
    return readable && this.#tools.syntaxError(path, content) !== undefined
  }

  async #reproduces(edits: readonly FileEdit[], signal: AbortSignal): Promise<readonly FileEdit[] | undefined> {
    const { tests } = this.#task.reproduction
    const run = await this.#tools.bench.run({ kind: 'tests', tests }, edits, signal)
    const passed = new Set(run.tests.filter((test) => test.status === 'passed').map((test) => test.id))
    if (run.reported && tests.every(({ id }) => passed.has(id))) return edits
    this.#lastFailure = this.#shown(run)
    return undefined
  }

  async #format(edits: readonly FileEdit[], signal: AbortSignal): Promise<readonly FileEdit[]> {
    const { source } = this.#task
    const { room, sameTokens } = this.#tools
    const result: FileEdit[] = []
    for (const edit of edits) {
      const { path, content: after } = edit
      const content = after === null ? null : await formatted({ path, before: source.text(path) ?? '', after }, { room, source, sameTokens }, signal)
      result.push({ path, content })
    }
    return result
  }

  async #broken(edits: readonly FileEdit[], contradicted: readonly string[], signal: AbortSignal): Promise<string | undefined> {
    const { baseline } = this.#task
    const strange = contradicted.find((id) => !baseline.passing.includes(id))
    if (strange !== undefined) return `${JSON.stringify(inert(strange, 200))} is not the whole name of a test that passed before.`
    if (baseline.problem !== undefined || baseline.passing.length === 0) return undefined
    const run = await this.#tools.bench.run({ kind: 'all' }, edits, signal)
    if (!run.reported) return `the suite gives no report with this patch.\n${this.#shown(run)}`
    const passed = new Set(run.tests.filter((test) => test.status === 'passed').map((test) => test.id))
    const flaky = new Set(baseline.flaky)
    const spared = contradicted.find((id) => passed.has(id))
    if (spared !== undefined) return `this test passes with the patch, so it does not contradict the report: ${JSON.stringify(inert(spared, 200))}.`
    const broken = baseline.passing.filter((id) => !passed.has(id) && !flaky.has(id) && !contradicted.includes(id))
    if (broken.length === 0) return undefined
    return `it mends the reproduction, but ${broken.length} ${broken.length === 1 ? 'test that passed does' : 'tests that passed do'} not any more.\n${this.#shown(run)}`
  }

  #shown(run: TestRun): string {
    return this.#fence.around('output of the tests', this.#hidden.without(failuresIn(run, this.#task.baseline)))
  }

  /** Made by the session itself, which then holds again what it held. */
  #patchOf(edits: readonly FileEdit[], after: readonly FileEdit[]): Patch | string {
    const why = this.#lay(edits)
    const patch = why ?? this.#tools.edits.patch()
    this.#lay(after)
    return patch
  }

  #lay(edits: readonly FileEdit[]): string | undefined {
    const session = this.#tools.edits
    session.reset()
    for (const { path, content } of edits) {
      const why = session.splice(path, 0, session.text(path)?.length ?? 0, content ?? '')
      if (why !== undefined) return why
    }
    return undefined
  }
}

function sameEdits(a: readonly FileEdit[], b: readonly FileEdit[]): boolean {
  return a.length === b.length && a.every((edit, index) => edit.path === b[index]?.path && edit.content === b[index]?.content)
}
