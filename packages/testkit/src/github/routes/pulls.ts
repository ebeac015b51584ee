import { editIssue, setIssueState } from '../deeds/issues.ts'
import { comparisonOf, pullFacts } from '../deeds/pull-payload.ts'
import { changeBase, type MergeMethod, mergePull, openPull, requestReviewers, unrequestReviewers } from '../deeds/pulls.ts'
import { announceReview, commentOnLine, type LineComment, type NewReview, replyInThread, submitReview } from '../deeds/reviews.ts'
import { Denial } from '../denial.ts'
import type { Issue } from '../records.ts'
import { commitShape, fileShape } from '../shapes/commit.ts'
import { fullPullShape, isPull, type PullIssue, pullShape, requestedReviewersShape, reviewCommentShape, reviewShape } from '../shapes/pull.ts'
import { type Call, created, found, ok, type Reply, type Route, route } from './route.ts'

const ONE = '/repos/{owner}/{repo}/pulls/{pull_number}'
const READ = 'pull_requests=read'
const WRITE = 'pull_requests=write'

export const pullRoutes: readonly Route[] = [
  route('GET /repos/{owner}/{repo}/pulls', READ, (call) => call.list(listed(call), (issue) => pullShape(call.world, call.repository, issue))),
  route('POST /repos/{owner}/{repo}/pulls', WRITE, async (call) => {
    const { maintainer_can_modify, title, ...rest } = call.body<{
      title?: string
      head: string
      base: string
      draft?: boolean
      maintainer_can_modify?: boolean
    }>()
    if (title === undefined) throw new Denial(422, 'Validation Failed', { errors: [{ resource: 'PullRequest', field: 'title', code: 'missing_field' }] })
    const issue = await openPull(call.world, call.repository, { ...rest, title, maintainerCanModify: maintainer_can_modify ?? true }, call.doer)
    return created(await full(call, issue))
  }),
  route(`GET ${ONE}`, READ, async (call) => {
    if (call.accept.includes('diff')) return diff(call)
    return ok(await full(call, call.pull()))
  }),
  route(`PATCH ${ONE}`, WRITE, async (call) => {
    const { world, repository, doer } = call
    const issue = call.pull()
    const { state, base, ...edit } = call.body<{ title?: string; body?: string; state?: Issue['state']; base?: string }>()
    await editIssue(world, repository, issue, edit, doer)
    if (base !== undefined) await changeBase(world, repository, issue, base, doer)
    if (state === 'open' && issue.pull.merge !== null)
      throw new Denial(422, 'Validation Failed', { errors: [{ resource: 'PullRequest', field: 'state', code: 'invalid' }] })
    if (state !== undefined) await setIssueState(world, repository, issue, state, doer)
    return ok(await full(call, issue))
  }),
  route(`GET ${ONE}/files`, READ, async (call) => {
    const issue = call.pull()
    const { files } = await comparisonOf(call.repository, issue)
    return call.list(files, (file) => fileShape(call.world, call.repository, issue.pull.headSha, file))
  }),
  route(`GET ${ONE}/commits`, READ, async (call) => {
    const { ahead } = await comparisonOf(call.repository, call.pull())
    return call.list(ahead, (commit) => commitShape(call.world, call.repository, commit))
  }),
  route(`GET ${ONE}/merge`, READ, (call) => {
    if (call.pull().pull.merge === null) throw new Denial(404, 'Not Found')
    return { status: 204 }
  }),
  route(`PUT ${ONE}/merge`, 'contents=write', async (call) => {
    const { merge_method = 'merge', commit_title, sha } = call.body<{ merge_method?: MergeMethod; commit_title?: string; sha?: string }>()
    const issue = call.pull()
    if (sha !== undefined && sha !== issue.pull.headSha) throw new Denial(409, 'Head branch was modified. Review and try the merge again.')
    return ok({
      sha: await mergePull(call.world, call.repository, issue, merge_method, call.doer, commit_title),
      merged: true,
      message: 'Pull Request successfully merged',
    })
  }),

  route(`GET ${ONE}/requested_reviewers`, READ, (call) => ok(requestedReviewersShape(call.world, call.pull().pull.requestedReviewers))),
  route(`POST ${ONE}/requested_reviewers`, WRITE, async (call) => {
    const issue = call.pull()
    await requestReviewers(call.world, call.repository, issue, call.body<{ reviewers?: string[] }>().reviewers ?? [], call.doer)
    return created(pullShape(call.world, call.repository, issue))
  }),
  route(`DELETE ${ONE}/requested_reviewers`, WRITE, async (call) => {
    const issue = call.pull()
    await unrequestReviewers(call.world, call.repository, issue, call.body<{ reviewers?: string[] }>().reviewers ?? [], call.doer)
    return ok(pullShape(call.world, call.repository, issue))
  }),

  route(`GET ${ONE}/reviews`, READ, (call) => {
    const issue = call.pull()
    return call.list(issue.pull.reviews, (review) => reviewShape(call.world, call.repository, issue, review))
  }),
  route(`POST ${ONE}/reviews`, WRITE, async (call) => {
    const issue = call.pull()
    const { event = 'COMMENT', ...rest } = call.body<NewReview>()
    const review = await submitReview(call.world, call.repository, issue, { event, ...rest }, call.doer)
    return ok(reviewShape(call.world, call.repository, issue, review))
  }),
  route(`GET ${ONE}/reviews/{review_id}`, READ, (call) => ok(reviewShape(call.world, call.repository, call.pull(), reviewOf(call)))),
  route(`GET ${ONE}/reviews/{review_id}/comments`, READ, (call) => {
    const issue = call.pull()
    const { id } = reviewOf(call)
    return call.list(
      issue.pull.reviewComments.filter(({ reviewId }) => reviewId === id),
      (comment) => reviewCommentShape(call.world, call.repository, issue, comment),
    )
  }),
  route(`PUT ${ONE}/reviews/{review_id}/dismissals`, WRITE, (call) => {
    const review = reviewOf(call)
    review.state = 'DISMISSED'
    announceReview(call.world, call.repository, call.pull(), review, 'dismissed', call.doer)
    return ok(reviewShape(call.world, call.repository, call.pull(), review))
  }),
  route(`GET ${ONE}/comments`, READ, (call) => {
    const issue = call.pull()
    return call.list(issue.pull.reviewComments, (comment) => reviewCommentShape(call.world, call.repository, issue, comment))
  }),
  route(`POST ${ONE}/comments`, WRITE, async (call) => {
    const issue = call.pull()
    const { in_reply_to, ...comment } = call.body<LineComment & { in_reply_to?: number }>()
    const made =
      in_reply_to === undefined
        ? await commentOnLine(call.world, call.repository, issue, comment, call.doer)
        : await replyInThread(call.world, call.repository, issue, threadOf(call, in_reply_to), comment.body, call.doer)
    return created(reviewCommentShape(call.world, call.repository, issue, made))
  }),
  route(`POST ${ONE}/comments/{comment_id}/replies`, WRITE, async (call) => {
    const issue = call.pull()
    const reply = await replyInThread(
      call.world,
      call.repository,
      issue,
      threadOf(call, call.number('comment_id')),
      call.body<{ body: string }>().body,
      call.doer,
    )
    return created(reviewCommentShape(call.world, call.repository, issue, reply))
  }),
]

async function full({ world, repository }: Call, issue: PullIssue) {
  return fullPullShape(world, repository, issue, await pullFacts(repository, issue))
}

async function diff(call: Call): Promise<Reply> {
  const { pull } = call.pull()
  const content = await call.repository.git.bytes('diff', '--no-ext-diff', '-M', `${pull.baseSha}...${pull.headSha}`)
  return { status: 200, raw: { type: 'application/vnd.github.diff; charset=utf-8', content } }
}

function listed({ repository, query }: Call): PullIssue[] {
  const state = query.get('state') ?? 'open'
  const [head, base] = [query.get('head'), query.get('base')]
  return [...repository.issues.values()]
    .filter(isPull)
    .filter((issue) => state === 'all' || issue.state === state)
    .filter(({ pull }) => head === null || `${repository.owner.login}:${pull.headBranch}` === head)
    .filter(({ pull }) => base === null || pull.baseBranch === base)
    .reverse()
}

function reviewOf(call: Call) {
  return found(call.pull().pull.reviews.find(({ id }) => id === call.number('review_id')))
}

function threadOf(call: Call, commentId: number) {
  return found(call.pull().pull.reviewComments.find(({ id }) => id === commentId))
}
