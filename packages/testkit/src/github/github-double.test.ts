import { expect, test } from 'vitest'
import { ExampleShop } from './example-shop.ts'
import { pullAt } from './person.ts'

/** The whole road of a fix, as an app goes it. */
async function proposedFix(shop: ExampleShop) {
  const { github, repository, at } = shop
  const issue = await github.as('ann').opensIssue(repository, { title: 'total is wrong', body: 'it throws' })
  await github.as('ann').labels(issue, 'fixpoint')
  const { rest } = shop.asInstallation()
  const { data: base } = await rest.git.getRef({ ...at, ref: 'heads/main' })
  const change = { path: 'src/cart.js', mode: '100644', type: 'blob', content: 'export const total = 2\n' } as const
  const { data: tree } = await rest.git.createTree({ ...at, base_tree: base.object.sha, tree: [change] })
  const { data: commit } = await rest.git.createCommit({ ...at, message: 'Fix total', tree: tree.sha, parents: [base.object.sha] })
  await rest.git.createRef({ ...at, ref: 'refs/heads/fixpoint/issue-1', sha: commit.sha })
  const { data: pull } = await rest.pulls.create({ ...at, title: 'Fix total', head: 'fixpoint/issue-1', base: 'main', body: 'Fixes #1', draft: true })
  return { issue, rest, base: base.object.sha, commit, pull, pullRef: { repository, number: pull.number } }
}

test('a labelled issue becomes a draft pull request with a check, is reviewed and merged', async () => {
  await using shop = await ExampleShop.open()
  const { github, at, repository, receiver } = shop
  const { issue, rest, commit, pull, pullRef } = await proposedFix(shop)
  const target = { ...at, issue_number: issue.number }
  await rest.reactions.createForIssue({ ...target, content: 'eyes' })
  const { data: comment } = await rest.issues.createComment({ ...target, body: 'On it.' })
  await rest.issues.updateComment({ ...at, comment_id: comment.id, body: 'Still on it.' })
  expect(commit.verification.verified).toBe(true)
  expect(pull).toMatchObject({ number: 2, draft: true, changed_files: 1, additions: 1, deletions: 1, user: { login: 'fixpoint[bot]' }, mergeable: null })
  const { data: later } = await rest.pulls.get({ ...at, pull_number: 2 })
  const { data: last } = await rest.pulls.get({ ...at, pull_number: 2 })
  expect([later.mergeable, last.mergeable]).toContain(true)
  const { data: files } = await rest.pulls.listFiles({ ...at, pull_number: 2 })
  expect(files).toMatchObject([{ filename: 'src/cart.js', status: 'modified', patch: '@@ -1 +1 @@\n-export const total = 1\n+export const total = 2' }])
  const actions = [{ label: 'Retry', description: 'Once more', identifier: 'retry' }]
  const { data: run } = await rest.checks.create({ ...at, name: 'fixpoint', head_sha: commit.sha, status: 'in_progress', actions })
  await rest.checks.update({ ...at, check_run_id: run.id, conclusion: 'success', output: { title: 'Done', summary: 'All well' } })
  for (const each of github.checkRuns(repository, 'fixpoint')) github.as('ann').presses(repository, each, 'retry')
  await github.as('ann').requestsChanges(pullRef, 'Handle zero', [{ path: 'src/cart.js', line: 1, body: 'zero?' }])
  await github.as('tom').merges(pullRef)
  await github.settled()
  expect(github.issue(issue)).toMatchObject({ state: 'closed', closedBy: { login: 'tom' } })
  expect(await repository.git.text('show', 'main:src/cart.js')).toBe('export const total = 2')
  expect(receiver.names().sort()).toMatchInlineSnapshot(`
    [
      "check_run.completed",
      "check_run.created",
      "check_run.requested_action",
      "check_suite.completed",
      "check_suite.requested",
      "check_suite.requested",
      "installation.created",
      "issue_comment.created",
      "issue_comment.edited",
      "issues.closed",
      "issues.labeled",
      "issues.opened",
      "pull_request.closed",
      "pull_request.opened",
      "pull_request.ready_for_review",
      "pull_request_review.submitted",
      "pull_request_review_comment.created",
      "push",
      "push",
    ]
  `)
})

