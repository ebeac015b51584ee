import type {
  Assets,
  BugReport,
  CandidateResult,
  Environment,
  FileEdit,
  Policy,
  RunId,
  SourceSnapshot,
  TestBench,
  TestRun,
  TestSelection,
} from '@fixpoint/core'
import type { Workspace } from './records.ts'
import { TestRoom } from './test-room.ts'
import type { EngineTools } from './tools.ts'

/** A drafter's room is cleaned after so many candidates, in case one left something behind that the next one stumbles over. */
const CANDIDATES_PER_RESET = 40

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

/** The drafter's bench: rooms that hold the base and the reproduction's files, candidates laid over them one after the other. */
export class WorkshopBench implements TestBench {
  readonly #open: () => Promise<TestRoom>
  readonly #size: number
  readonly #candidateTimeoutMs: number
  readonly #rooms: Promise<TestRoom>[] = []

  /** `open` gives a room with the reproduction's files; `candidateTimeoutMs` bounds one candidate's failing test. */
  constructor(options: { open: () => Promise<TestRoom>; parallelRooms: number; candidateTimeoutMs: number }) {
    this.#open = options.open
    this.#size = Math.max(1, options.parallelRooms)
    this.#candidateTimeoutMs = options.candidateTimeoutMs
  }

  async run(selection: TestSelection, edits: readonly FileEdit[], signal: AbortSignal): Promise<TestRun> {
    const room = await this.#room(0)
    await room.reset()
    await room.lay(edits)
    const run = await room.test(selection, signal)
    await room.reset()
    return run
  }

  async *runMany<T extends { edits: readonly FileEdit[] }>(
    selection: TestSelection,
    candidates: Iterable<T>,
    signal: AbortSignal,
  ): AsyncGenerator<CandidateResult<T>> {
    const queue = candidates[Symbol.iterator]()
    const stop = new AbortController()
    const both = AbortSignal.any([signal, stop.signal])
    const lanes = new Map<number, Promise<{ lane: number; result: CandidateResult<T> | undefined }>>()
    const counts = new Map<number, number>()
    const laid = new Map<number, readonly FileEdit[]>()

    const next = (lane: number) => {
      const item = queue.next()
      if (item.done) return
      lanes.set(
        lane,
        this.#tryOne(lane, selection, item.value, laid, counts, both).then((result) => ({ lane, result })),
      )
    }
    try {
      for (let lane = 0; lane < this.#size; lane++) next(lane)
      while (lanes.size > 0) {
        const { lane, result } = await Promise.race(lanes.values())
        lanes.delete(lane)
        next(lane)
        if (result) yield result
      }
    } finally {
      stop.abort(new Error('nobody waits for more candidates'))
      await Promise.allSettled(lanes.values())
      await Promise.allSettled(this.#rooms.map(async (room) => (await room).reset()))
    }
  }

  async #tryOne<T extends { edits: readonly FileEdit[] }>(
    lane: number,
    selection: TestSelection,
    candidate: T,
    laid: Map<number, readonly FileEdit[]>,
    counts: Map<number, number>,
    signal: AbortSignal,
  ): Promise<CandidateResult<T>> {
    const room = await this.#room(lane)
    const count = (counts.get(lane) ?? 0) + 1
    counts.set(lane, count)
    if (count % CANDIDATES_PER_RESET === 0) {
      await room.reset()
      laid.delete(lane)
    }
    await room.lay(candidate.edits, laid.get(lane) ?? [])
    laid.set(lane, candidate.edits)
    const run = await room.test(selection, signal, this.#candidateTimeoutMs)
    if (run.timedOut || run.oomKilled) {
      await room.reset()
      laid.delete(lane)
    }
    return { candidate, passed: passes(run, selection), reported: run.reported, run }
  }

  #room(lane: number): Promise<TestRoom> {
    let room = this.#rooms[lane]
    if (!room) {
      room = this.#open()
      this.#rooms[lane] = room
    }
    return room
  }
}

/** Every selected test was reported and passed; for files and everything, at least one passed and none failed. */
export function passes(run: TestRun, selection: TestSelection): boolean {
  if (!run.reported) return false
  const status = new Map(run.tests.map((test) => [test.id, test.status]))
  if (selection.kind === 'tests') return selection.tests.every((test) => status.get(test.id) === 'passed')
  return run.tests.some((test) => test.status === 'passed') && run.tests.every((test) => test.status !== 'failed')
}

/** For a candidate's failing test: generous beside what it took on the base, and never long. */
export function candidateTimeout(baselineMs: number): number {
  return Math.min(60_000, 8_000 + 3 * baselineMs)
}

export type { BugReport }
