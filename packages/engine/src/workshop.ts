import type { Assets, Environment, FileEdit, Policy, RunId, SourceSnapshot } from '@fixpoint/core'
import type { Workspace } from './records.ts'
import { TestRoom } from './test-room.ts'
import type { EngineTools } from './tools.ts'

export interface WorkshopRequest {
  readonly runId: RunId
  readonly tools: EngineTools
  readonly workspace: Workspace
  readonly source: SourceSnapshot
  readonly policy: Policy
  readonly signal: AbortSignal
  readonly note: (message: string) => void
}

/** Opens rooms of one workspace: the environment is made once, rooms are opened when first needed and closed together. */
export class Workshop implements AsyncDisposable {
  readonly #request: WorkshopRequest
  readonly #rooms: TestRoom[] = []
  #environment: Promise<Environment> | undefined

  constructor(request: WorkshopRequest) {
    this.#request = request
  }

  environment(): Promise<Environment> {
    const { tools, workspace, source, runId, signal, note } = this.#request
    this.#environment ??= tools.sandboxes
      .selfTest(signal)
      .then(() =>
        tools.sandboxes.prepare(
          { recipe: workspace.recipe, source, runId, ...(workspace.dependencyFolder ? { folder: workspace.dependencyFolder } : {}) },
          signal,
          note,
        ),
      )
    return this.#environment
  }

  /** A fresh room with the base tree and these edits; the caller disposes it, or the workshop does. */
  async open(edits: readonly FileEdit[] = []): Promise<TestRoom> {
    const { tools, workspace, source, runId, signal, policy } = this.#request
    const environment = await this.environment()
    const assets: Assets = tools.assets
    const sandbox = await tools.sandboxes.open({ runId, environment, source, edits, tools: assets }, signal)
    const room = new TestRoom(sandbox, { project: workspace.project, source, ids: tools.ids, testTimeoutMs: policy.testTimeoutMs })
    this.#rooms.push(room)
    return room
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#rooms.map((room) => room[Symbol.asyncDispose]()))
  }
}
