import { RunId } from '@fixpoint/core'
import { type HostedShop, hostedRepositoryContract, hostedShop } from '@fixpoint/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GitHubApp, GitHubRepositories, type GitHubRepository } from '../index.ts'

/** Seconds of the host are milliseconds here, and nobody waits between writes. */
const pace = { second: 1, betweenWrites: 0, betweenNotifications: 0, timeout: 60_000 }
const RUN = RunId.parse(`run_${'0'.repeat(25)}1`)

let there: HostedShop
let app: GitHubApp
let repositories: GitHubRepositories
let repository: GitHubRepository
beforeAll(async () => {
  there = await hostedShop()
  const { clientId, pem } = there.fixpoint
  app = new GitHubApp({ credentials: { kind: 'app', id: clientId, privateKey: pem, webhookSecret: 'its-webhook-secret' }, baseUrl: there.github.apiUrl, pace })
  repositories = await GitHubRepositories.connect(app)
  repository = await repositories.open('acme/shop')
})
afterAll(() => there.github[Symbol.asyncDispose]())

const anIssue = () => there.github.as('ann').opensIssue(there.shop, { title: 'It breaks', body: 'Somewhere' })

hostedRepositoryContract(async () => {
  const issue = (number: number) => there.github.issue({ repository: there.shop, number })
  return {
    ...{ hosts: repositories, name: 'acme/shop', opensIssue: async () => (await anIssue()).number },
    reactions: (number) => issue(number).reactions.map(({ content }) => content),
    comments: (number) =>
      issue(number)
        .comments.filter(({ author }) => author.login === 'fixpoint[bot]')
        .map(({ body }) => body),
    labels: (number) => issue(number).labels.map(({ name }) => name),
  }
})

