import type { ObjectId } from '../words/ids.ts'
import type { FileEdit } from '../words/patch.ts'
import type { SourceSnapshot } from './source-snapshot.ts'

/** Who a commit is by, as the code host knows them. */
export interface CommitIdentity {
  readonly name: string
  readonly email: string
}

export interface CommitRequest {
  readonly base: ObjectId
  readonly edits: readonly FileEdit[]
  readonly message: string
  /** Recorded as both author and committer date, so that doing it twice makes the same commit. */
  readonly at: Date
  /** Author and committer; Fixpoint itself unless said. */
  readonly by?: CommitIdentity | undefined
}

/** Git on the host, hardened: no hooks, filters, fsmonitor or helpers of the repository ever run. */
export interface Repository {
  /** The commit that a revision names, `HEAD` by default. Throws `Failure('repository-unreadable')`. */
  resolve(revision?: string): Promise<ObjectId>
  /** Paths that differ between the work tree and `HEAD` (tracked changes and untracked files). */
  changedPaths(): Promise<readonly string[]>
  snapshot(commit: ObjectId): Promise<SourceSnapshot>
  /** The work tree as it is now, as a commit object that no branch points to. */
  commitWorkTree(): Promise<ObjectId>
  /** Builds the commit object by plumbing. The work tree, index, configuration and hooks are untouched. Same request, same id. */
  commit(request: CommitRequest): Promise<ObjectId>
}

export interface CommitSummary {
  readonly commit: ObjectId
  readonly subject: string
  readonly at: Date
  readonly paths: readonly string[]
}
/** Commits that are ancestors of the base, newest first. */
export interface History {
  recent(base: ObjectId, limit: number, paths?: readonly string[]): Promise<readonly CommitSummary[]>
}

export interface TextMatch {
  readonly path: string
  readonly line: number
  readonly text: string
}
/** Exact search over a snapshot, bounded. */
export interface TextSearch {
  search(snapshot: SourceSnapshot, patterns: readonly string[], options: { limit: number; signal: AbortSignal }): Promise<readonly TextMatch[]>
}
