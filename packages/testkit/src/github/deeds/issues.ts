import { Denial } from '../denial.ts'
import type { Account, App, Comment, Issue, Label, Reaction, Repository } from '../records.ts'
import { commentShape, issueShape } from '../shapes/issue.ts'
import { isPull } from '../shapes/pull.ts'
import { labelShape } from '../shapes/repository.ts'
import type { World } from '../world.ts'
import { pullPayload } from './pull-payload.ts'

/** Who does something, and through which app. */
export interface Doer {
  readonly account: Account
  readonly app: App | null
}

/** The event of an issue, or of the pull request that it is. */
async function announceIssue(world: World, repository: Repository, issue: Issue, action: string, doer: Doer, more: object = {}): Promise<void> {
  const told = { action, sender: doer.account, repository }
  if (isPull(issue)) {
    world.announce({ ...told, event: 'pull_request', payload: { number: issue.number, ...(await pullPayload(world, repository, issue)), ...more } })
  } else world.announce({ ...told, event: 'issues', payload: { issue: issueShape(world, repository, issue), ...more } })
}

export function nextNumber(repository: Repository): number {
  return repository.issues.size + 1
}

export interface NewIssue {
  readonly title: string
  readonly body?: string | null
  readonly labels?: readonly string[]
  readonly assignees?: readonly string[]
}

export async function openIssue(world: World, repository: Repository, wanted: NewIssue, doer: Doer): Promise<Issue> {
  const issue = newIssue(world, repository, wanted.title, wanted.body ?? null, doer)
  issue.labels = (wanted.labels ?? []).map((name) => ensureLabel(world, repository, name))
  issue.assignees = (wanted.assignees ?? []).map((login) => world.account(login))
  repository.issues.set(issue.number, issue)
  await announceIssue(world, repository, issue, 'opened', doer)
  for (const label of issue.labels) await announceIssue(world, repository, issue, 'labeled', doer, { label: labelShape(world, repository, label) })
  return issue
}

export function newIssue(world: World, repository: Repository, title: string, body: string | null, doer: Doer): Issue {
  const now = world.now()
  return {
    id: world.nextId(),
    number: nextNumber(repository),
    author: doer.account,
    app: doer.app,
    title,
    body,
    state: 'open',
    stateReason: null,
    locked: false,
    lockReason: null,
    labels: [],
    assignees: [],
    comments: [],
    reactions: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    closedBy: null,
    pull: null,
  }
}

export async function editIssue(world: World, repository: Repository, issue: Issue, to: { title?: string; body?: string | null }, doer: Doer): Promise<void> {
  const changes: Record<string, { from: string }> = {}
  if (to.title !== undefined && to.title !== issue.title) {
    changes.title = { from: issue.title }
    issue.title = to.title
  }
  if (to.body !== undefined && to.body !== issue.body) {
    changes.body = { from: issue.body ?? '' }
    issue.body = to.body
  }
  if (Object.keys(changes).length === 0) return
  touch(world, issue)
  await announceIssue(world, repository, issue, 'edited', doer, { changes })
}

export async function setIssueState(
  world: World,
  repository: Repository,
  issue: Issue,
  state: Issue['state'],
  doer: Doer,
  reason: Issue['stateReason'] = null,
): Promise<void> {
  if (issue.state === state) return
  issue.state = state
  issue.stateReason = issue.pull !== null ? null : state === 'open' ? 'reopened' : (reason ?? 'completed')
  issue.closedAt = state === 'closed' ? world.now() : null
  issue.closedBy = state === 'closed' ? doer.account : null
  touch(world, issue)
  await announceIssue(world, repository, issue, state === 'closed' ? 'closed' : 'reopened', doer)
}

export async function setLock(world: World, repository: Repository, issue: Issue, locked: boolean, reason: Issue['lockReason'], doer: Doer): Promise<void> {
  issue.locked = locked
  issue.lockReason = locked ? reason : null
  touch(world, issue)
  await announceIssue(world, repository, issue, locked ? 'locked' : 'unlocked', doer)
}

export function labelNamed(repository: Repository, name: string): Label | undefined {
  return repository.labels.find((label) => label.name.toLowerCase() === name.toLowerCase())
}

/** GitHub makes a label that nobody made when it is put on an issue. */
export function ensureLabel(world: World, repository: Repository, name: string, color = 'ededed', description: string | null = null): Label {
  const known = labelNamed(repository, name)
  if (known !== undefined) return known
  const label = { id: world.nextId(), name, color, description }
  repository.labels.push(label)
  return label
}

export async function addLabels(world: World, repository: Repository, issue: Issue, names: readonly string[], doer: Doer): Promise<void> {
  for (const name of names) {
    const label = ensureLabel(world, repository, name)
    if (issue.labels.includes(label)) continue
    issue.labels = [...issue.labels, label]
    touch(world, issue)
    await announceIssue(world, repository, issue, 'labeled', doer, { label: labelShape(world, repository, label) })
  }
}

export async function removeLabel(world: World, repository: Repository, issue: Issue, name: string, doer: Doer): Promise<void> {
  const label = issue.labels.find((each) => each.name.toLowerCase() === name.toLowerCase())
  if (label === undefined) throw new Denial(404, 'Label does not exist')
  issue.labels = issue.labels.filter((each) => each !== label)
  touch(world, issue)
  await announceIssue(world, repository, issue, 'unlabeled', doer, { label: labelShape(world, repository, label) })
}

export async function addComment(world: World, repository: Repository, issue: Issue, body: string, doer: Doer): Promise<Comment> {
  const now = world.now()
  const comment: Comment = { id: world.nextId(), author: doer.account, app: doer.app, body, createdAt: now, updatedAt: now, reactions: [] }
  issue.comments.push(comment)
  touch(world, issue)
  announceComment(world, repository, issue, comment, 'created', doer)
  return comment
}

export function editComment(world: World, repository: Repository, issue: Issue, comment: Comment, body: string, doer: Doer): void {
  const from = comment.body
  comment.body = body
  comment.updatedAt = world.now()
  announceComment(world, repository, issue, comment, 'edited', doer, { changes: { body: { from } } })
}

export function deleteComment(world: World, repository: Repository, issue: Issue, comment: Comment, doer: Doer): void {
  issue.comments.splice(issue.comments.indexOf(comment), 1)
  announceComment(world, repository, issue, comment, 'deleted', doer)
}

function announceComment(world: World, repository: Repository, issue: Issue, comment: Comment, action: string, doer: Doer, more: object = {}): void {
  const payload = { issue: issueShape(world, repository, issue), comment: commentShape(world, repository, issue, comment), ...more }
  world.announce({ event: 'issue_comment', action, sender: doer.account, repository, payload })
}

/** The same reaction twice is one. GitHub tells nobody. */
export function react(world: World, reactions: Reaction[], content: string, user: Account): { readonly reaction: Reaction; readonly isNew: boolean } {
  const known = reactions.find((reaction) => reaction.content === content && reaction.user.id === user.id)
  if (known !== undefined) return { reaction: known, isNew: false }
  const reaction = { id: world.nextId(), content, user, createdAt: world.now() }
  reactions.push(reaction)
  return { reaction, isNew: true }
}

export function touch(world: World, issue: Issue): void {
  issue.updatedAt = world.now()
}
