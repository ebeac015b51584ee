import { react } from '../deeds/issues.ts'
import type { Comment, Reaction } from '../records.ts'
import { reactionShape } from '../shapes/issue.ts'
import { isPull } from '../shapes/pull.ts'
import { type Call, found, NO_CONTENT, type Route, route } from './route.ts'

const ISSUE = '/repos/{owner}/{repo}/issues/{issue_number}/reactions'
const COMMENT = '/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions'
const REVIEW_COMMENT = '/repos/{owner}/{repo}/pulls/comments/{comment_id}/reactions'

export const reactionRoutes: readonly Route[] = [
  ...reactionsAt(ISSUE, 'issues', (call) => call.issue().reactions),
  ...reactionsAt(COMMENT, 'issues', (call) => found(commentsOn(call).find(({ id }) => id === call.number('comment_id'))).reactions),
  ...reactionsAt(REVIEW_COMMENT, 'pull_requests', (call) => found(reviewCommentsOn(call).find(({ id }) => id === call.number('comment_id'))).reactions),
]

function reactionsAt(path: string, permission: string, of: (call: Call) => Reaction[]): Route[] {
  const either = (level: string) => (permission === 'issues' ? `issues=${level}; pull_requests=${level}` : `${permission}=${level}`)
  return [
    route(`GET ${path}`, either('read'), (call) => {
      const content = call.query.get('content')
      return call.list(
        of(call).filter((reaction) => content === null || reaction.content === content),
        (reaction) => reactionShape(call.world, reaction),
      )
    }),
    route(`POST ${path}`, either('write'), (call) => {
      const { reaction, isNew } = react(call.world, of(call), call.body<{ content: string }>().content, call.doer.account)
      return { status: isNew ? 201 : 200, body: reactionShape(call.world, reaction) }
    }),
    route(`DELETE ${path}/{reaction_id}`, either('write'), (call) => {
      const reactions = of(call)
      reactions.splice(reactions.indexOf(found(reactions.find(({ id }) => id === call.number('reaction_id')))), 1)
      return NO_CONTENT
    }),
  ]
}

function commentsOn({ repository }: Call): Comment[] {
  return [...repository.issues.values()].flatMap(({ comments }) => comments)
}

function reviewCommentsOn({ repository }: Call): Comment[] {
  return [...repository.issues.values()].filter(isPull).flatMap(({ pull }) => pull.reviewComments)
}
