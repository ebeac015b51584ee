import { type OfferedProposal, RunId } from '@fixpoint/core'
import { codeHostContract, type HostedShop, hostedShop, PushingClone } from '@fixpoint/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GitHubApp, GitHubCodeHost, type GitHubProposalOptions, GitHubRepositories, type GitHubRepository } from '../index.ts'

const pace = { second: 1, betweenWrites: 0, betweenNotifications: 0, timeout: 60_000 }

let there: HostedShop
let app: GitHubApp
let repository: GitHubRepository
let clone: PushingClone
let runs = 0
beforeAll(async () => {
  there = await hostedShop()
  app = new GitHubApp({ credentials: { kind: 'app', id: String(there.fixpoint.id), privateKey: there.fixpoint.pem }, baseUrl: there.github.apiUrl, pace })
  repository = await (await GitHubRepositories.connect(app)).open('acme/shop')
  clone = await PushingClone.of(there.shop, app.gitUrl('acme/shop'))
})
afterAll(async () => {
  await clone[Symbol.asyncDispose]()
  await there.github[Symbol.asyncDispose]()
})

async function offered(more: Partial<OfferedProposal> = {}): Promise<OfferedProposal> {
  runs += 1
  const run = more.run ?? RunId.parse(`run_${String(runs).padStart(26, '0')}`)
  const base = await clone.tip()
  const edits = more.edits ?? [{ path: 'src/cart.js', content: `export const total = ${runs}${runs}\n` }]
  const message = `Fix it\n\nFixpoint-Run: ${run}\nAssisted-by: fixpoint:patterns\n`
  const commit = await clone.commit({ base, edits, message, by: repository.self.identity })
  return {
    run,
    branch: `fixpoint/x-${runs}`,
    base,
    commit,
    title: 'Fix it',
    body: 'Because',
    edits,
    message,
    draft: true,
    strength: 'verified',
    certificate: '{}',
    ...more,
  }
}
const host = (options?: GitHubProposalOptions) => new GitHubCodeHost(repository, clone, options)
const pullsOf = (branch: string) => there.github.pulls(there.shop).filter(({ pull }) => pull.headBranch === branch)

codeHostContract(async () => ({
  host: host(),
  offers: offered,
  tipOf: async (branch) => (await there.shop.git.refs()).get(`refs/heads/${branch}`),
}))

