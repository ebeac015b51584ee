import {
  addComment,
  addLabels,
  deleteComment,
  editComment,
  editIssue,
  ensureLabel,
  labelNamed,
  type NewIssue,
  openIssue,
  removeLabel,
  setIssueState,
  setLock,
} from '../deeds/issues.ts'
import { Denial, notFound } from '../denial.ts'
import type { Comment, Issue } from '../records.ts'
import { commentShape, issueShape } from '../shapes/issue.ts'
import { labelShape } from '../shapes/repository.ts'
import { type Call, created, found, NO_CONTENT, ok, type Route, route } from './route.ts'

const READ = 'issues=read; pull_requests=read'
const WRITE = 'issues=write; pull_requests=write'

export const issueRoutes: readonly Route[] = [
  route('GET /repos/{owner}/{repo}/issues', 'issues=read', (call) => call.list(listed(call), (issue) => issueShape(call.world, call.repository, issue))),
  route('POST /repos/{owner}/{repo}/issues', 'issues=write', async (call) => {
    const { title, ...rest } = call.body<NewIssue & { title: string | number }>()
    const issue = await openIssue(call.world, call.repository, { ...rest, title: String(title) }, call.doer)
    return created(issueShape(call.world, call.repository, issue))
  }),
  route('GET /repos/{owner}/{repo}/issues/{issue_number}', READ, (call) => ok(issueShape(call.world, call.repository, call.issue()))),
  route('PATCH /repos/{owner}/{repo}/issues/{issue_number}', WRITE, async (call) => {
    const { world, repository, doer } = call
    const issue = call.issue()
    const { state, state_reason, ...edit } = call.body<{ title?: string; body?: string | null; state?: Issue['state']; state_reason?: Issue['stateReason'] }>()
    await editIssue(world, repository, issue, edit, doer)
    if (state !== undefined) await setIssueState(world, repository, issue, state, doer, state_reason ?? null)
    return ok(issueShape(world, repository, issue))
  }),
  route('PUT /repos/{owner}/{repo}/issues/{issue_number}/lock', WRITE, async (call) => {
    const { lock_reason } = call.body<{ lock_reason?: Issue['lockReason'] }>()
    await setLock(call.world, call.repository, call.issue(), true, lock_reason ?? null, call.doer)
    return NO_CONTENT
  }),
  route('DELETE /repos/{owner}/{repo}/issues/{issue_number}/lock', WRITE, async (call) => {
    await setLock(call.world, call.repository, call.issue(), false, null, call.doer)
    return NO_CONTENT
  }),

  route('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', READ, (call) => {
    const issue = call.issue()
    return call.list(since(call, issue.comments), (comment) => commentShape(call.world, call.repository, issue, comment))
  }),
  route('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', WRITE, async (call) => {
    const issue = call.issue()
    assertWritable(call, issue)
    const comment = await addComment(call.world, call.repository, issue, call.body<{ body: string }>().body, call.doer)
    return created(commentShape(call.world, call.repository, issue, comment))
  }),
  route('GET /repos/{owner}/{repo}/issues/comments/{comment_id}', READ, (call) => {
    const { issue, comment } = commentOf(call)
    return ok(commentShape(call.world, call.repository, issue, comment))
  }),
  route('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', WRITE, (call) => {
    const { issue, comment } = commentOf(call)
    editComment(call.world, call.repository, issue, comment, call.body<{ body: string }>().body, call.doer)
    return ok(commentShape(call.world, call.repository, issue, comment))
  }),
  route('DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}', WRITE, (call) => {
    const { issue, comment } = commentOf(call)
    deleteComment(call.world, call.repository, issue, comment, call.doer)
    return NO_CONTENT
  }),

  route('GET /repos/{owner}/{repo}/labels', READ, (call) => call.list(call.repository.labels, (label) => labelShape(call.world, call.repository, label))),
  route('POST /repos/{owner}/{repo}/labels', WRITE, (call) => {
    const { name, color, description } = call.body<{ name: string; color?: string; description?: string }>()
    if (labelNamed(call.repository, name) !== undefined) {
      throw new Denial(422, 'Validation Failed', { errors: [{ resource: 'Label', code: 'already_exists', field: 'name' }] })
    }
    const label = ensureLabel(call.world, call.repository, name, color, description ?? null)
    const payload = { label: labelShape(call.world, call.repository, label) }
    call.world.announce({ event: 'label', action: 'created', sender: call.doer.account, repository: call.repository, payload })
    return created(payload.label)
  }),
  route('GET /repos/{owner}/{repo}/labels/{name}', READ, (call) =>
    ok(labelShape(call.world, call.repository, found(labelNamed(call.repository, call.parameter('name'))))),
  ),
  route('GET /repos/{owner}/{repo}/issues/{issue_number}/labels', READ, (call) =>
    call.list(call.issue().labels, (label) => labelShape(call.world, call.repository, label)),
  ),
  route('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', WRITE, async (call) => {
    const body = call.body<string[] | { labels?: (string | { name: string })[] }>()
    const names = (Array.isArray(body) ? body : (body.labels ?? [])).map((each) => (typeof each === 'string' ? each : each.name))
    await addLabels(call.world, call.repository, call.issue(), names, call.doer)
    return ok(call.issue().labels.map((label) => labelShape(call.world, call.repository, label)))
  }),
  route('DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}', WRITE, async (call) => {
    await removeLabel(call.world, call.repository, call.issue(), call.parameter('name'), call.doer)
    return ok(call.issue().labels.map((label) => labelShape(call.world, call.repository, label)))
  }),
  route('POST /repos/{owner}/{repo}/issues/{issue_number}/assignees', WRITE, (call) => {
    const issue = call.issue()
    const wanted = call.body<{ assignees?: string[] }>().assignees ?? []
    // Who has no access is left out in silence.
    const accounts = wanted.map((login) => call.world.account(login)).filter((account) => isMember(call, account.login))
    issue.assignees = [...new Set([...issue.assignees, ...accounts])]
    return created(issueShape(call.world, call.repository, issue))
  }),
]

function isMember({ repository }: Call, login: string): boolean {
  return repository.owner.login === login || repository.collaborators.has(login.toLowerCase())
}

function listed({ repository, query }: Call): Issue[] {
  const state = query.get('state') ?? 'open'
  const labels = (query.get('labels') ?? '').split(',').filter((name) => name !== '')
  const after = query.get('since')
  return [...repository.issues.values()]
    .filter((issue) => state === 'all' || issue.state === state)
    .filter((issue) => labels.every((name) => issue.labels.some((label) => label.name.toLowerCase() === name.toLowerCase())))
    .filter(({ updatedAt }) => after === null || updatedAt >= after)
    .reverse()
}

function since({ query }: Call, comments: readonly Comment[]): Comment[] {
  const after = query.get('since')
  return comments.filter(({ updatedAt }) => after === null || updatedAt >= after)
}

/** A locked conversation takes words of those who may write only. */
function assertWritable(call: Call, issue: Issue): void {
  if (!issue.locked || call.access.kind === 'installation') return
  const role = call.world.roleOf(call.doer.account, call.repository)
  if (role === undefined || role === 'read' || role === 'triage') throw new Denial(403, 'Unable to create comment because issue is locked.')
}

function commentOf(call: Call): { readonly issue: Issue; readonly comment: Comment } {
  for (const issue of call.repository.issues.values()) {
    const comment = issue.comments.find(({ id }) => id === call.number('comment_id'))
    if (comment !== undefined) return { issue, comment }
  }
  throw notFound()
}
