import { NO_COMMIT } from '../bare-repository.ts'
import type { CheckSuite, Repository } from '../records.ts'
import { checkSuiteShape } from '../shapes/check.ts'
import { simpleCommitShape } from '../shapes/commit.ts'
import { isPull, type PullIssue } from '../shapes/pull.ts'
import { htmlOf } from '../shapes/repository.ts'
import type { World } from '../world.ts'
import { type Doer, setIssueState, touch } from './issues.ts'
import { pullPayload } from './pull-payload.ts'

/** What follows when a ref moved, whoever moved it and by which road. `NO_COMMIT` stands for "there was none". */
export async function movedRef(world: World, repository: Repository, ref: string, before: string, after: string, doer: Doer): Promise<void> {
  if (before === after || !ref.startsWith('refs/heads/')) return
  const branch = ref.slice('refs/heads/'.length)
  repository.pushedAt = world.now()
  await announcePush(world, repository, ref, before, after, doer)
  for (const issue of [...repository.issues.values()].filter(isPull)) await followBranch(world, repository, issue, branch, before, after, doer)
  if (after !== NO_COMMIT) await requestSuites(world, repository, branch, before, after, doer)
}

async function followBranch(world: World, repository: Repository, issue: PullIssue, branch: string, before: string, after: string, doer: Doer): Promise<void> {
  const { pull } = issue
  if (issue.state !== 'open') return
  if (pull.baseBranch === branch && after !== NO_COMMIT) pull.baseSha = after
  if (pull.headBranch !== branch) return
  if (after === NO_COMMIT) return setIssueState(world, repository, issue, 'closed', doer)
  pull.headSha = after
  await repository.git.text('update-ref', `refs/pull/${issue.number}/head`, after)
  // What was pushed onto its base by another road is merged.
  if (await repository.git.isAncestor(after, pull.baseSha)) {
    pull.merge = { sha: after, by: doer.account, at: world.now() }
    return setIssueState(world, repository, issue, 'closed', doer)
  }
  touch(world, issue)
  const payload = { number: issue.number, before, after, ...(await pullPayload(world, repository, issue)) }
  world.announce({ event: 'pull_request', action: 'synchronize', sender: doer.account, repository, payload })
}

async function announcePush(world: World, repository: Repository, ref: string, before: string, after: string, doer: Doer): Promise<void> {
  const { git } = repository
  const created = before === NO_COMMIT
  const deleted = after === NO_COMMIT
  const range = deleted ? [] : created ? ['--max-count=20', after] : [`${before}..${after}`]
  const shas = deleted ? [] : (await git.text('rev-list', '--reverse', ...range)).split('\n').filter((sha) => sha !== '')
  const commits = await Promise.all(shas.map(async (sha) => pushedCommit(world, repository, sha)))
  const forced = !created && !deleted && !(await git.isAncestor(before, after))
  const { login: name } = doer.account
  const payload = {
    ref,
    before,
    after,
    base_ref: null,
    created,
    deleted,
    forced,
    compare: `${htmlOf(world, repository)}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits,
    head_commit: commits.at(-1) ?? null,
    pusher: { name, email: null },
    // A push tells its times in seconds, and the owner's name.
    repository: { created_at: seconds(repository.createdAt), pushed_at: seconds(repository.pushedAt), stargazers: 0, master_branch: repository.defaultBranch },
  }
  world.announce({ event: 'push', sender: doer.account, repository, payload })
}

function seconds(date: string): number {
  return Math.floor(Date.parse(date) / 1000)
}

async function pushedCommit(world: World, repository: Repository, sha: string) {
  const { tree_id, message, timestamp, author, committer } = simpleCommitShape(await repository.git.commit(sha))
  const paths = async (filter: string) => {
    const out = await repository.git.text('show', '--format=', '--name-only', '--no-renames', `--diff-filter=${filter}`, sha)
    return out.split('\n').filter((path) => path !== '')
  }
  const [added, removed, modified] = await Promise.all(['A', 'D', 'M'].map(paths))
  const url = `${htmlOf(world, repository)}/commit/${sha}`
  return { id: sha, tree_id, distinct: true, message, timestamp, url, author, committer, added, removed, modified }
}

/** Every app that may write checks gets a suite for each pushed commit. */
async function requestSuites(world: World, repository: Repository, branch: string, before: string, after: string, doer: Doer): Promise<void> {
  for (const installation of world.installationsOn(repository)) {
    if (installation.permissions.checks !== 'write') continue
    const known = repository.checkSuites.find(({ app, headSha }) => app === installation.app && headSha === after)
    if (known !== undefined) continue
    const now = world.now()
    const suite: CheckSuite = { id: world.nextId(), app: installation.app, headSha: after, headBranch: branch, before, createdAt: now, updatedAt: now }
    repository.checkSuites.push(suite)
    const payload = { check_suite: await checkSuiteShape(world, repository, suite) }
    world.announce({ event: 'check_suite', action: 'requested', sender: doer.account, repository, installation, payload })
  }
}
