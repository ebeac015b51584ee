import {
  type Baseline,
  type Command,
  type CommandResult,
  type FileEdit,
  type Ids,
  isRepoPath,
  type PatchOrigin,
  type Project,
  type Room,
  type Sandbox,
  type SourceSnapshot,
  type TestRun,
  type TestSelection,
} from '@fixpoint/core'
import { type Canaries, planTests } from '@fixpoint/test-runners'
import { batchCommand, readBatch } from './candidate-batch.ts'

/** Reports are small; one of this size was forged or flooded. */
const REPORT_LIMIT = 32 * 2 ** 20

export interface TestRoomFacts {
  readonly project: Project
  readonly source: SourceSnapshot
  readonly ids: Ids
  readonly testTimeoutMs: number
}

/** A sandbox that knows how this project's tests are run. */
export class TestRoom implements Room, AsyncDisposable {
  readonly #sandbox: Sandbox
  readonly #facts: TestRoomFacts

  constructor(sandbox: Sandbox, facts: TestRoomFacts) {
    this.#sandbox = sandbox
    this.#facts = facts
  }

  exec(command: Command, signal: AbortSignal): Promise<CommandResult> {
    return this.#sandbox.exec(command, signal)
  }

  write(files: readonly { path: string; content: string | null }[]): Promise<void> {
    return files.length === 0 ? Promise.resolve() : this.#sandbox.write(files)
  }

  read(paths: readonly string[], maximumBytes: number): Promise<ReadonlyMap<string, Uint8Array>> {
    return this.#sandbox.read(paths, maximumBytes)
  }

  reset(): Promise<void> {
    return this.#sandbox.reset()
  }

  test(selection: TestSelection, signal: AbortSignal, timeoutMs = this.#facts.testTimeoutMs): Promise<TestRun> {
    return this.testWith(selection, signal, { timeoutMs })
  }

  async testWith(selection: TestSelection, signal: AbortSignal, options: { timeoutMs?: number; canaries?: Canaries } = {}): Promise<TestRun> {
    if (options.canaries?.apart) return this.#testApart(selection, signal, options.canaries, options.timeoutMs)
    const { project, source, ids } = this.#facts
    const plan = planTests(project, selection, { nonce: ids.nonce(), source, ...(options.canaries ? { canaries: options.canaries } : {}) })
    await this.write(plan.files)
    const [program, ...rest] = plan.argv
    if (program === undefined) throw new Error('a test plan without a command')
    const result = await this.#sandbox.exec({ argv: [program, ...rest], env: plan.env, timeoutMs: options.timeoutMs ?? this.#facts.testTimeoutMs }, signal)
    const reports = plan.reads.length > 0 ? await this.#sandbox.read(plan.reads, REPORT_LIMIT) : new Map<string, Uint8Array>()
    return plan.parse(result, reports)
  }

  async #testApart(selection: TestSelection, signal: AbortSignal, { files }: Canaries, timeoutMs = this.#facts.testTimeoutMs): Promise<TestRun> {
    const own = await this.testWith(selection, signal, { timeoutMs })
    await this.write(files)
    const planted = await this.testWith({ kind: 'files', files: files.map(({ path }) => path) }, signal, { timeoutMs })
    await this.write(files.map(({ path }) => ({ path, content: null })))
    return { ...own, tests: [...own.tests, ...planted.tests], reported: own.reported && planted.reported }
  }

  /**
   * Tries candidates one after the other with a single command, the tree being put back in between. The runs belong to the first
   * of them, in order: a batch ends early after a hang. `undefined` for one that has to be tried alone; `broken` when the
   * rest has to be, in a room that was reset.
   */
  async testMany(
    selection: TestSelection,
    candidates: readonly (readonly FileEdit[])[],
    signal: AbortSignal,
    timeoutMs: number,
  ): Promise<{ runs: readonly (TestRun | undefined)[]; broken: boolean }> {
    const { project, source, ids } = this.#facts
    const batch = candidates.map((edits) => {
      const foreign = edits.find((edit) => !isRepoPath(edit.path))
      if (foreign) throw new Error(`not a path inside the work tree: ${JSON.stringify(foreign.path)}`)
      const nonce = ids.nonce()
      return { nonce, plan: planTests(project, selection, { nonce, source }), edits }
    })
    const { answers, broken } = readBatch(batch, await this.#sandbox.exec(batchCommand(project, batch, timeoutMs), signal))
    const runs = answers.map((answer, index) => (answer === 'alone' ? undefined : batch[index]?.plan.parse(answer.result, answer.files)))
    return { runs, broken }
  }

  /** Lays edits over the base; `undo` names paths of earlier edits that go back to the base first. */
  async lay(edits: readonly FileEdit[], undo: readonly FileEdit[] = []): Promise<void> {
    const kept = new Set(edits.map((edit) => edit.path))
    const back = undo.filter((edit) => !kept.has(edit.path)).map((edit) => ({ path: edit.path, content: this.#facts.source.text(edit.path) ?? null }))
    await this.write([...back, ...edits])
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#sandbox[Symbol.asyncDispose]()
  }
}

/** Every selected test was reported and passed; for files and everything, at least one passed and none failed. */
export function passes(run: TestRun, selection: TestSelection): boolean {
  if (!run.reported) return false
  const status = new Map(run.tests.map((test) => [test.id, test.status]))
  if (selection.kind === 'tests') return selection.tests.every((test) => status.get(test.id) === 'passed')
  return run.tests.some((test) => test.status === 'passed') && run.tests.every((test) => test.status !== 'failed')
}

/** No test fails that passed on the base, but for those that a patch's author said demand what is wrong. Without a usable base there is nothing to keep. */
export function keepsPassing(suite: TestRun, baseline: Baseline, { contradicts }: Pick<PatchOrigin, 'contradicts'>): boolean {
  const failed = new Set(suite.tests.filter((test) => test.status === 'failed').map((test) => test.id))
  const excused = new Set([...baseline.flaky, ...(contradicts?.tests ?? [])])
  return suite.reported && !baseline.passing.some((id) => failed.has(id) && !excused.has(id))
}
