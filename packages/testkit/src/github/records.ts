import type { BareRepository } from './bare-repository.ts'

// What the double knows, as plain mutable records. `shapes/` says how GitHub tells it, `deeds/` how it changes.

export interface Account {
  readonly id: number
  readonly login: string
  readonly type: 'User' | 'Bot' | 'Organization'
}

export type Role = 'read' | 'triage' | 'write' | 'maintain' | 'admin'

export interface Repository {
  readonly id: number
  owner: Account
  name: string
  /** `owner/name` in lower case, which redirect to it now. */
  readonly formerNames: string[]
  private: boolean
  archived: boolean
  deleted: boolean
  readonly defaultBranch: string
  readonly createdAt: string
  updatedAt: string
  pushedAt: string
  readonly collaborators: Map<string, Role>
  readonly labels: Label[]
  readonly issues: Map<number, Issue>
  readonly checkSuites: CheckSuite[]
  readonly checkRuns: CheckRun[]
  readonly statuses: Status[]
  readonly workflowRuns: WorkflowRun[]
  readonly protectedBranches: Set<string>
  readonly git: BareRepository
}

export interface Label {
  readonly id: number
  name: string
  color: string
  description: string | null
}

export interface Reaction {
  readonly id: number
  readonly content: string
  readonly user: Account
  readonly createdAt: string
}

export interface Comment {
  readonly id: number
  readonly author: Account
  body: string
  readonly createdAt: string
  updatedAt: string
  readonly reactions: Reaction[]
  /** The app that wrote it, when an app did. */
  readonly app: App | null
}

/** GitHub's pull requests are issues too: one row of numbers, comments and labels for both. */
export interface Issue {
  readonly id: number
  readonly number: number
  readonly author: Account
  readonly app: App | null
  title: string
  body: string | null
  state: 'open' | 'closed'
  stateReason: 'completed' | 'not_planned' | 'reopened' | null
  locked: boolean
  lockReason: 'resolved' | 'off-topic' | 'too heated' | 'spam' | null
  labels: Label[]
  assignees: Account[]
  readonly comments: Comment[]
  readonly reactions: Reaction[]
  readonly createdAt: string
  updatedAt: string
  closedAt: string | null
  closedBy: Account | null
  readonly pull: Pull | null
}

export interface Pull {
  readonly id: number
  draft: boolean
  readonly headBranch: string
  headSha: string
  baseBranch: string
  /** Where the base was when it was merged or closed; an open one follows its branch. */
  baseSha: string
  merge: { readonly sha: string; readonly by: Account; readonly at: string } | null
  requestedReviewers: Account[]
  readonly reviews: Review[]
  readonly reviewComments: ReviewComment[]
  maintainerCanModify: boolean
  /** GitHub computes it after it is asked: the first answer is "not yet known". */
  mergeableAskedFor: string | null
}

export interface Review {
  readonly id: number
  readonly author: Account
  body: string
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING'
  readonly commit: string
  submittedAt: string
}

export interface ReviewComment extends Comment {
  readonly reviewId: number
  readonly path: string
  readonly line: number
  readonly side: 'LEFT' | 'RIGHT'
  readonly commit: string
  readonly diffHunk: string
  readonly inReplyTo: number | null
}

export interface CheckSuite {
  readonly id: number
  readonly app: App
  readonly headSha: string
  readonly headBranch: string | null
  readonly before: string
  readonly createdAt: string
  updatedAt: string
}

export interface CheckRun {
  readonly id: number
  readonly suite: CheckSuite
  readonly name: string
  readonly headSha: string
  status: 'queued' | 'in_progress' | 'completed'
  conclusion: string | null
  startedAt: string
  completedAt: string | null
  externalId: string
  detailsUrl: string
  output: { title: string | null; summary: string | null; text: string | null }
  readonly annotations: CheckAnnotation[]
  actions: readonly { readonly label: string; readonly description: string; readonly identifier: string }[]
}

export type CheckAnnotation = Readonly<Record<string, unknown>>

export interface Status {
  readonly id: number
  readonly sha: string
  readonly state: 'error' | 'failure' | 'pending' | 'success'
  readonly context: string
  readonly description: string | null
  readonly targetUrl: string | null
  readonly creator: Account
  readonly createdAt: string
}

export interface WorkflowRun {
  readonly id: number
  readonly name: string
  readonly suite: CheckSuite
  readonly headBranch: string
  readonly headSha: string
  readonly event: string
  readonly actor: Account
  readonly conclusion: 'success' | 'failure' | 'cancelled' | 'timed_out'
  readonly jobs: readonly WorkflowJob[]
  readonly createdAt: string
}

export interface WorkflowJob {
  readonly checkRun: CheckRun
  readonly log: string
  readonly steps: readonly { readonly name: string; readonly conclusion: 'success' | 'failure' | 'skipped' }[]
}

export type Level = 'read' | 'write' | 'admin'
export type Permissions = Readonly<Record<string, Level>>

export interface App {
  readonly id: number
  readonly slug: string
  readonly name: string
  readonly clientId: string
  readonly clientSecret: string
  readonly owner: Account
  readonly bot: Account
  /** The private key, for the client. */
  readonly pem: string
  readonly publicKey: string
  permissions: Permissions
  events: readonly string[]
  webhook: { url: string; secret: string; active: boolean } | null
  readonly createdAt: string
}

export interface Installation {
  readonly id: number
  readonly app: App
  readonly account: Account
  /** null: all repositories of the account. */
  repositories: Set<number> | null
  /** What its owner granted: behind the app's wishes until new ones are accepted. */
  permissions: Permissions
  events: readonly string[]
  suspended: { readonly at: string; readonly by: Account } | null
  deleted: boolean
  readonly createdAt: string
  updatedAt: string
}

export type Token =
  | {
      readonly kind: 'installation'
      readonly value: string
      readonly installation: Installation
      readonly permissions: Permissions
      /** null: whatever the installation reaches. */
      readonly repositories: ReadonlySet<number> | null
      readonly expiresAt: number
    }
  | {
      readonly kind: 'personal'
      readonly value: string
      readonly account: Account
      /** Of a fine-grained token; null: a classic one, which may what its owner may. */
      readonly permissions: Permissions | null
      readonly repositories: ReadonlySet<number> | null
      readonly scopes: readonly string[]
      readonly expiresAt: number
    }
