import type {
  Answered,
  Artifacts,
  Assets,
  Clock,
  CodeHost,
  Critic,
  Drafter,
  Explainer,
  Hash,
  History,
  Ids,
  LanguageModel,
  Repository,
  Reproducer,
  RunId,
  Sandboxes,
  TextSearch,
} from '@fixpoint/core'
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
  /** By name; the run's policy says which of them are asked, and in which order. */
  readonly drafters: readonly Drafter[]
  /** Asked in this order; one whose name is a lane of the policy gets its model. */
  readonly reproducers: readonly Reproducer[]
  readonly critic?: Critic
  readonly explainer?: Explainer
  /** By lane, with the run's budget around them. */
  readonly models?: ReadonlyMap<string, LanguageModel>
  /** Rooms that a run may use at once. */
  readonly parallelRooms: number
}

/** What a step handler works with: the hands, its run, and how to tell people what goes on. */
export interface StepContext {
  readonly runId: RunId
  readonly tools: EngineTools
  readonly archive: Archive
  readonly note: (message: string) => void
  /** A fact in the middle of a step: durable when it resolves. */
  readonly record: (fact: { readonly kind: 'model-answered' } & Answered) => Promise<void>
  /** Throws `StaleRun` when another driver is ahead: asked before every outward effect. */
  readonly assertHeld: () => Promise<void>
  readonly signal: AbortSignal
}
