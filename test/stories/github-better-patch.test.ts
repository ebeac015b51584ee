import { calls, OpenAiDouble } from '@fixpoint/testkit'
import { afterAll, expect, it } from 'vitest'
import { type GitHubService, startsService } from './github-service.ts'

const SUMS = {
  'package.json': '{ "name": "shop", "scripts": { "test": "node --test" } }\n',
  'src/total.js': 'exports.total = (list) => list[0]\n',
  'test/total.test.js':
    "const assert = require('node:assert/strict')\nconst { test } = require('node:test')\nconst { total } = require('../src/total.js')\ntest('adds up', () => assert.equal(total([2, 3]), 5))\n",
}
const REDUCE = '(list) => list.reduce((sum, each) => sum + each, 0)'
const LOOP = '(list) => {\n  let sum = 0\n  for (const each of list) sum += each\n  return sum\n}'

/** One attempt of the model: an edit, and that it is done. */
const drafts = (replace: string) => ({
  kind: 'reply' as const,
  reply: calls(
    ['edit_file', { path: 'src/total.js', search: '(list) => list[0]', replace }],
    ['submit_patch', { cause: 'Only the first was counted.', symptom_only: false, confidence: 0.9 }],
  ),
})

let model: OpenAiDouble
afterAll(() => model[Symbol.asyncDispose]())
const service = startsService(SUMS, async () => {
  model = await OpenAiDouble.start([drafts(REDUCE), drafts(REDUCE)])
  return { models: { providers: { house: { kind: 'openai', baseUrl: model.baseUrl, tools: 'native' } }, lanes: { strong: 'house/model' } } }
})

it('a review that wants changes leads to a better patch of the model: on the same pull request, judged anew, each point answered', async () => {
  const at = service()
  const ann = at.github.as('ann')
  const issue = await ann.opensIssue(at.shop, { title: 'The total is wrong', body: '```\nFAIL test/total.test.js > adds up\n```\n' })
  await ann.labels(issue, 'fixpoint')
  const { number, pull } = await at.until('a pull request is open', () => at.pulls()[0])
  await at.says(issue, 'proposes a fix')
  const first = pull.headSha
  expect(await patched(at, first)).toContain('reduce')

  model.add({ kind: 'reply', reply: calls(['answer', { text: 'All but the first were left out.', evidence: [] }]) })
  await ann.comments(issue, '/fixpoint explain')
  await at.until('the cause is said in the words of the model', () =>
    at.github.issue(issue).comments.find(({ author, body }) => author.login === 'fixpoint[bot]' && body.includes('All but the first were left out.')),
  )

  // Each attempt is drawn twice.
  model.add(drafts(LOOP), drafts(LOOP))
  const ref = { repository: at.shop, number }
  await ann.requestsChanges(ref, 'Without reduce, please.', [{ path: 'src/total.js', line: 1, body: 'A loop is what we write here.' }])
  const second = await at.until('the pull request has another commit', () => at.pulls().find((each) => each.pull.headSha !== first)?.pull.headSha)
  await at.says(issue, `proposes a fix: #${number}`)
  expect(await patched(at, second)).toContain('for (const each of list) sum += each')
  expect(at.pulls()).toHaveLength(1)
  expect(JSON.stringify(model.requests.at(-1)?.body), 'the reviewer’s words are a lesson').toContain('A loop is what we write here.')
  const answer = await at.until('the point is answered', () =>
    at.pulls()[0]?.pull.reviewComments.find(({ author, body }) => author.login === 'fixpoint[bot]' && body.includes('Taken into account')),
  )
  expect(answer.body).toContain(second)
  await ann.merges(ref, 'squash')
  await at.says(issue, 'Fixed and merged')
})

/** The file as a commit of the host has it. */
function patched({ shop }: GitHubService, commit: string): Promise<string> {
  return shop.git.text('show', `${commit}:src/total.js`)
}