test('the same pull request twice, and one without commits, are refused in GitHub’s words', async () => {
  await using shop = await ExampleShop.open()
  const { rest, commit, pullRef } = await proposedFix(shop)
  const wanted = { ...shop.at, title: 'Again', head: 'fixpoint/issue-1', base: 'main' }
  await expect(rest.pulls.create(wanted)).rejects.toThrow('A pull request already exists for acme:fixpoint/issue-1.')
  await rest.git.createRef({ ...shop.at, ref: 'refs/heads/empty', sha: pullAt(pullRef).pull.baseSha })
  await expect(rest.pulls.create({ ...wanted, head: 'empty' })).rejects.toThrow('No commits between main and empty')
  await expect(rest.git.createRef({ ...shop.at, ref: 'refs/heads/empty', sha: commit.sha })).rejects.toMatchObject({ status: 422 })
  const { data: found } = await rest.pulls.list({ ...shop.at, head: 'acme:fixpoint/issue-1', state: 'all' })
  expect(found.map(({ number }) => number)).toEqual([pullRef.number])
})

test('a moved base makes a conflict, a push moves the head, a deleted branch closes', async () => {
  await using shop = await ExampleShop.open()
  const { github, repository, at } = shop
  const { rest, pullRef, commit } = await proposedFix(shop)
  await github.as('tom').pushes(repository, { files: { 'src/cart.js': 'export const total = 3\n' } })
  await rest.pulls.get({ ...at, pull_number: 2 })
  const { data: conflicted } = await rest.pulls.get({ ...at, pull_number: 2 })
  expect(conflicted).toMatchObject({ mergeable: false, mergeable_state: 'dirty' })
  await expect(github.as('tom').merges(pullRef)).rejects.toThrow('Pull Request is not mergeable')
  const { data: comparison } = await rest.repos.compareCommitsWithBasehead({ ...at, basehead: 'main...fixpoint/issue-1' })
  expect(comparison).toMatchObject({ status: 'diverged', ahead_by: 1, behind_by: 1 })
  await expect(rest.git.updateRef({ ...at, ref: 'heads/fixpoint/issue-1', sha: pullAt(pullRef).pull.baseSha })).rejects.toThrow('Update is not a fast forward')
  const pushed = await github.as('tom').pushes(repository, { branch: 'fixpoint/issue-1', files: { 'src/cart.js': 'export const total = 3 + 0\n' } })
  expect(pullAt(pullRef).pull.headSha).toBe(pushed)
  expect(pushed).not.toBe(commit.sha)
  await rest.git.deleteRef({ ...at, ref: 'heads/fixpoint/issue-1' })
  expect(pullAt(pullRef).state).toBe('closed')
})

test('GraphQL marks a draft ready, and commits on a branch that is where it is thought to be', async () => {
  await using shop = await ExampleShop.open()
  const { github, at } = shop
  const { pull, pullRef, commit } = await proposedFix(shop)
  const octokit = shop.asInstallation()
  const ready = 'mutation ($input: MarkPullRequestReadyForReviewInput!) { markPullRequestReadyForReview(input: $input) { pullRequest { isDraft } } }'
  expect(await octokit.graphql(ready, { input: { pullRequestId: pull.node_id } })).toMatchObject({
    markPullRequestReadyForReview: { pullRequest: { isDraft: false } },
  })
  expect(pullAt(pullRef).pull.draft).toBe(false)
  const write = 'mutation ($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }'
  const input = {
    branch: { repositoryNameWithOwner: 'acme/shop', branchName: 'fixpoint/issue-1' },
    message: { headline: 'More', body: 'Words' },
    expectedHeadOid: commit.sha,
    fileChanges: { additions: [{ path: 'src/new.js', contents: Buffer.from('1\n').toString('base64') }], deletions: [{ path: 'README.md' }] },
  }
  const { createCommitOnBranch } = await octokit.graphql<{ createCommitOnBranch: { commit: { oid: string } } }>(write, { input })
  expect(pullAt(pullRef).pull.headSha).toBe(createCommitOnBranch.commit.oid)
  const { data } = await octokit.rest.git.getCommit({ ...at, commit_sha: createCommitOnBranch.commit.oid })
  expect(data).toMatchObject({ verification: { verified: true }, message: 'More\n\nWords', author: { name: 'fixpoint[bot]' } })
  await expect(octokit.graphql(write, { input })).rejects.toThrow('Expected branch to point to')
  await github.settled()
})

