import type {
  Artifacts,
  Clock,
  Deliveries,
  Fixes,
  Hash,
  Ids,
  Inbox,
  Journal,
  Ledger,
  ObjectId,
  Outbox,
  ProgressListener,
  Reports,
  RunId,
  RunIndex,
  RunQueue,
  SourceMaps,
  StoredReport,
  Tokens,
  WorkerRoster,
} from '@fixpoint/core'
import type { EngineTools } from '@fixpoint/engine'
import type { AlertSource } from '@fixpoint/intake'
import type { DeskHands } from './desk/desk-hands.ts'
import type { RunTarget } from './gates.ts'

/** The hands for one run, on its repository; let go of when the run rests or is paused. */
export interface RunHands extends AsyncDisposable {
  readonly tools: EngineTools
}

/** What became of a delivery. */
export type Conclusion = Parameters<Deliveries['conclude']>[1]

/** `{ againInMs }`: not done, and nobody's fault. */
export type Handled = { readonly againInMs: number } | undefined

interface JobContext {
  /** Somebody else may have the job, or this process is to go home. */
  readonly signal: AbortSignal
  readonly waitedMs: number
}

export interface ConsumerHandlers {
  readonly 'run-wake-up': (payload: { readonly run: RunId }, context: JobContext) => Promise<Handled>
  readonly sweep: (payload: object, context: JobContext) => Promise<Handled>
  readonly deliveries: (payload: object, context: JobContext) => Promise<Handled>
  readonly acknowledgements?: (payload: object, context: JobContext) => Promise<Handled>
  readonly retention?: (payload: object, context: JobContext) => Promise<Handled>
  readonly outbound?: (payload: { readonly message: string }, context: JobContext) => Promise<Handled>
}

/** Why the queue gave a run up. */
export interface Parked {
  readonly deaths: number
  readonly throws: number
  readonly reason: string
  readonly at: Date
}

export interface QueueConsumer {
  pause(): Promise<void>
  resume(): Promise<void>
  /** Resolves when every handler has gone home, or was left. */
  drain(): Promise<void>
  readonly busy: number
}

/** The queue of `@fixpoint/queue`, as far as a worker knows it. */
export interface WorkerQueue extends Pick<RunQueue, 'wake'> {
  /** A parked run may be woken again; false when it was not parked. */
  release(run: RunId): Promise<boolean>
  parked(): Promise<readonly (Parked & { readonly run: RunId })[]>
  enqueue(name: 'sweep' | 'deliveries', payload: Record<string, never>): Promise<void>
  enqueue(name: 'outbound', payload: { readonly message: string }): Promise<void>
  consume(options: {
    readonly handlers: ConsumerHandlers
    readonly concurrency: number
    readonly perGroup: number
    readonly everywhere?: number
    readonly every: { readonly sweep: number; readonly deliveries: number; readonly retention?: number }
    readonly drainMs: number
    readonly signal: AbortSignal
    readonly reached: (run: RunId) => Promise<number>
    readonly parked: (run: RunId, evidence: Parked) => Promise<void>
  }): Promise<QueueConsumer>
}

export interface WorkerLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void
  warn(fields: Readonly<Record<string, unknown>>, message: string): void
  error(fields: Readonly<Record<string, unknown>>, message: string): void
}

/** What the history of one repository tells of a fix. */
export interface Lineage extends AsyncDisposable {
  /** Whether the first of these revisions that is there contains a change; `unknown` when none is there. */
  contains(revisions: readonly string[], change: ObjectId): Promise<'yes' | 'no' | 'unknown'>
  /** Whether the branch that runs start from, or a tag, contains a change. */
  landed(change: ObjectId): Promise<boolean>
}

export interface AfterFixHands {
  readonly fixes: Fixes
  /** By the operator's name of it. Throws when it is gone. */
  readonly openLineage: (repository: string) => Promise<Lineage>
}

export interface WorkerHands {
  readonly journal: Journal
  readonly runIndex: RunIndex
  readonly inbox: Inbox
  readonly deliveries: Deliveries
  readonly reports: Reports
  readonly sourceMaps: SourceMaps
  readonly artifacts: Artifacts
  /** Whether there is anything left to spend today. */
  readonly ledger: Pick<Ledger, 'reached'>
  /** Repository and service that a key stands for. */
  readonly tokens: Pick<Tokens, 'ingestKeys'>
  /** By name. */
  readonly sources: ReadonlyMap<string, AlertSource>
  readonly queue: WorkerQueue
  readonly roster: WorkerRoster
  /** This process, as others may find it. */
  readonly self: { readonly host: string; readonly pid: number }
  /** `waitedMs`: how long the run waited to be driven. */
  readonly openHands: (run: RunId, waitedMs: number) => Promise<RunHands>
  /**
   * Writes the first fact of `run`. It may be called twice for one run, and must not write a second one. `held`: it cannot be opened
   * (the repository is gone, no such commit), in words for its owner.
   */
  readonly openRunFor: (report: StoredReport, target: RunTarget, run: RunId) => Promise<undefined | { readonly held: string }>
  /** Ends what killed processes left on this machine. */
  readonly reap: () => Promise<void>
  /** The emergency stop. */
  readonly stopped: () => Promise<boolean>
  /** Whether somebody lets no run begin on a repository. */
  readonly paused: (repository: string) => Promise<boolean>
  /** GETs the address by which a source wants to be told that its deliveries are welcome. Follows no redirect. */
  readonly confirm?: (url: string) => Promise<void>
  /** Without it nobody asks what became of a fix. */
  readonly afterFix?: AfterFixHands
  /** What comes due once in a while, and finds out by itself whether it is. */
  readonly weekly?: () => Promise<void>
  readonly retain?: (signal: AbortSignal) => Promise<void>
  /** Where people on a code host are attended to; without it no host is set up. */
  readonly desk?: DeskHands
  /** What waits to be told others; `send` sends it. */
  readonly outbox?: Pick<Outbox, 'due' | 'announce'>
  readonly send?: (message: string, signal: AbortSignal) => Promise<Handled>
  readonly progress: (run: RunId) => ProgressListener
  /** Bytes that this process takes. */
  readonly memory: () => number
  readonly clock: Clock
  readonly ids: Ids
  readonly hash: Hash
  readonly log: WorkerLog
}
