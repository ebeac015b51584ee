import type { Comparison } from '../comparison.ts'
import type { Account, Issue, Pull, Repository, Review, ReviewComment } from '../records.ts'
import { nodeId, type World } from '../world.ts'
import { associationOf, userShape } from './account.ts'
import { issueHtml, issueShape } from './issue.ts'
import { apiOf, repositoryShape } from './repository.ts'

export type PullIssue = Issue & { readonly pull: Pull }

function sideShape(world: World, repository: Repository, ref: string, sha: string) {
  const { owner } = repository
  return { label: `${owner.login}:${ref}`, ref, sha, user: userShape(world, owner), repo: repositoryShape(world, repository) }
}

/** As lists tell it. */
export function pullShape(world: World, repository: Repository, issue: PullIssue) {
  const { pull, number } = issue
  const api = `${apiOf(world, repository)}/pulls/${number}`
  const html = issueHtml(world, repository, issue)
  const issueApi = `${apiOf(world, repository)}/issues/${number}`
  const statuses = `${apiOf(world, repository)}/statuses/${pull.headSha}`
  const { labels, user, title, body, state, locked, assignee, assignees, milestone, author_association, active_lock_reason } = issueShape(
    world,
    repository,
    issue,
  )
  const urls = {
    html: html,
    issue: issueApi,
    comments: `${issueApi}/comments`,
    commits: `${api}/commits`,
    statuses,
    review_comments: `${api}/comments`,
    review_comment: `${apiOf(world, repository)}/pulls/comments{/number}`,
  }
  return {
    url: api,
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issueApi,
    commits_url: urls.commits,
    review_comments_url: urls.review_comments,
    review_comment_url: urls.review_comment,
    comments_url: urls.comments,
    statuses_url: statuses,
    number,
    state,
    locked,
    title,
    user,
    body,
    labels,
    milestone,
    active_lock_reason,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.merge?.at ?? null,
    merge_commit_sha: pull.merge?.sha ?? null,
    assignee,
    assignees,
    requested_reviewers: pull.requestedReviewers.map((account) => userShape(world, account)),
    requested_teams: [],
    head: sideShape(world, repository, pull.headBranch, pull.headSha),
    base: sideShape(world, repository, pull.baseBranch, pull.baseSha),
    _links: { self: { href: api }, ...Object.fromEntries(Object.entries(urls).map(([key, href]) => [key, { href }])) },
    author_association,
    auto_merge: null,
    draft: pull.draft,
  }
}

export interface PullFacts {
  readonly comparison: Comparison
  /** null: not yet computed. */
  readonly mergeable: boolean | null
}

export function fullPullShape(world: World, repository: Repository, issue: PullIssue, { comparison, mergeable }: PullFacts) {
  const { pull } = issue
  const sum = (key: 'additions' | 'deletions') => comparison.files.reduce((total, file) => total + file[key], 0)
  return {
    ...pullShape(world, repository, issue),
    merged: pull.merge !== null,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: mergeableState(pull, mergeable),
    merged_by: pull.merge === null ? null : userShape(world, pull.merge.by),
    comments: issue.comments.length,
    review_comments: pull.reviewComments.length,
    maintainer_can_modify: pull.maintainerCanModify,
    commits: comparison.ahead.length,
    additions: sum('additions'),
    deletions: sum('deletions'),
    changed_files: comparison.files.length,
  }
}

function mergeableState({ draft }: Pull, mergeable: boolean | null): string {
  if (mergeable === null) return 'unknown'
  if (!mergeable) return 'dirty'
  return draft ? 'draft' : 'clean'
}

/** As checks and workflow runs name a pull request. */
export function minimalPullShape(world: World, repository: Repository, { number, pull }: PullIssue) {
  const repo = { id: repository.id, url: apiOf(world, repository), name: repository.name }
  return {
    id: pull.id,
    number,
    url: `${apiOf(world, repository)}/pulls/${number}`,
    head: { ref: pull.headBranch, sha: pull.headSha, repo },
    base: { ref: pull.baseBranch, sha: pull.baseSha, repo },
  }
}

export function isPull(issue: Issue): issue is PullIssue {
  return issue.pull !== null
}

export function pullsAt(repository: Repository, headSha: string): PullIssue[] {
  return [...repository.issues.values()].filter(isPull).filter(({ state, pull }) => state === 'open' && pull.headSha === headSha)
}

export function reviewShape(world: World, repository: Repository, issue: PullIssue, review: Review) {
  const html = `${issueHtml(world, repository, issue)}#pullrequestreview-${review.id}`
  const pull_request_url = `${apiOf(world, repository)}/pulls/${issue.number}`
  return {
    id: review.id,
    node_id: nodeId('PRR', review.id),
    user: userShape(world, review.author),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url,
    author_association: associationOf(review.author, repository),
    _links: { html: { href: html }, pull_request: { href: pull_request_url } },
    submitted_at: review.submittedAt,
    commit_id: review.commit,
  }
}

export function reviewCommentShape(world: World, repository: Repository, issue: PullIssue, comment: ReviewComment) {
  const { id, author, body, createdAt, updatedAt, reviewId, path, line, side, commit, diffHunk, inReplyTo, reactions } = comment
  const url = `${apiOf(world, repository)}/pulls/comments/${id}`
  const html = `${issueHtml(world, repository, issue)}#discussion_r${id}`
  const pull_request_url = `${apiOf(world, repository)}/pulls/${issue.number}`
  const counts = { '+1': 0, '-1': 0, laugh: 0, hooray: 0, confused: 0, heart: 0, rocket: 0, eyes: 0 }
  for (const { content } of reactions) counts[content as keyof typeof counts] += 1
  return {
    url,
    pull_request_review_id: reviewId,
    id,
    node_id: nodeId('PRRC', id),
    diff_hunk: diffHunk,
    path,
    commit_id: commit,
    original_commit_id: commit,
    user: userShape(world, author),
    body,
    created_at: createdAt,
    updated_at: updatedAt,
    html_url: html,
    pull_request_url,
    author_association: associationOf(author, repository),
    _links: { self: { href: url }, html: { href: html }, pull_request: { href: pull_request_url } },
    reactions: { url: `${url}/reactions`, total_count: reactions.length, ...counts },
    start_line: null,
    original_start_line: null,
    start_side: null,
    line,
    original_line: line,
    side,
    subject_type: 'line',
    position: line,
    original_position: line,
    ...(inReplyTo === null ? {} : { in_reply_to_id: inReplyTo }),
  }
}

export function requestedReviewersShape(world: World, accounts: readonly Account[]) {
  return { users: accounts.map((account) => userShape(world, account)), teams: [] }
}
