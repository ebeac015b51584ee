import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAppAuth } from '@octokit/auth-app'
import { Octokit } from '@octokit/rest'
import { expect, test } from 'vitest'
import { GitHubDouble } from './github-double.ts'
import type { App, Installation, Repository } from './records.ts'

const PERMISSIONS = { contents: 'write', pull_requests: 'write', issues: 'write', checks: 'write', actions: 'read', statuses: 'write' } as const
const EVENTS = [
  'issues',
  'issue_comment',
  'label',
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'check_run',
  'check_suite',
  'push',
  'workflow_run',
  'repository',
  'status',
]
const QUIET = { debug() {}, info() {}, warn() {}, error() {} }

class Receiver {
  readonly got: { readonly event: string; readonly body: { readonly action?: string } }[] = []
  status = 202
  readonly #server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part) => parts.push(part))
    request.on('end', () => {
      this.got.push({ event: String(request.headers['x-github-event']), body: JSON.parse(Buffer.concat(parts).toString()) })
      response.writeHead(this.status).end()
    })
  })
  async start() {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return this
  }
  get url() {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`
  }
  names() {
    return this.got.map(({ event, body }) => (body.action === undefined ? event : `${event}.${body.action}`))
  }
  async [Symbol.asyncDispose]() {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

async function aShop() {
  const receiver = await new Receiver().start()
  const github = await GitHubDouble.start()
  const shop = await github.addRepository({
    owner: 'acme',
    name: 'shop',
    private: true,
    files: { 'README.md': '# Shop\n', 'src/cart.js': 'export const total = 1\n' },
    collaborators: { ann: 'admin', tom: 'write' },
  })
  const app = github.addApp({ slug: 'fixpoint', permissions: PERMISSIONS, events: EVENTS, webhook: { url: receiver.url, secret: 'a webhook secret' } })
  const installation = github.install(app, 'acme', [shop])
  return { github, shop, app, installation, receiver }
}

function asApp(github: GitHubDouble, app: App, installation: Installation, more: object = {}) {
  const auth = { appId: app.id, privateKey: app.pem, installationId: installation.id, ...more }
  return new Octokit({ baseUrl: github.apiUrl, authStrategy: createAppAuth, auth, log: QUIET })
}

const at = (shop: Repository) => ({ owner: shop.owner.login, repo: shop.name })

test('a labelled issue reaches the app, and the app answers with a branch, a draft pull request and a check', async () => {
  const { github, shop, app, installation, receiver } = await aShop()
  await using _ = github
  await using __ = receiver
  const ann = github.as('ann')
  const issue = await ann.opensIssue(shop, { title: 'total is wrong', body: 'it throws' })
  await ann.labels(issue, 'fixpoint')
  const octokit = asApp(github, app, installation)
  const target = { ...at(shop), issue_number: issue.number }
  await octokit.rest.reactions.createForIssue({ ...target, content: 'eyes' })
  const { data: comment } = await octokit.rest.issues.createComment({ ...target, body: 'On it.' })
  await octokit.rest.issues.updateComment({ ...at(shop), comment_id: comment.id, body: 'Still on it.' })
  const { data: base } = await octokit.rest.git.getRef({ ...at(shop), ref: 'heads/main' })
  const { data: tree } = await octokit.rest.git.createTree({
    ...at(shop),
    base_tree: base.object.sha,
    tree: [{ path: 'src/cart.js', mode: '100644', type: 'blob', content: 'export const total = 2\n' }],
  })
  const { data: commit } = await octokit.rest.git.createCommit({ ...at(shop), message: 'Fix total', tree: tree.sha, parents: [base.object.sha] })
  expect(commit.verification.verified).toBe(true)
  await octokit.rest.git.createRef({ ...at(shop), ref: 'refs/heads/fixpoint/issue-1', sha: commit.sha })
  const { data: pull } = await octokit.rest.pulls.create({
    ...at(shop),
    title: 'Fix total',
    head: 'fixpoint/issue-1',
    base: 'main',
    body: 'Fixes #1',
    draft: true,
  })
  expect(pull).toMatchObject({ number: 2, draft: true, changed_files: 1, additions: 1, deletions: 1, user: { login: 'fixpoint[bot]' }, mergeable: null })
  const again = octokit.rest.pulls.create({ ...at(shop), title: 'Fix total', head: 'fixpoint/issue-1', base: 'main' })
  await expect(again).rejects.toThrow('A pull request already exists for acme:fixpoint/issue-1.')
  const { data: files } = await octokit.rest.pulls.listFiles({ ...at(shop), pull_number: 2 })
  expect(files).toMatchObject([{ filename: 'src/cart.js', status: 'modified', patch: '@@ -1 +1 @@\n-export const total = 1\n+export const total = 2' }])
  const { data: run } = await octokit.rest.checks.create({
    ...at(shop),
    name: 'fixpoint',
    head_sha: commit.sha,
    status: 'in_progress',
    actions: [{ label: 'Retry', description: 'Once more', identifier: 'retry' }],
  })
  await octokit.rest.checks.update({ ...at(shop), check_run_id: run.id, conclusion: 'success', output: { title: 'Done', summary: 'All well' } })
  ann.presses(shop, github.checkRuns(shop, 'fixpoint')[0]!, 'retry')
  await ann.requestsChanges({ repository: shop, number: 2 }, 'Handle zero', [{ path: 'src/cart.js', line: 1, body: 'zero?' }])
  await ann.merges({ repository: shop, number: 2 })
  await github.settled()
  expect(github.issue(issue)).toMatchObject({ state: 'closed', closedBy: { login: 'ann' } })
  expect(github.violations).toEqual([])
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