describe('GitHubRepository', () => {
  it('knows itself, its place, and who may what', async () => {
    expect(repositories.self).toMatchObject({ login: 'fixpoint[bot]', slug: 'fixpoint', id: there.fixpoint.bot.id })
    expect(await repository.about()).toMatchObject({ name: 'acme/shop', defaultBranch: 'main', archived: false, isPrivate: true })
    const permissions = await Promise.all(['ann', 'tom', 'tri', 'stranger'].map((login) => repository.permissionOf(login)))
    expect(permissions).toEqual(['admin', 'write', 'triage', 'none'])
    const issue = await anIssue()
    expect(await repository.issue(issue.number)).toMatchObject({ title: 'It breaks', body: 'Somewhere', open: true, author: { login: 'ann', bot: false } })
    expect(await repository.issue(9999)).toBeUndefined()
    expect(await repository.text('docs/a b.md')).toBe('a\n')
    expect(await repository.text('docs/none.md')).toBeUndefined()
    await expect(repositories.open('acme/other')).rejects.toMatchObject({ code: 'host-gone' })
  })

  it('gives a sign before whatever else waits to be written', async () => {
    const slow = new GitHubApp({ credentials: app.credentials, baseUrl: there.github.apiUrl, pace: { betweenWrites: 2000, betweenNotifications: 2000 } })
    const hosted = await (await GitHubRepositories.connect(slow)).open('acme/shop')
    const issue = await anIssue()
    const written: string[] = []
    const comments = ['one', 'two', 'three'].map((key) => hosted.ensureComment(issue.number, key, key).then(() => written.push(key)))
    for (const sign of ['eyes', 'rocket'] as const) await hosted.react({ issue: issue.number }, sign).then(() => written.push(sign))
    expect(written.length, 'a comment still waits').toBeLessThan(5)
    await Promise.all(comments)
  })

  it('asks for tokens of one repository and no more than it needs', async () => {
    const asked = there.github.requests.filter(({ path }) => path.endsWith('/access_tokens')).map(({ body }) => JSON.parse(String(body)))
    expect(asked[0]).toEqual({
      repositories: ['shop'],
      permissions: { contents: 'read', pull_requests: 'read', issues: 'read', checks: 'read', actions: 'read', metadata: 'read' },
    })
  })

  it('keeps one comment per key, among strangers who know its marker and pages of others', async () => {
    const issue = await anIssue()
    const ann = there.github.as('ann')
    await ann.comments(issue, '<!-- fixpoint:status -->\nnot yours')
    for (let n = 0; n < 120; n += 1) await ann.comments(issue, `comment ${n}`)
    const { url } = await repository.ensureComment(issue.number, 'status', 'Seen')
    const afterARestart = await repositories.open('acme/shop')
    expect(await afterARestart.ensureComment(issue.number, 'status', 'Done')).toEqual({ url })
    await repository.ensureComment(issue.number, 'question', 'Which?')
    const ours = there.github.issue(issue).comments.filter(({ author }) => author.login === 'fixpoint[bot]')
    expect(ours.map(({ body }) => body)).toEqual(['<!-- fixpoint:status -->\nDone', '<!-- fixpoint:question -->\nWhich?'])
  })

  it.each(['reset', '502', 'truncated'] as const)('finds its comment and its check again when the reply is lost: %s', async (kind) => {
    const issue = await anIssue()
    const commit = await there.shop.git.text('rev-parse', 'refs/heads/main')
    const run = RunId.parse(`run_${kind.padStart(26, '0').replace(/[ilou]/g, 'x')}`)
    const check = { run, commit, state: 'queued', title: 'Waiting', text: 'Soon', buttons: [] } as const
    there.github.fail({ method: 'POST', path: /\/comments$/, kind, after: true })
    await expect(repository.ensureComment(issue.number, 'status', 'Seen')).rejects.toMatchObject({ code: 'host-unreachable' })
    await repository.ensureComment(issue.number, 'status', 'Seen')
    expect(there.github.issue(issue).comments).toHaveLength(1)
    there.github.fail({ method: 'POST', path: /\/check-runs$/, kind, after: true })
    await expect(repository.ensureCheck(check)).rejects.toMatchObject({ code: 'host-unreachable' })
    await repository.ensureCheck({ ...check, state: 'success', title: 'Done' })
    expect(there.github.checkRuns(there.shop, 'fixpoint').filter(({ externalId }) => externalId === run)).toMatchObject([{ conclusion: 'success' }])
  })

  it('says anew what another worker has overwritten, and what a person has deleted', async () => {
    const issue = await anIssue()
    const { number } = issue
    const [here, elsewhere] = [repositories.at('acme/shop'), repositories.at('acme/shop')]
    const said = () => there.github.issue(issue).comments.map(({ body }) => body.split('\n')[1])
    await here.ensureComment(number, 'status', 'works')
    await elsewhere.ensureComment(number, 'status', 'waits')
    await here.ensureComment(number, 'status', 'works')
    expect(said()).toEqual(['works'])
    for (const comment of [...there.github.issue(issue).comments]) there.github.as('ann').deletesComment(issue, comment)
    await here.ensureComment(number, 'status', 'works')
    expect(said()).toEqual(['works'])
  })

  it('is asked once whether it is there by all who open it at about the same time, and again once it was not', async () => {
    const asks = () => there.github.requests.filter(({ method, path }) => method === 'GET' && path === '/repos/acme/shop').length
    const fresh = await GitHubRepositories.connect(app)
    const before = asks()
    const all = await Promise.all(Array.from({ length: 20 }, () => fresh.open('acme/shop')))
    expect([new Set(all).size, asks() - before]).toEqual([1, 1])
    await expect(fresh.open('acme/other')).rejects.toMatchObject({ code: 'host-gone' })
    await expect(fresh.open('acme/other')).rejects.toMatchObject({ code: 'host-gone' })
  })

  it('says what GitHub has room for, and that the rest is left out', async () => {
    const issue = await anIssue()
    await repository.ensureComment(issue.number, 'long', `\`\`\`\n${'ü'.repeat(40_000)}`)
    const body = there.github.issue(issue).comments[0]?.body ?? ''
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(65_535)
    expect(body).toMatch(/ü\n```\n\n\*… the rest is left out/)
    const commit = await there.shop.git.text('rev-parse', 'refs/heads/main')
    const button = { action: 'retry', label: 'Try once more, please', description: 'It begins again, from where the issue is now, with another attempt' }
    await repository.ensureCheck({ run: RUN, commit, state: 'action-required', title: 'x'.repeat(300), text: 'y', buttons: [button] })
    const run = there.github.checkRuns(there.shop, 'fixpoint').find(({ externalId }) => externalId === RUN)
    expect(run?.actions).toMatchObject([{ identifier: 'retry', label: 'Try once more, plea…', description: 'It begins again, from where the issue i…' }])
  })

  it('reacts once, and has one state label or none', async () => {
    const issue = await anIssue()
    await repository.react({ issue: issue.number }, 'eyes')
    await repository.react({ issue: issue.number }, 'eyes')
    expect(there.github.issue(issue).reactions).toHaveLength(1)
    await there.github.as('ann').labels(issue, 'bug')
    for (const state of ['fixpoint:needs-info', 'fixpoint:needs-info', undefined]) await repository.setState(issue.number, state)
    expect(there.github.issue(issue).labels.map(({ name }) => name)).toEqual(['bug'])
    expect(there.shop.labels.find(({ name }) => name === 'fixpoint:needs-info')).toMatchObject({ color: 'd4a72c' })
  })

  it('reads a review and red checks, answers a point once, and marks a pull request ready', async () => {
    const ann = there.github.as('ann')
    await there.github.as('tom').pushes(there.shop, { branch: 'fixpoint/x', files: { 'src/cart.js': 'export const total = 2\n' } })
    const pull = await there.github.as('tom').opensPull(there.shop, { title: 'Fix', head: 'fixpoint/x', base: 'main', draft: true })
    await ann.requestsChanges(pull, 'Not so', [{ path: 'src/cart.js', line: 1, body: 'Why two?' }])
    const [review] = there.github.pull(pull).pull.reviews
    const [point] = await repository.reviewPoints(pull.number, review?.id ?? 0)
    expect(point).toMatchObject({ path: 'src/cart.js', line: 1, body: 'Why two?' })
    for (let twice = 0; twice < 2; twice += 1) await repository.answerPoint(pull.number, point?.id ?? 0, 'answer-1', 'Because')
    expect(there.github.pull(pull).pull.reviewComments.map(({ body }) => body)).toEqual(['Why two?', '<!-- fixpoint:answer-1 -->\nBecause'])
    const log = `${'x'.repeat(100_000)}\n\u001b[31mAssertionError\u001b[0m: two\n`
    await ciFails(pull, log)
    const head = (await repository.pull(pull.number))?.head ?? ''
    await repository.ensureCheck({ run: RUN, commit: head, state: 'in-progress', title: 'On it', text: '', buttons: [] })
    expect(await repository.checks(head)).toEqual(
      expect.arrayContaining([
        { name: 'test', state: 'failed', url: expect.stringMatching(/^https?:/) },
        { name: 'fixpoint', state: 'pending', url: expect.stringMatching(/^https?:/) },
      ]),
    )
    const [red, ...others] = await repository.failedChecks(head)
    expect(others).toEqual([])
    expect(red?.name).toBe('test')
    expect(red?.log).toMatch(/xAssertionError: two\n$|\nAssertionError: two\n$/)
    expect(Buffer.byteLength(red?.log ?? '')).toBeLessThanOrEqual(65_536)
    await repository.markReady(pull.number)
    expect(await repository.pull(pull.number)).toMatchObject({ draft: false, state: 'open', branch: 'fixpoint/x', merged: undefined })
    await repository.deleteBranch('fixpoint/x', '0'.repeat(40))
    expect(await there.shop.git.tip('fixpoint/x')).toBeDefined()
    await expect(repository.deleteBranch('main', '0'.repeat(40))).rejects.toThrow(/begins with fixpoint/)
    for (let twice = 0; twice < 2; twice += 1) await repository.deleteBranch('fixpoint/x', there.github.pull(pull).pull.headSha)
    expect(await there.shop.git.tip('fixpoint/x')).toBeUndefined()
  })
})

async function ciFails(pull: Parameters<HostedShop['github']['ciRan']>[0], log: string) {
  await there.github.ciRan(pull, {
    conclusion: 'failure',
    jobs: [
      { name: 'test', conclusion: 'failure', log },
      { name: 'lint', conclusion: 'success', log: 'ok' },
    ],
  })
}
