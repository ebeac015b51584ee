import { type Access, actorOf, appOf, demand } from './access.ts'
import { NO_COMMIT } from './bare-repository.ts'
import { setDraft } from './deeds/pulls.ts'
import { movedRef } from './deeds/refs.ts'
import { Denial } from './denial.ts'
import type { Repository } from './records.ts'
import { assertMayWrite } from './routes/git-data.ts'
import type { Reply } from './routes/route.ts'
import { emailOf, WEB_FLOW } from './shapes/commit.ts'
import { isPull, type PullIssue } from './shapes/pull.ts'
import { htmlOf } from './shapes/repository.ts'
import { idOfNode, nodeId, type World } from './world.ts'

interface Question {
  readonly query: string
  readonly variables?: { readonly input?: Readonly<Record<string, unknown>> }
}

type Mutation = (world: World, access: Access, input: Readonly<Record<string, unknown>>) => Promise<unknown>

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  markPullRequestReadyForReview: (world, access, input) => changeDraft(world, access, input, false),
  convertPullRequestToDraft: (world, access, input) => changeDraft(world, access, input, true),
  createCommitOnBranch,
}

/** The few mutations that REST has no word for. Refusals are answered with 200 and `errors`, as GraphQL has it. */
export async function answerGraphql(world: World, access: Access, text: string): Promise<Reply> {
  const { query, variables } = JSON.parse(text) as Question
  const name = Object.keys(MUTATIONS).find((each) => new RegExp(`\\b${each}\\s*\\(`).test(query))
  const mutation = name === undefined ? undefined : MUTATIONS[name]
  if (name === undefined || mutation === undefined)
    return { status: 200, body: { errors: [{ message: `the double does not know the query ${query.slice(0, 200)}` }] } }
  try {
    return { status: 200, body: { data: { [name]: await mutation(world, access, variables?.input ?? {}) } } }
  } catch (error) {
    if (!(error instanceof Denial)) throw error
    const type = error.status === 404 ? 'NOT_FOUND' : error.status === 403 ? 'FORBIDDEN' : 'UNPROCESSABLE'
    return { status: 200, body: { data: { [name]: null }, errors: [{ type, path: [name], message: error.message }] } }
  }
}

async function changeDraft(world: World, access: Access, input: Readonly<Record<string, unknown>>, draft: boolean) {
  const { repository, issue } = pullOfNode(world, String(input.pullRequestId))
  demand(world, repository, access, 'pull_requests=write')
  await setDraft(world, repository, issue, draft, { account: actorOf(access), app: appOf(access) })
  const { id, draft: isDraft } = issue.pull
  return { clientMutationId: input.clientMutationId ?? null, pullRequest: { id: nodeId('PR', id), number: issue.number, isDraft, title: issue.title } }
}

function pullOfNode(world: World, node: string): { readonly repository: Repository; readonly issue: PullIssue } {
  const id = idOfNode('PR', node)
  for (const repository of world.repositories) {
    const issue = [...repository.issues.values()].filter(isPull).find(({ pull }) => pull.id === id)
    if (issue !== undefined) return { repository, issue }
  }
  throw new Denial(404, `Could not resolve to a node with the global id of '${node}'`)
}

interface CommitInput {
  readonly branch: { readonly repositoryNameWithOwner: string; readonly branchName: string }
  readonly message: { readonly headline: string; readonly body?: string }
  readonly expectedHeadOid: string
  readonly fileChanges?: {
    readonly additions?: readonly { readonly path: string; readonly contents: string }[]
    readonly deletions?: readonly { readonly path: string }[]
  }
}

/** A commit that GitHub signs, on a branch that is where the caller thinks it is. */
async function createCommitOnBranch(world: World, access: Access, input: Readonly<Record<string, unknown>>) {
  const { branch, message, expectedHeadOid, fileChanges } = input as unknown as CommitInput
  const [owner = '', name = ''] = branch.repositoryNameWithOwner.split('/')
  const repository = world.repositoryNamed(owner, name)
  if (repository === undefined) throw new Denial(404, `Could not resolve to a Repository with the name '${owner}/${name}'.`)
  demand(world, repository, access, 'contents=write')
  const { git } = repository
  const branchName = branch.branchName.replace(/^refs\/heads\//, '')
  const ref = `refs/heads/${branchName}`
  const before = await git.tip(branchName)
  if (before === undefined) throw new Denial(404, `Could not resolve to a Ref with the name '${ref}'`)
  if (before !== expectedHeadOid) throw new Denial(422, `Expected branch to point to "${expectedHeadOid}" but it did not. Pull and try again.`)
  const added = await Promise.all(
    (fileChanges?.additions ?? []).map(async ({ path, contents }) => ({ path, blob: await git.writeBlob(Buffer.from(contents, 'base64')) })),
  )
  const removed = (fileChanges?.deletions ?? []).map(({ path }) => ({ path, blob: null }))
  const doer = { account: actorOf(access), app: appOf(access) }
  const date = world.now()
  const author = { name: doer.account.login, email: emailOf(doer.account), date }
  const words = [message.headline, ...(message.body === undefined || message.body === '' ? [] : ['', message.body])].join('\n')
  const tree = await git.writeTree(before, [...added, ...removed])
  const sha = await git.writeCommit(tree, [before], words, author, { name: 'GitHub', email: WEB_FLOW, date })
  await assertMayWrite({ repository, access }, ref, before, sha)
  if (!(await git.moveRef(ref, sha, before))) throw new Denial(422, 'Reference cannot be updated')
  await movedRef(world, repository, ref, before ?? NO_COMMIT, sha, doer)
  return {
    clientMutationId: input.clientMutationId ?? null,
    commit: { oid: sha, url: `${htmlOf(world, repository)}/commit/${sha}` },
    ref: { name: branchName, target: { oid: sha } },
  }
}