test('red CI of a pull request has jobs and logs, and the app hears of it', async () => {
  await using shop = await ExampleShop.open()
  const { github, at, receiver } = shop
  const { rest, pullRef } = await proposedFix(shop)
  await github.ciRan(pullRef, { conclusion: 'failure', jobs: [{ name: 'test', conclusion: 'failure', log: '1 failed\n' }] })
  await github.settled()
  expect(receiver.names()).toContain('workflow_run.completed')
  const { data: runs } = await rest.actions.listWorkflowRunsForRepo({ ...at, head_sha: pullAt(pullRef).pull.headSha })
  const [run] = runs.workflow_runs
  const { data: jobs } = await rest.actions.listJobsForWorkflowRun({ ...at, run_id: run?.id ?? 0 })
  expect(jobs.jobs).toMatchObject([{ name: 'test', conclusion: 'failure', steps: [{ name: 'Run tests', conclusion: 'failure' }] }])
  const { data: log } = await rest.actions.downloadJobLogsForWorkflowRun({ ...at, job_id: jobs.jobs[0]?.id ?? 0 })
  expect(log).toBe('1 failed\n')
  const { data: checks } = await rest.checks.listForRef({ ...at, ref: 'fixpoint/issue-1' })
  expect(checks.check_runs).toMatchObject([{ name: 'test', conclusion: 'failure', app: { slug: 'github-actions' } }])
})

test('reviewers are asked and read back, and threads answered', async () => {
  await using shop = await ExampleShop.open()
  const { github, at, repository } = shop
  const { rest, pullRef } = await proposedFix(shop)
  const target = { ...at, pull_number: pullRef.number }
  await rest.pulls.requestReviewers({ ...target, reviewers: ['tom'] })
  const { data: asked } = await rest.pulls.listRequestedReviewers(target)
  expect(asked.users.map(({ login }) => login)).toEqual(['tom'])
  await expect(rest.pulls.requestReviewers({ ...target, reviewers: ['stranger'] })).rejects.toMatchObject({ status: 422 })
  await github.as('tom').requestsChanges(pullRef, 'Not yet', [{ path: 'src/cart.js', line: 1, body: 'why?' }])
  const { data: comments } = await rest.pulls.listReviewComments(target)
  await rest.pulls.createReplyForReviewComment({ ...target, comment_id: comments[0]?.id ?? 0, body: 'because' })
  await rest.reactions.createForPullRequestReviewComment({ ...at, comment_id: comments[0]?.id ?? 0, content: 'rocket' })
  const { data: reviews } = await rest.pulls.listReviews(target)
  expect(reviews.map(({ state, user }) => [state, user?.login])).toEqual([
    ['CHANGES_REQUESTED', 'tom'],
    ['COMMENTED', 'fixpoint[bot]'],
  ])
  await expect(rest.pulls.createReview({ ...target, event: 'APPROVE' })).rejects.toThrow('Can not approve your own pull request')
  expect(pullAt(pullRef).pull.reviewComments.map(({ inReplyTo }) => inReplyTo)).toEqual([null, comments[0]?.id])
  expect(repository.issues.size).toBe(2)
})
