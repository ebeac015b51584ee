import { NO_COMMIT } from '../bare-repository.ts'
import { compare, mergedTree } from '../comparison.ts'
import { Denial, invalid } from '../denial.ts'
import type { Account, Repository } from '../records.ts'
import { userShape } from '../shapes/account.ts'
import { emailOf } from '../shapes/commit.ts'
import { isPull, type PullIssue } from '../shapes/pull.ts'
import type { World } from '../world.ts'
import { type Doer, newIssue, setIssueState, touch } from './issues.ts'
import { pullPayload } from './pull-payload.ts'
import { movedRef } from './refs.ts'

export interface NewPull {
  readonly title: string
  readonly body?: string | null
  /** `branch` or `owner:branch`. */
  readonly head: string
  readonly base: string
  readonly draft?: boolean
  readonly maintainerCanModify?: boolean
}

export async function openPull(world: World, repository: Repository, wanted: NewPull, doer: Doer): Promise<PullIssue> {
  const headBranch = wanted.head.includes(':') ? wanted.head.slice(wanted.head.indexOf(':') + 1) : wanted.head
  const headSha = await repository.git.tip(headBranch)
  const baseSha = await repository.git.tip(wanted.base)
  if (headSha === undefined) throw invalid('PullRequest', { field: 'head', code: 'invalid' })
  if (baseSha === undefined) throw invalid('PullRequest', { field: 'base', code: 'invalid' })
  const same = openPulls(repository).find(({ pull }) => pull.headBranch === headBranch && pull.baseBranch === wanted.base)
  const label = `${repository.owner.login}:${headBranch}`
  if (same !== undefined) throw invalid('PullRequest', { code: 'custom', message: `A pull request already exists for ${label}.` })
  const { ahead } = await compare(repository.git, baseSha, headSha)
  if (ahead.length === 0) throw invalid('PullRequest', { code: 'custom', message: `No commits between ${wanted.base} and ${headBranch}` })
  const issue: PullIssue = {
    ...newIssue(world, repository, wanted.title, wanted.body ?? null, doer),
    pull: {
      id: world.nextId(),
      draft: wanted.draft ?? false,
      headBranch,
      headSha,
      baseBranch: wanted.base,
      baseSha,
      merge: null,
      requestedReviewers: [],
      reviews: [],
      reviewComments: [],
      maintainerCanModify: wanted.maintainerCanModify ?? false,
      mergeableAskedFor: null,
    },
  }
  repository.issues.set(issue.number, issue)
  await keepPullRef(repository, issue)
  await announcePull(world, repository, issue, 'opened', doer)
  return issue
}

export function openPulls(repository: Repository): PullIssue[] {
  return [...repository.issues.values()].filter(isPull).filter(({ state }) => state === 'open')
}

/** `refs/pull/N/head` keeps the commits when the branch goes. */
export async function keepPullRef(repository: Repository, { number, pull }: PullIssue): Promise<void> {
  await repository.git.text('update-ref', `refs/pull/${number}/head`, pull.headSha)
}

export async function announcePull(world: World, repository: Repository, issue: PullIssue, action: string, doer: Doer, more: object = {}): Promise<void> {
  const payload = { number: issue.number, ...(await pullPayload(world, repository, issue)), ...more }
  world.announce({ event: 'pull_request', action, sender: doer.account, repository, payload })
}

export async function setDraft(world: World, repository: Repository, issue: PullIssue, draft: boolean, doer: Doer): Promise<void> {
  if (issue.pull.draft === draft) return
  issue.pull.draft = draft
  touch(world, issue)
  await announcePull(world, repository, issue, draft ? 'converted_to_draft' : 'ready_for_review', doer)
}

export async function changeBase(world: World, repository: Repository, issue: PullIssue, branch: string, doer: Doer): Promise<void> {
  const { pull } = issue
  const tip = await repository.git.tip(branch)
  if (tip === undefined) throw invalid('PullRequest', { field: 'base', code: 'invalid' })
  if (pull.baseBranch === branch) return
  const changes = { base: { ref: { from: pull.baseBranch }, sha: { from: pull.baseSha } } }
  pull.baseBranch = branch
  pull.baseSha = tip
  touch(world, issue)
  await announcePull(world, repository, issue, 'edited', doer, { changes })
}

