import type { Comment, Issue, Reaction, Repository } from '../records.ts'
import { nodeId, type World } from '../world.ts'
import { associationOf, userShape } from './account.ts'
import { appShape } from './app.ts'
import { apiOf, htmlOf, labelShape } from './repository.ts'

const REACTIONS = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes']

function rollup(url: string, reactions: readonly Reaction[]) {
  const counts = Object.fromEntries(REACTIONS.map((content) => [content, reactions.filter((reaction) => reaction.content === content).length]))
  return { url, total_count: reactions.length, ...counts }
}

export function reactionShape(world: World, { id, user, content, createdAt }: Reaction) {
  return { id, node_id: nodeId('REA', id), user: userShape(world, user), content, created_at: createdAt }
}

export function issueHtml(world: World, repository: Repository, { number, pull }: Issue): string {
  return `${htmlOf(world, repository)}/${pull === null ? 'issues' : 'pull'}/${number}`
}

export function issueShape(world: World, repository: Repository, issue: Issue) {
  const { id, number, title, body, state, stateReason, locked, lockReason, author, app, labels, assignees, comments, pull } = issue
  const api = apiOf(world, repository)
  const url = `${api}/issues/${number}`
  const html = issueHtml(world, repository, issue)
  const [assignee] = assignees
  return {
    url,
    repository_url: api,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: html,
    id,
    node_id: nodeId('I', id),
    number,
    title,
    user: userShape(world, author),
    labels: labels.map((label) => labelShape(world, repository, label)),
    state,
    locked,
    assignee: assignee === undefined ? null : userShape(world, assignee),
    assignees: assignees.map((account) => userShape(world, account)),
    milestone: null,
    comments: comments.length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    closed_by: issue.closedBy === null ? null : userShape(world, issue.closedBy),
    author_association: associationOf(author, repository),
    active_lock_reason: lockReason,
    ...(pull === null
      ? {}
      : {
          draft: pull.draft,
          pull_request: {
            url: `${api}/pulls/${number}`,
            html_url: html,
            diff_url: `${html}.diff`,
            patch_url: `${html}.patch`,
            merged_at: pull.merge?.at ?? null,
          },
        }),
    body,
    reactions: rollup(`${url}/reactions`, issue.reactions),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: app === null ? null : appShape(world, app),
    state_reason: stateReason,
  }
}

export function commentShape(world: World, repository: Repository, issue: Issue, comment: Comment) {
  const { id, author, app, body, createdAt, updatedAt, reactions } = comment
  const url = `${apiOf(world, repository)}/issues/comments/${id}`
  return {
    url,
    html_url: `${issueHtml(world, repository, issue)}#issuecomment-${id}`,
    issue_url: `${apiOf(world, repository)}/issues/${issue.number}`,
    id,
    node_id: nodeId('IC', id),
    user: userShape(world, author),
    created_at: createdAt,
    updated_at: updatedAt,
    author_association: associationOf(author, repository),
    body,
    reactions: rollup(`${url}/reactions`, reactions),
    performed_via_github_app: app === null ? null : appShape(world, app),
  }
}
