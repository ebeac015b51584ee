import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { ExampleShop } from './example-shop.ts'

test('deliveries are signed, told of what they are about, and only what was asked for', async () => {
  await using shop = await ExampleShop.open()
  const { github, repository, receiver, app, installation } = shop
  const deaf = github.addApp({ slug: 'deaf', events: [], webhook: { url: receiver.url, secret: 'another secret!' } })
  github.install(deaf, 'acme')
  const issue = await github.as('ann').opensIssue(repository, { title: 'x', labels: ['bug'] })
  await github.as('evil[bot]').labels(issue, 'fixpoint')
  await github.settled()
  expect(receiver.names().sort()).toEqual(
    ['installation.created', 'installation.created', 'issues.labeled', 'issues.labeled', 'issues.opened', 'push'].filter((name) => name !== 'push'),
  )
  const last = receiver.got.find(({ text }) => text.includes('evil[bot]'))
  expect(last?.headers['x-hub-signature-256']).toBe(
    `sha256=${createHmac('sha256', 'a webhook secret')
      .update(last?.text ?? '')
      .digest('hex')}`,
  )
  expect(last?.headers).toMatchObject({ 'x-github-event': 'issues', 'x-github-hook-installation-target-id': String(app.id) })
  expect(JSON.parse(last?.text ?? '')).toMatchObject({
    action: 'labeled',
    label: { name: 'fixpoint' },
    sender: { login: 'evil[bot]', type: 'Bot' },
    installation: { id: installation.id },
  })
})

test('what was missed stays on the list, newest first, and comes again when asked for', async () => {
  await using shop = await ExampleShop.open()
  const { github, repository, receiver } = shop
  await github.settled()
  receiver.status = 503
  const issue = await github.as('ann').opensIssue(repository, { title: 'x' })
  await github.settled()
  github.sendWebhooksOf(shop.app, { url: 'http://127.0.0.1:9/', secret: 'a webhook secret' })
  await github.as('ann').labels(issue, 'a', 'b', 'c')
  await github.settled()
  const { rest } = shop.asApp()
  const { data: page, headers } = await rest.apps.listWebhookDeliveries({ per_page: 2 })
  expect(page.map(({ action, status_code }) => [action, status_code])).toEqual([
    ['labeled', 502],
    ['labeled', 502],
  ])
  const cursor = /cursor=([^&>]+)/.exec(headers.link ?? '')?.[1] ?? ''
  const { data: rest2 } = await rest.apps.listWebhookDeliveries({ per_page: 2, cursor })
  expect(rest2.map(({ action, status_code }) => [action, status_code])).toEqual([
    ['labeled', 502],
    ['opened', 503],
  ])
  github.sendWebhooksOf(shop.app, { url: receiver.url, secret: 'a webhook secret' })
  receiver.status = 202
  const missed = rest2[1]
  await rest.apps.redeliverWebhookDelivery({ delivery_id: missed?.id ?? 0 })
  await github.settled()
  const again = receiver.got.at(-1)
  expect(again?.headers['x-github-delivery']).toBe(missed?.guid)
  const { data: newest } = await rest.apps.listWebhookDeliveries({ per_page: 1 })
  expect(newest).toMatchObject([{ redelivery: true, status: 'OK', guid: missed?.guid }])
  const { data: whole } = await rest.apps.getWebhookDelivery({ delivery_id: newest[0]?.id ?? 0 })
  expect(whole.request.payload).toMatchObject({ action: 'opened' })
})

test('every event that a person can cause fits GitHub’s schema', async () => {
  await using shop = await ExampleShop.open()
  const { github, repository, installation } = shop
  const ann = github.as('ann')
  const issue = await ann.opensIssue(repository, { title: 'x' })
  await ann.edits(issue, { title: 'y', body: 'z' })
  await ann.labels(issue, 'bug')
  await ann.unlabels(issue, 'bug')
  const comment = await ann.comments(issue, 'hello')
  ann.editsComment(issue, comment, 'hi')
  ann.deletesComment(issue, comment)
  await ann.locks(issue)
  await ann.closes(issue, 'not_planned')
  await ann.reopens(issue)
  await ann.pushes(repository, { branch: 'work', files: { 'a.txt': 'a\n', 'README.md': null } })
  const pull = await ann.opensPull(repository, { title: 'Work', head: 'work', base: 'main', draft: true, body: null })
  await ann.marksReady(pull)
  await ann.labels(pull, 'bug')
  await ann.unlabels(pull, 'bug')
  await ann.comments(pull, 'hello')
  await ann.edits(pull, { title: 'Works' })
  await github.as('tom').approves(pull)
  await ann.closes(pull)
  await ann.reopens(pull)
  const run = await github.ciRan(pull, { conclusion: 'success', jobs: [{ name: 'test', conclusion: 'success', log: '' }] })
  for (const { checkRun } of run.jobs) ann.rerequests(repository, checkRun)
  await ann.deletesBranch(repository, 'work')
  ann.suspends(installation)
  ann.unsuspends(installation)
  shop.app.permissions = { ...shop.app.permissions, workflows: 'write' }
  ann.acceptsPermissions(installation)
  const other = await github.addRepository({ owner: 'acme', name: 'other' })
  ann.adds(installation, other)
  ann.removes(installation, other)
  ann.uninstalls(installation)
  await github.settled()
  expect(github.violations).toEqual([])
  const told = [...new Set(shop.receiver.names())].sort()
  expect(told).toMatchInlineSnapshot(`
    [
      "check_run.completed",
      "check_run.created",
      "check_suite.completed",
      "check_suite.requested",
      "installation.created",
      "installation.deleted",
      "installation.new_permissions_accepted",
      "installation.suspend",
      "installation.unsuspend",
      "installation_repositories.added",
      "installation_repositories.removed",
      "issue_comment.created",
      "issue_comment.deleted",
      "issue_comment.edited",
      "issues.closed",
      "issues.edited",
      "issues.labeled",
      "issues.locked",
      "issues.opened",
      "issues.reopened",
      "issues.unlabeled",
      "pull_request.closed",
      "pull_request.edited",
      "pull_request.labeled",
      "pull_request.opened",
      "pull_request.ready_for_review",
      "pull_request.reopened",
      "pull_request.unlabeled",
      "pull_request_review.submitted",
      "push",
      "workflow_run.completed",
    ]
  `)
})