describe('GitHubCodeHost', () => {
  it('publishes a branch of a signed commit and one draft pull request, and once is enough', async () => {
    const proposal = await offered()
    const issue = await there.github.as('ann').opensIssue(there.shop, { title: 'It breaks' })
    const notes: string[] = []
    const about = { number: issue.number, closes: true }
    const one = host({ issue: about, labels: ['fixpoint'], reviewers: ['tom', 'stranger'], note: (words) => notes.push(words) })
    expect(one.branchName('cart')).toBe(`issue-${issue.number}-cart`)
    const published = await one.ensureProposal(proposal)
    const writes = () => there.github.requests.filter(({ method, path }) => method !== 'GET' && /\/git\/|\/pulls$/.test(path)).length
    const before = writes()
    expect(await one.ensureProposal(proposal)).toEqual(published)
    expect(writes()).toBe(before)
    const [pull, ...others] = pullsOf(proposal.branch)
    expect(others).toEqual([])
    expect(pull).toMatchObject({ title: 'Fix it', pull: { draft: true, headSha: published.commit } })
    expect(pull?.body).toMatch(/^Because\n/)
    expect(pull?.body).toContain(`\nFixes #${issue.number}\n`)
    expect(pull?.body).toContain('```fixpoint-certificate')
    expect(pull?.pull.requestedReviewers.map(({ login }) => login)).toEqual(['tom'])
    expect(notes[0]).toContain('stranger')
    const commit = await there.shop.git.commit(published.commit)
    expect(commit).toMatchObject({ tree: await clone.treeOf(proposal.commit), parents: [proposal.base], message: proposal.message.trimEnd() })
    expect([commit.author.name, commit.committer.name]).toEqual(['fixpoint[bot]', 'GitHub'])
    expect(clone.pushes).toEqual([])
  })

  it.each([
    ['POST', /\/git\/trees$/],
    ['POST', /\/git\/commits$/],
    ['POST', /\/git\/refs$/],
    ['POST', /\/pulls$/],
    ['POST', /\/labels$/],
  ])('killed before and after %s %s: one branch, one pull request', async (method, path) => {
    const proposal = await offered()
    for (const after of [undefined, true] as const) {
      there.github.fail({ method, path, kind: 'reset', ...(after && { after }) })
      await host({ labels: [`label-${runs}-${after}`] })
        .ensureProposal(proposal)
        .catch((error) => expect(error).toMatchObject({ code: 'host-unreachable' }))
    }
    const published = await host({ labels: ['fixpoint'] }).ensureProposal(proposal)
    expect(pullsOf(proposal.branch).map(({ pull }) => pull.headSha)).toEqual([published.commit])
    expect(await there.shop.git.tip(proposal.branch)).toBe(published.commit)
  })

  it('puts another attempt on top, and leaves what somebody else committed alone', async () => {
    const first = await offered()
    const { commit } = await host().ensureProposal(first)
    const second = await offered({ run: first.run, branch: first.branch, title: 'Fix it better' })
    const published = await host().ensureProposal(second)
    expect(await there.shop.git.commit(published.commit)).toMatchObject({ parents: [commit], tree: await clone.treeOf(second.commit) })
    expect(pullsOf(first.branch).map(({ title }) => title)).toEqual(['Fix it better'])
    const theirs = await there.github
      .as('tom')
      .pushes(there.shop, { branch: first.branch, message: `Mine\n\nFixpoint-Run: ${first.run}`, files: { 'a.txt': 'a' } })
    await expect(host().ensureProposal(first)).rejects.toMatchObject({ code: 'host-refused', message: expect.stringContaining('left alone') })
    expect(await there.shop.git.tip(first.branch)).toBe(theirs)
  })

  it('refuses other branches and workflows before any request', async () => {
    const before = there.github.requests.length
    const proposal = await offered({ branch: 'main' })
    await expect(host().ensureProposal(proposal)).rejects.toThrow(/begins with fixpoint/)
    const workflow = await offered({ edits: [{ path: '.github/workflows/ci.yml', content: 'on: push\n' }] })
    await expect(host().ensureProposal(workflow)).rejects.toMatchObject({ code: 'host-refused', message: expect.stringContaining('workflow') })
    expect(there.github.requests).toHaveLength(before)
  })

  it('pushes by git, with a lease, what GitHub is not to make', async () => {
    const proposal = await offered()
    expect(await host({ verifiedCommits: false }).ensureProposal(proposal)).toMatchObject({ commit: proposal.commit })
    const next = await offered({ run: proposal.run, branch: proposal.branch })
    expect(await host({ verifiedCommits: false }).ensureProposal(next)).toMatchObject({ commit: next.commit })
    expect(clone.pushes.slice(-2).map(({ expected }) => expected)).toEqual(['absent', proposal.commit])
    expect(pullsOf(proposal.branch)).toHaveLength(1)
  })

  it('says when nobody wants it any more', async () => {
    const ann = there.github.as('ann')
    const issue = await ann.opensIssue(there.shop, { title: 'It breaks' })
    const one = host({ issue: { number: issue.number, closes: true } })
    expect(await one.standing()).toEqual({ wanted: true, head: await there.shop.git.tip('main') })
    await ann.closes(issue)
    expect(await one.standing()).toEqual({ wanted: false, why: `issue #${issue.number} of acme/shop was closed` })
    await ann.archives(there.shop)
    expect(await host().standing()).toEqual({ wanted: false, why: 'acme/shop is archived' })
    await expect(host().ensureProposal(await offered())).rejects.toMatchObject({ code: 'host-refused' })
    await ann.unarchives(there.shop)
  })
})
