import type {
  Artifacts,
  Autonomy,
  Changes,
  Clock,
  Deliveries,
  EmergencyStop,
  Hash,
  HostedCheck,
  Inbox,
  Insights,
  Journal,
  JournalEntry,
  Ledger,
  ObservedReport,
  Outbox,
  Pauses,
  Reports,
  RunId,
  RunIndex,
  Scope,
  ServiceNumbers,
  SourceMaps,
  Spending,
  Tokens,
  WorkerRoster,
} from '@fixpoint/core'
import type { AlertSource } from '@fixpoint/intake'
import type { CodeDesk, QuestionDesk } from './reading-hands.ts'
import type { GithubSetup } from './setup/github-setup.ts'

/** A journal that can be watched. */
export interface FollowedJournal extends Pick<Journal, 'read'> {
  /** Entries from `from` on: those that are there, then each as it is appended, until the signal. */
  follow(run: RunId, from: number, signal: AbortSignal): AsyncIterable<JournalEntry>
  /** Runs that are appended to from now on; `undefined`: any of them may have been. */
  changes(signal: AbortSignal): AsyncIterable<RunId | undefined>
}

/** Wake-ups are hints: what they are about is durable already, and a sweep finds it without them. */
export interface Wake {
  /** Deliveries were accepted. */
  deliveries(): Promise<void>
  /** Somebody wants this report worked on whatever the gates say. */
  report(id: string): Promise<void>
  /** A message waits in its inbox. */
  run(run: RunId): Promise<void>
  /** A message to others is to be sent. */
  outbound(message: string): Promise<void>
}

/** A run that the queue gave up, and what it saw. It is woken no more until somebody retries it. */
export interface ParkedRun {
  readonly run: RunId
  /** Workers that died with it in their hands. */
  readonly deaths: number
  /** Times that driving it failed. */
  readonly throws: number
  readonly reason: string
  readonly at: Date
}

export interface RepositoryLine {
  readonly name: string
  readonly kind: 'folder' | 'hosted'
  readonly url?: string | undefined
  readonly autonomy?: Autonomy | undefined
  /** What is wrong with its settings. */
  readonly problem?: string | undefined
  readonly settings?: Readonly<Record<string, unknown>> | undefined
}

export interface LaneLine {
  readonly name: string
  readonly model?: string | undefined
  readonly share: number
  readonly attempts?: number | undefined
  readonly contextTokens?: number | undefined
  readonly price?: { readonly input: number; readonly output: number } | undefined
  /** The variable that holds the key, never the key. */
  readonly key?: { readonly from: string; readonly set: boolean } | undefined
  readonly reads: boolean
}

export interface ModelTrial {
  readonly model: string
  readonly servedBy?: string
  readonly firstMs?: number
  readonly wholeMs?: number
  readonly tools?: 'called' | 'malformed' | 'ignored'
  readonly contextTokens: number
  readonly tokens: number
  readonly money: number | undefined
  readonly failure?: { readonly code: string; readonly message: string; readonly hint: string }
}

/** The models that may be asked. */
export interface ModelDesk {
  lanes(): { readonly lanes: readonly LaneLine[]; readonly hint?: string | undefined }
  /** Undefined: no such lane, or it asks no model. */
  try(lane: string, signal: AbortSignal): Promise<ModelTrial | undefined>
}

/** One thing that has to work before requests are sent here. Rejects, or says in one sentence what is wrong. */
export interface ReadinessCheck {
  readonly name: string
  check(signal: AbortSignal): Promise<string | undefined>
}

/** A pull request as its host knows it. */
export interface PullState {
  readonly number: number
  readonly url: string
  readonly state: 'open' | 'merged' | 'closed'
  readonly draft: boolean
  readonly checks: readonly HostedCheck[]
}

/** Structured lines: words of ours in `message`, numbers, ids and names in `fields`. pino fits. */
export interface Log {
  info(fields: Readonly<Record<string, unknown>>, message: string): void
  warn(fields: Readonly<Record<string, unknown>>, message: string): void
  error(fields: Readonly<Record<string, unknown>>, message: string): void
}

export interface JobCounts {
  readonly waiting: number
  readonly active: number
  readonly delayed: number
  readonly failed: number
}

