import { hostedShop } from '@fixpoint/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { GitHubApp } from './github-app.ts'
import { missingLabels } from './missing-labels.ts'

const PACE = { second: 1, betweenWrites: 0, betweenNotifications: 0 }
/** A host may give less of a list at once than it is asked for. */
const inPagesOfTwo: typeof fetch = (input, init) => fetch(String(input).replace('per_page=100', 'per_page=2'), init)

/** Five repositories of two owners, one of them archived. */
async function installed() {
  const { github, shop, fixpoint } = await hostedShop()
  onTestFinished(() => github[Symbol.asyncDispose]())
  const others = []
  for (const name of ['a', 'b', 'c', 'old']) others.push(await github.addRepository({ owner: 'globex', name, collaborators: { ann: 'admin' } }))
  const installation = github.install(fixpoint, 'globex', others)
  github.as('ann').archives(others.at(-1) ?? shop)
  const app = new GitHubApp({
    credentials: { kind: 'app', id: String(fixpoint.id), privateKey: fixpoint.pem },
    baseUrl: github.apiUrl,
    pace: PACE,
    fetch: inPagesOfTwo,
  })
  const look = (atMost: number) => missingLabels(app, { labels: ['fixpoint'], isOurs: () => true, atMost })
  return { github, shop, installation, look, c: others[2] ?? shop }
}

it('looks at every page of repositories, and of their labels', async () => {
  const { github, c, look } = await installed()
  const ann = github.as('ann')
  const issue = await ann.opensIssue(c, { title: 'It breaks' })
  for (const label of ['bug', 'ci', 'docs', 'Fixpoint']) await ann.labels(issue, label)
  const { looked, more, without } = await look(100)
  expect({ looked, more, without: without.map(({ repository }) => repository) }).toEqual({
    ...{ looked: 4, more: false },
    without: ['acme/shop', 'globex/a', 'globex/b'],
  })
})

it('stops at as many as it may look at, and says that there are more', async () => {
  const { look } = await installed()
  expect(await look(3)).toMatchObject({ looked: 3, more: true })
  expect(await look(4)).toMatchObject({ looked: 4, more: false })
})

it('asks nothing of an installation that shows no issues', async () => {
  const { installation, look } = await installed()
  installation.permissions = { metadata: 'read' }
  expect(await look(100)).toMatchObject({ looked: 1, more: false })
})
