import type { CandidateResult, FileEdit, TestBench, TestRun, TestSelection } from '@fixpoint/core'
import { passes, type TestRoom } from './test-room.ts'

/** Candidates of one batch: few enough that results come soon and a broken batch costs little. */
const BATCH = 8
/** A batch whose candidates all hang takes no longer: nothing is told, and no limit of time looked at, before it ends. */
const BATCH_MS = 80_000
/** A drafter's room is cleaned after so many candidates, in case one left something behind that the next one stumbles over. */
const CANDIDATES_PER_RESET = 60
/** A room whose driver breaks so often in a row is asked for one candidate at a time. */
const BROKEN_AT_MOST = 3

interface Lane<T> {
  readonly room: Promise<TestRoom>
  /** Taken from the queue and not yet tried. */
  waiting: T[]
  /** Of `waiting`, the first so many are tried alone. */
  alone: number
  sinceReset: number
  brokenInARow: number
}

/** The drafter's bench: rooms that hold the base and the reproduction's files; candidates are tried in batches, in several rooms at once. */
export class WorkshopBench implements TestBench {
  readonly #open: () => Promise<TestRoom>
  readonly #size: number
  readonly #candidateTimeoutMs: number
  readonly #batch: number
  readonly #rooms: Promise<TestRoom>[] = []
  /** By index, for `run`: whoever comes next waits for the room that has the least to do. */
  readonly #queues: { waiting: number; last: Promise<unknown> }[]

  /** `open` gives a room with the reproduction's files; `candidateTimeoutMs` bounds one candidate's failing test. */
  constructor(options: { open: () => Promise<TestRoom>; parallelRooms: number; candidateTimeoutMs: number }) {
    this.#open = options.open
    this.#size = Math.max(1, options.parallelRooms)
    this.#candidateTimeoutMs = options.candidateTimeoutMs
    this.#queues = Array.from({ length: this.#size }, () => ({ waiting: 0, last: Promise.resolve() }))
    this.#batch = Math.max(1, Math.min(BATCH, Math.floor(BATCH_MS / options.candidateTimeoutMs)))
  }

  async run(selection: TestSelection, edits: readonly FileEdit[], signal: AbortSignal): Promise<TestRun> {
    const index = this.#queues.findIndex(({ waiting }) => waiting === Math.min(...this.#queues.map((each) => each.waiting)))
    const queue = this.#queues[index] ?? { waiting: 0, last: Promise.resolve() }
    queue.waiting += 1
    const mine = queue.last.then(() => this.#runIn(index, selection, edits, signal))
    queue.last = mine.catch(() => undefined).finally(() => (queue.waiting -= 1))
    return mine
  }

  async #runIn(index: number, selection: TestSelection, edits: readonly FileEdit[], signal: AbortSignal): Promise<TestRun> {
    const room = await this.#room(index)
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
    const busy = new Map<Lane<T>, Promise<{ lane: Lane<T>; results: CandidateResult<T>[] }>>()
    const start = (lane: Lane<T>) => {
      refill(lane, queue, this.#batch)
      if (lane.waiting.length === 0) return
      const step = this.#advance(lane, selection, both).then((results) => ({ lane, results }))
      // It may fail while nobody waits; who waits next hears of it.
      step.catch(() => {})
      busy.set(lane, step)
    }
    let finished = false
    try {
      for (let index = 0; index < this.#size; index++) {
        const first = queue.next()
        if (first.done) break
        start({ room: this.#room(index), waiting: [first.value], alone: 0, sinceReset: 0, brokenInARow: 0 })
      }
      while (busy.size > 0) {
        const { lane, results } = await Promise.race(busy.values())
        busy.delete(lane)
        start(lane)
        yield* results
      }
      finished = true
    } finally {
      stop.abort(new Error('nobody waits for more candidates'))
      await Promise.allSettled(busy.values())
      // A command that was stopped half-way has left its candidate in the tree.
      if (!finished) await Promise.allSettled(this.#rooms.map(async (room) => (await room).reset()))
    }
  }

  /** Tries the next of a lane's candidates: a batch of them, or one alone. */
  async #advance<T extends { edits: readonly FileEdit[] }>(lane: Lane<T>, selection: TestSelection, signal: AbortSignal): Promise<CandidateResult<T>[]> {
    const room = await lane.room
    if (lane.sinceReset >= CANDIDATES_PER_RESET) {
      await room.reset()
      lane.sinceReset = 0
    }
    const runs =
      lane.alone > 0 || lane.brokenInARow >= BROKEN_AT_MOST
        ? [await this.#tryAlone(lane, room, selection, signal)]
        : await this.#tryBatch(lane, room, selection, signal)
    const tried = lane.waiting.splice(0, runs.length)
    lane.sinceReset += runs.length
    return tried.flatMap((candidate, index) => {
      const run = runs[index]
      return run ? [{ candidate, passed: passes(run, selection), reported: run.reported, run }] : []
    })
  }

  async #tryBatch<T extends { edits: readonly FileEdit[] }>(lane: Lane<T>, room: TestRoom, selection: TestSelection, signal: AbortSignal): Promise<TestRun[]> {
    const batch = lane.waiting.map((candidate) => candidate.edits)
    const { runs, broken } = await room.testMany(selection, batch, signal, this.#candidateTimeoutMs)
    const alone = runs.indexOf(undefined)
    const known = (alone < 0 ? runs : runs.slice(0, alone)).flatMap((run) => (run ? [run] : []))
    lane.brokenInARow = broken ? lane.brokenInARow + 1 : 0
    if (broken) {
      await room.reset()
      lane.alone = lane.waiting.length - known.length
    } else if (alone >= 0) lane.alone = 1
    return known
  }

  /** In a tree as it was opened, and nothing of it is left for the next. */
  async #tryAlone<T extends { edits: readonly FileEdit[] }>(lane: Lane<T>, room: TestRoom, selection: TestSelection, signal: AbortSignal): Promise<TestRun> {
    await room.lay(lane.waiting[0]?.edits ?? [])
    const run = await room.test(selection, signal, this.#candidateTimeoutMs)
    await room.reset()
    lane.alone = Math.max(0, lane.alone - 1)
    return run
  }

  #room(index: number): Promise<TestRoom> {
    let room = this.#rooms[index]
    if (!room) {
      room = this.#open()
      this.#rooms[index] = room
    }
    return room
  }
}

/** Nothing new is taken while some wait: they were given first. */
function refill<T>(lane: Lane<T>, queue: Iterator<T>, size: number): void {
  while (lane.alone === 0 && lane.waiting.length < size) {
    const item = queue.next()
    if (item.done) return
    lane.waiting.push(item.value)
  }
}

/** For a candidate's failing test: some times what it takes on the base, so that a busy machine does not turn a right patch away. */
export function candidateTimeout(failingTestMs: number): number {
  return Math.min(60_000, 1_500 + 4 * failingTestMs)
}
