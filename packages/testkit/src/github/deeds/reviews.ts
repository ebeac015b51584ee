import { Denial } from '../denial.ts'
import type { Repository, Review, ReviewComment } from '../records.ts'
import { type PullIssue, pullShape, reviewCommentShape, reviewShape } from '../shapes/pull.ts'
import type { World } from '../world.ts'
import { type Doer, touch } from './issues.ts'
import { comparisonOf } from './pull-payload.ts'

export type ReviewEvent = 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT'

export interface LineComment {
  readonly path: string
  readonly line: number
  readonly side?: 'LEFT' | 'RIGHT'
  readonly body: string
}

const STATES: Readonly<Record<ReviewEvent, Review['state']>> = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' }

export interface NewReview {
  readonly event: ReviewEvent
  readonly body?: string
  readonly comments?: readonly LineComment[]
}

export async function submitReview(world: World, repository: Repository, issue: PullIssue, wanted: NewReview, doer: Doer): Promise<Review> {
  const own = doer.account.id === issue.author.id
  if (own && wanted.event === 'APPROVE') throw new Denial(422, 'Unprocessable Entity', { errors: ['Can not approve your own pull request'] as never })
  if (own && wanted.event === 'REQUEST_CHANGES')
    throw new Denial(422, 'Unprocessable Entity', { errors: ['Can not request changes on your own pull request'] as never })
  const review: Review = {
    id: world.nextId(),
    author: doer.account,
    body: wanted.body ?? '',
    state: STATES[wanted.event],
    commit: issue.pull.headSha,
    submittedAt: world.now(),
  }
  issue.pull.reviews.push(review)
  issue.pull.requestedReviewers = issue.pull.requestedReviewers.filter(({ id }) => id !== doer.account.id)
  touch(world, issue)
  const comments: ReviewComment[] = []
  for (const comment of wanted.comments ?? []) comments.push(await newReviewComment(world, repository, issue, review, comment, doer))
  announceReview(world, repository, issue, review, 'submitted', doer)
  for (const comment of comments) announceReviewComment(world, repository, issue, comment, 'created', doer)
  return review
}

export function announceReview(world: World, repository: Repository, issue: PullIssue, review: Review, action: string, doer: Doer): void {
  const told = reviewShape(world, repository, issue, review)
  // Webhooks write the state small.
  const payload = { review: { ...told, state: told.state.toLowerCase() }, pull_request: pullShape(world, repository, issue) }
  world.announce({ event: 'pull_request_review', action, sender: doer.account, repository, payload })
}

export async function replyInThread(
  world: World,
  repository: Repository,
  issue: PullIssue,
  to: ReviewComment,
  body: string,
  doer: Doer,
): Promise<ReviewComment> {
  const review: Review = { id: world.nextId(), author: doer.account, body: '', state: 'COMMENTED', commit: to.commit, submittedAt: world.now() }
  issue.pull.reviews.push(review)
  const comment = {
    ...reviewCommentRecord(world, review, { path: to.path, line: to.line, side: to.side, body }, to.diffHunk, doer),
    inReplyTo: to.inReplyTo ?? to.id,
  }
  issue.pull.reviewComments.push(comment)
  announceReviewComment(world, repository, issue, comment, 'created', doer)
  return comment
}

async function newReviewComment(
  world: World,
  repository: Repository,
  issue: PullIssue,
  review: Review,
  comment: LineComment,
  doer: Doer,
): Promise<ReviewComment> {
  const { files } = await comparisonOf(repository, issue)
  const file = files.find(({ path }) => path === comment.path)
  if (file === undefined) throw new Denial(422, 'Unprocessable Entity', { errors: ['Path could not be resolved'] as never })
  const made = reviewCommentRecord(world, review, comment, file.patch ?? '', doer)
  issue.pull.reviewComments.push(made)
  return made
}

export async function commentOnLine(world: World, repository: Repository, issue: PullIssue, comment: LineComment, doer: Doer): Promise<ReviewComment> {
  await submitReview(world, repository, issue, { event: 'COMMENT', comments: [comment] }, doer)
  const made = issue.pull.reviewComments.at(-1)
  if (made === undefined) throw new Error('a review comment was made and is not there')
  return made
}

function reviewCommentRecord(world: World, review: Review, { path, line, side, body }: LineComment, diffHunk: string, doer: Doer): ReviewComment {
  const now = world.now()
  return {
    id: world.nextId(),
    author: doer.account,
    app: doer.app,
    body,
    createdAt: now,
    updatedAt: now,
    reactions: [],
    reviewId: review.id,
    path,
    line,
    side: side ?? 'RIGHT',
    commit: review.commit,
    diffHunk,
    inReplyTo: null,
  }
}

function announceReviewComment(world: World, repository: Repository, issue: PullIssue, comment: ReviewComment, action: string, doer: Doer): void {
  const payload = { comment: reviewCommentShape(world, repository, issue, comment), pull_request: pullShape(world, repository, issue) }
  world.announce({ event: 'pull_request_review_comment', action, sender: doer.account, repository, payload })
}
