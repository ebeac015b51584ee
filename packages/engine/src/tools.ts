import type { Artifacts, Assets, Clock, CodeHost, Drafter, Hash, History, Ids, Repository, Reproducer, RunId, Sandboxes, TextSearch } from '@fixpoint/core'
import type { Syntax } from '@fixpoint/syntax'
import type { Archive } from './archive.ts'

/** The hands of the engine: what a door gives it to reach the world with. */
export interface EngineTools {
  readonly artifacts: Artifacts
  readonly sandboxes: Sandboxes
  readonly repository: Repository
  readonly history: History
  readonly search: TextSearch
  readonly codeHost: CodeHost
  readonly clock: Clock
  readonly ids: Ids
  readonly hash: Hash
  readonly syntax: Syntax
  /** Reporters, recorders: laid out under `/fixpoint/tools` in every room. */
  readonly assets: Assets
  /** Asked in this order. */
  readonly drafters: readonly Drafter[]
  readonly reproducers: readonly Reproducer[]
  /** Rooms that a drafter may use at once. */
  readonly parallelRooms: number
}

/** What a step handler works with: the hands, its run, and how to tell people what goes on. */
export interface StepContext {
  readonly runId: RunId
  readonly tools: EngineTools
  readonly archive: Archive
  readonly note: (message: string) => void
  /** Throws `StaleRun` when another driver is ahead: asked before every outward effect. */
  readonly assertHeld: () => Promise<void>
  readonly signal: AbortSignal
}
