import type { Command, CommandResult, FileEdit, Ids, Project, Room, Sandbox, SourceSnapshot, TestRun, TestSelection } from '@fixpoint/core'
import { type Canaries, planTests } from '@fixpoint/test-runners'

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
    const { project, source, ids } = this.#facts
    const plan = planTests(project, selection, { nonce: ids.nonce(), source, ...(options.canaries ? { canaries: options.canaries } : {}) })
    await this.write(plan.files)
    const [program, ...rest] = plan.argv
    if (program === undefined) throw new Error('a test plan without a command')
    const result = await this.#sandbox.exec({ argv: [program, ...rest], env: plan.env, timeoutMs: options.timeoutMs ?? this.#facts.testTimeoutMs }, signal)
    const reports = plan.reads.length > 0 ? await this.#sandbox.read(plan.reads, REPORT_LIMIT) : new Map<string, Uint8Array>()
    return plan.parse(result, reports)
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
