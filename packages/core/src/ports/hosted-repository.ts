import type { HostActor, HostIssue, RepositoryName } from '../words/host-event.ts'
import type { ObjectId, RunId } from '../words/ids.ts'

export type HostPermission = 'none' | 'read' | 'triage' | 'write' | 'admin'

/** What may be said without words, where somebody looks: 👀 seen, 😕 not for you. */
export type Reaction = 'eyes' | 'confused' | 'rocket'

export interface HostedPull {
  readonly number: number
  readonly state: 'open' | 'merged' | 'closed'
  readonly draft: boolean
  readonly branch: string
  readonly head: ObjectId
  /** The commit that it became. */
  readonly merged: ObjectId | undefined
  /** Who merged it, where the host tells. */
  readonly mergedBy?: HostActor | undefined
  readonly url: string
}

export interface ReviewPoint {
  readonly id: number
  readonly path: string | undefined
  readonly line: number | undefined
  readonly body: string
}

/** A check of somebody else's that is red; `log` is the end of what it printed, at most 64 KB, as it came. */
export interface FailedCheck {
  readonly name: string
  readonly log: string
}

/** A check on a commit, whoever makes it. */
export interface HostedCheck {
  readonly name: string
  readonly state: 'pending' | 'passed' | 'failed' | 'skipped'
  readonly url: string | undefined
}

/** Our one check on a commit. `text` is Markdown; hosts have limits, and what is over them is left out and said to be. */
export interface OurCheck {
  readonly run: RunId
  readonly commit: ObjectId
  readonly state: 'queued' | 'in-progress' | 'success' | 'failure' | 'neutral' | 'action-required' | 'cancelled'
  readonly title: string
  readonly text: string
  /** Buttons: at most three; `action` comes back with `button-pressed`. */
  readonly buttons: readonly { readonly action: string; readonly label: string; readonly description: string }[]
  readonly url?: string | undefined
}

/**
 * One repository on a code host, as far as people are met in it: a token for this one repository stands behind it. Everything that writes is
 * idempotent. Throws `Failure`: `host-unreachable`, `host-rate-limited` (with `againInMs`), `host-refused` (not allowed, with what is missing),
 * `host-gone` (the repository is deleted, private now, or not ours any more).
 */
export interface HostedRepository {
  readonly name: RepositoryName
  permissionOf(login: string): Promise<HostPermission>
  /** Where the default branch stands, and how the host calls the repository now. */
  about(): Promise<{
    readonly name: RepositoryName
    readonly defaultBranch: string
    readonly archived: boolean
    readonly isPrivate: boolean
    readonly url: string
  }>
  issue(number: number): Promise<HostIssue | undefined>
  pull(number: number): Promise<HostedPull | undefined>
  reviewPoints(pull: number, review: number): Promise<readonly ReviewPoint[]>
  failedChecks(commit: ObjectId): Promise<readonly FailedCheck[]>
  /** The newest of each name, at most a hundred. */
  checks(commit: ObjectId): Promise<readonly HostedCheck[]>
  react(to: { readonly issue: number } | { readonly comment: number } | { readonly point: number }, reaction: Reaction): Promise<void>
  /** Our one comment on an issue or a pull request under a key, edited in place. */
  ensureComment(issue: number, key: string, body: string): Promise<{ readonly url: string }>
  ensureCheck(check: OurCheck): Promise<void>
  /** Answers a point of a review, once per key. */
  answerPoint(pull: number, point: number, key: string, body: string): Promise<void>
  markReady(pull: number): Promise<void>
  /** A label that people can choose; one that is there is left as they made it. */
  ensureLabel(name: string): Promise<void>
  /** At most one label of ours at a time is set: `fixpoint:needs-info`, or none. */
  setState(issue: number, label: string | undefined): Promise<void>
  /** Deletes a branch below our prefix when its tip is still this commit. */
  deleteBranch(branch: string, tip: ObjectId): Promise<void>
  /** Where people look at lines of a file as a commit has it. */
  lineUrl(at: { readonly commit: string; readonly path: string; readonly lines: readonly [number, number] }): string
  /** A file of the default branch; for settings of an organisation, which lie in another repository. */
  text(path: string): Promise<string | undefined>
}

/** The repositories on code hosts that we may work on. */
export interface HostedRepositories {
  /** Throws `Failure('host-gone')` when the app is not installed there. */
  open(name: RepositoryName): Promise<HostedRepository>
  /** Deliveries that the host could not hand over since then, or handed over and was told no: their bodies, as they would have come. */
  missedDeliveries(
    since: Date,
    signal: AbortSignal,
  ): AsyncIterable<{ readonly id: string; readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array }>
  /** Our own name there (`fixpoint-acme[bot]`), and whether somebody is ourselves. */
  readonly self: { readonly login: string; readonly id: number; readonly slug: string }
}
