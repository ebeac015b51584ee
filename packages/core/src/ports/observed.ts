import type { ObservedCounts } from '../words/announcement.ts'
import type { Digest, ObjectId, RunId } from '../words/ids.ts'
import type { Strength } from '../words/verdict.ts'

/** A proposal that nobody was offered, because its run only observed. */
export interface WithheldProposal {
  readonly run: RunId
  readonly at: Date
  readonly proposal: Digest
  readonly report: string | undefined
  readonly repository: string | undefined
  /** Sightings of the defect since then. */
  readonly seenAgain: number
}

/** What people did about the lines of a proposal that they never saw. */
export type Resemblance = 'identical' | 'same-lines' | 'same-files' | 'untouched'

export interface ObservedProposal extends WithheldProposal {
  readonly strength: Strength | undefined
  readonly title: string | undefined
  readonly files: readonly string[]
  /** `unknown`: the proposal has expired, or the repository cannot be read. */
  readonly people: Resemblance | 'unknown'
  /** Commits that changed these files since, oldest first, and not all of very many. */
  readonly commits: readonly { readonly commit: ObjectId; readonly at: Date; readonly subject: string }[]
}

export interface ObservedReport {
  readonly since: Date
  readonly until: Date
  readonly counts: ObservedCounts
  /** Oldest first. */
  readonly proposals: readonly ObservedProposal[]
}