/** Who people are, by their account on a code host. `origin`: as their browser calls this service. */
export interface SignIn {
  /** `github.com`. */
  readonly host: string
  /** Where the browser goes to say who sits there. */
  page(asked: { readonly origin: string; readonly state: string; readonly challenge: string }): string
  /** Whoever came back with a code, and what they may; nothing, when nobody listed them. Undefined: the host does not take the code. Throws `Failure`. */
  person(answer: {
    readonly origin: string
    readonly code: string
    readonly verifier: string
  }): Promise<{ readonly name: string; readonly scopes: readonly Scope[] } | undefined>
  /** What somebody of this name who signed in before may now; nothing, when nobody lists them any more. Throws `Failure`. */
  rights(name: string): Promise<readonly Scope[]>
}

export interface ServerHands {
  /** By name. */
  readonly sources: ReadonlyMap<string, AlertSource>
  /** The text of a certificate (AWS SNS) at an https address that its source has pinned to a host. Follows no redirect; remembers what it fetched. */
  readonly fetchCertificate?: ((url: string) => Promise<string>) | undefined
  /** The webhook secret of the GitHub app, as it is now. Without it GitHub cannot deliver. */
  readonly githubWebhookSecret?: (() => string | undefined) | undefined
  /** Makes a GitHub app from a page of ours; without it there is no such page. */
  readonly githubSetup?: GithubSetup | undefined
  /** The JSON schema of repositories' settings files, as editors read it. */
  readonly settingsSchema?: object | undefined
  /** Without it people sign in by link alone. */
  readonly signIn?: SignIn | undefined
  /** The folder of the built dashboard. Without it, or when it is not there, browsers are told that it was not built. */
  readonly dashboard?: string | undefined
  readonly deliveries: Deliveries
  readonly reports: Reports
  readonly sourceMaps: SourceMaps
  readonly inbox: Inbox
  readonly journal: FollowedJournal
  readonly runIndex: RunIndex
  readonly artifacts: Artifacts
  readonly tokens: Tokens
  readonly outbox: Pick<Outbox, 'list' | 'resend'>
  readonly ledger: Pick<Ledger, 'since'>
  /** What would have been proposed in a time, and what people did. */
  readonly observed: (since: Date, until: Date) => Promise<ObservedReport>
  /** What may be spent at most. */
  readonly spending: Spending
  readonly wake: Wake
  /** Lets a parked run go on, or opens a new one on the report of one that is settled. Undefined when it cannot be retried (no such report any more). */
  readonly retry: (run: RunId, by: string) => Promise<RunId | undefined>
  readonly numbers: () => Promise<ServiceNumbers>
  readonly insights: Insights
  readonly changes: Changes
  readonly pauses: Pauses
  /** That runs may be opened on; the settings are those in effect. */
  readonly repositories: () => Promise<readonly RepositoryLine[]>
  readonly models: ModelDesk
  readonly code: CodeDesk
  /** Undefined when no model is set up. */
  readonly questions?: QuestionDesk | undefined
  /** Whether this machine can do the work. */
  readonly doctor: () => Promise<readonly { readonly name: string; readonly ok: boolean; readonly detail: string; readonly remedy?: string }[]>
  /** Delivers an alert about a sample repository; undefined where there is none. */
  readonly sampleAlert?: (() => Promise<{ readonly repository: string }>) | undefined
  /** A pull request of ours as it stands now, or stood moments ago. Undefined: its repository is on no host. Rejects when the host cannot be asked. */
  readonly pullState?: ((repository: string, number: number) => Promise<PullState | undefined>) | undefined
  /** Where people look at a pull request; undefined when the repository is on no code host. */
  readonly pullUrl?: ((repository: string | undefined, number: number) => string | undefined) | undefined
  readonly parked: () => Promise<readonly ParkedRun[]>
  readonly stop: EmergencyStop
  readonly roster: Pick<WorkerRoster, 'seen'>
  /** Of the queue, by kind. */
  readonly jobs: () => Promise<Readonly<Record<string, JobCounts>>>
  readonly checks: readonly ReadinessCheck[]
  /** The settings in effect. What looks like a secret is left out again before it is shown. */
  readonly effectiveSettings: () => Readonly<Record<string, unknown>>
  readonly clock: Clock
  readonly hash: Hash
  readonly log: Log
}
