import type { ObjectId, RunId } from '../words/ids.ts'
import type { FileEdit } from '../words/patch.ts'
import type { Strength } from '../words/verdict.ts'
import type { CommitIdentity } from './repository.ts'

/** A proposal as a host is to show it. */
export interface OfferedProposal {
  readonly run: RunId
  readonly branch: string
  readonly base: ObjectId
  /** As `Repository.commit` made it of the edits below. */
  readonly commit: ObjectId
  readonly strength: Strength
  readonly title: string
  /** Markdown; all foreign text in it is inert. */
  readonly body: string
  /** For a host that makes the commit itself, and signs it. */
  readonly edits: readonly FileEdit[]
  readonly message: string
  readonly draft: boolean
  /** The certificate, as the bytes of its file: for a host on which it travels with the proposal. */
  readonly certificate: string
}

export interface PublishedProposal {
  readonly url: string | undefined
  /** The commit that stands on the branch: of the same tree as the one that was offered. */
  readonly commit: ObjectId
  /** Number of the pull request, where the host reports back what becomes of it. */
  readonly pull?: number
}

/** How things stand right before a proposal is published. */
export type Standing =
  /** Where the branch that it is meant for points to now. */
  | { readonly wanted: true; readonly head: ObjectId | undefined }
  /** The issue was closed, the repository archived, …: in words for people. */
  | { readonly wanted: false; readonly why: string }

/** Where a proposal is published. */
export interface CodeHost {
  /** Who commits of proposals are by there; Fixpoint itself unless said. */
  readonly identity?: CommitIdentity
  /** What a branch is called after `fixpoint/`, before the run's own letters; by default what the proposal is about. */
  branchName?(slug: string): string
  /** Asked before anything is published. */
  standing(): Promise<Standing>
  /** Idempotent under `branch`: look, compare, create or update. A branch with a commit that is not ours is left alone. */
  ensureProposal(proposal: OfferedProposal): Promise<PublishedProposal>
}