/** Who has no access is left out in silence, as is its author: the answer does not prove that anybody was asked. */
export async function requestReviewers(world: World, repository: Repository, issue: PullIssue, logins: readonly string[], doer: Doer): Promise<void> {
  for (const login of logins) {
    const account = world.accounts.get(login.toLowerCase())
    if (account === undefined || !repository.collaborators.has(login.toLowerCase())) {
      if (account?.id === repository.owner.id) await request(world, repository, issue, account, doer)
      else
        throw new Denial(
          422,
          'Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the repository.',
        )
    } else if (account.id === issue.author.id) throw new Denial(422, 'Review cannot be requested from pull request author.')
    else await request(world, repository, issue, account, doer)
  }
}

async function request(world: World, repository: Repository, issue: PullIssue, account: Account, doer: Doer): Promise<void> {
  if (issue.pull.requestedReviewers.includes(account)) return
  issue.pull.requestedReviewers = [...issue.pull.requestedReviewers, account]
  await announcePull(world, repository, issue, 'review_requested', doer, { requested_reviewer: userShape(world, account) })
}

export async function unrequestReviewers(world: World, repository: Repository, issue: PullIssue, logins: readonly string[], doer: Doer): Promise<void> {
  const gone = issue.pull.requestedReviewers.filter(({ login }) => logins.includes(login))
  issue.pull.requestedReviewers = issue.pull.requestedReviewers.filter((account) => !gone.includes(account))
  for (const account of gone) await announcePull(world, repository, issue, 'review_request_removed', doer, { requested_reviewer: userShape(world, account) })
}

export type MergeMethod = 'merge' | 'squash' | 'rebase'

export async function mergePull(world: World, repository: Repository, issue: PullIssue, method: MergeMethod, doer: Doer, message?: string): Promise<string> {
  const { pull } = issue
  if (issue.state === 'closed') throw new Denial(405, 'Pull Request is not mergeable')
  if (pull.draft) throw new Denial(405, 'Pull Request is still a draft')
  const tree = await mergedTree(repository.git, pull.baseSha, pull.headSha)
  if (tree === undefined) throw new Denial(405, 'Pull Request is not mergeable')
  const author = { name: doer.account.login, email: emailOf(doer.account), date: world.now() }
  const parents = method === 'merge' ? [pull.baseSha, pull.headSha] : [pull.baseSha]
  const title =
    method === 'merge' ? `Merge pull request #${issue.number} from ${repository.owner.login}/${pull.headBranch}` : `${issue.title} (#${issue.number})`
  const sha = await repository.git.writeCommit(tree, parents, message ?? title, author)
  const before = pull.baseSha
  if (!(await repository.git.moveRef(`refs/heads/${pull.baseBranch}`, sha, before)))
    throw new Denial(409, 'Base branch was modified. Review and try the merge again.')
  pull.merge = { sha, by: doer.account, at: world.now() }
  await setIssueState(world, repository, issue, 'closed', doer)
  await closeNamedIssues(world, repository, issue, doer)
  await movedRef(world, repository, `refs/heads/${pull.baseBranch}`, before ?? NO_COMMIT, sha, doer)
  return sha
}

/** `Fixes #12` in the body of what went into the default branch. */
async function closeNamedIssues(world: World, repository: Repository, issue: PullIssue, doer: Doer): Promise<void> {
  if (issue.pull.baseBranch !== repository.defaultBranch) return
  for (const [, number] of (issue.body ?? '').matchAll(/\b(?:fix(?:e[sd])?|close[sd]?|resolve[sd]?):?\s+#(\d+)/gi)) {
    const named = repository.issues.get(Number(number))
    if (named !== undefined && named.pull === null) await setIssueState(world, repository, named, 'closed', doer)
  }
}
