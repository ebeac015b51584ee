import type { ModelRequest } from '@fixpoint/core'
import { calls, type IssueRef, ScriptedModel, says } from '@fixpoint/testkit'
import { expect, it } from 'vitest'
import { BODY, HostedWorker } from './hosted-worker.ts'

/** As many as one bot once wrote below one pull request. */
const COMMENTS = 363
/** All that one who goes on and on may cost, of GitHub's 5000 requests an hour. */
const MOST_REQUESTS = 500

const opened = (at: HostedWorker, body = BODY) => at.github.as('ann').opensIssue(at.shop, { title: 'last() crashes', body })

it.each([
  ['a person who may write', 'ann', '/fixpoint run', 3],
  ['a person who may write, with words', 'ann', '@fixpoint now try it with a loop', 3],
  ['a stranger', 'mallory', '/fixpoint run', 0],
  ['an app that is not listed', 'chatter[bot]', '@fixpoint thank you for your message', 0],
  ['an app that is listed', 'helper[bot]', '/fixpoint retry', 3],
])(`${COMMENTS} comments by %s: bounded requests, said once`, async (_, login, words, mostComments) => {
  await using at = await HostedWorker.open({ files: { '.github/fixpoint.yml': 'bots: ["helper[bot]"]\n' } })
  at.drives = false
  const issue = await opened(at)
  const before = at.github.requests.length
  for (let n = 0; n < COMMENTS; n += 1) await at.github.as(login).comments(issue, words)
  await at.works()
  await at.later()
  expect(at.github.requests.length - before).toBeLessThan(MOST_REQUESTS)
  expect((await at.runs()).length).toBeLessThanOrEqual(1)
  const ours = at.ours(issue)
  expect(ours.length).toBeLessThanOrEqual(mostComments)
  expect(ours.filter((body) => body.includes('in an hour'))).toHaveLength(mostComments === 0 ? 0 : 1)
  // Whoever else has something to say is heard.
  if (login === 'ann') return
  await at.github.as('tom').comments(issue, '/fixpoint help')
  await at.works()
  expect(at.ours(issue).some((body) => body.includes('What Fixpoint understands'))).toBe(true)
})

it.each([
  ['that is not listed', 'chatter[bot]', 0],
  ['that is listed', 'helper[bot]', 1],
])('an app %s and answers whatever we say is no partner for a conversation', async (_, login, mostRuns) => {
  await using at = await HostedWorker.open({ files: { '.github/fixpoint.yml': 'bots: ["helper[bot]"]\n' } })
  const issue = await opened(at)
  await at.github.as(login).comments(issue, '@fixpoint what do you think?')
  let answers = 0
  for (let before = ''; answers < 50; answers += 1) {
    await at.works()
    const said = everything(at, issue)
    if (said === before) break
    before = said
    await at.github.as(login).comments(issue, `Thank you, that is very helpful.\n\n/fixpoint retry with point ${answers} in mind`)
  }
  expect(answers).toBeLessThan(25)
  expect((await at.runs()).length).toBeLessThanOrEqual(mostRuns)
})

it('a review that makes the patch grow ends with a person, and the pull request stands as it stood', async () => {
  const long = Array.from({ length: 60 }, (_, at) => `  sum += list[${at}] ?? 0`).join('\n')
  const patches = ['(list) => list.reduce((sum, each) => sum + each, 0)', `(list) => {\n  let sum = 0\n${long}\n  return sum\n}`]
  const answer = ({ tools }: ModelRequest) =>
    tools.some(({ name }) => name === 'submit_patch')
      ? calls(
          ['edit_file', { path: 'src/total.js', search: '(list) => list[0]', replace: patches.shift() ?? '' }],
          ['submit_patch', { cause: 'Only the first was counted.', symptom_only: false, confidence: 0.9 }],
        )
      : says('I do not know.')
  const files = {
    'package.json': '{ "name": "shop", "scripts": { "test": "node --test" } }\n',
    'src/total.js': 'exports.total = (list) => list[0]\n',
    'test/total.test.js':
      "const assert = require('node:assert/strict')\nconst { test } = require('node:test')\nconst { total } = require('../src/total.js')\ntest('adds up', () => assert.equal(total([2, 3]), 5))\n",
  }
  await using at = await HostedWorker.open({ files, model: new ScriptedModel(Array(20).fill(answer)) })
  const issue = await at.labelled('The total is wrong', '```\nFAIL test/total.test.js > adds up\n```\n')
  const head = at.pulls[0]?.pull.headSha
  expect(head, at.ours(issue).join()).toBeDefined()
  await at.github.as('ann').requestsChanges({ repository: at.shop, number: at.pulls[0]?.number ?? 0 }, 'Without reduce, please')
  await at.works()
  expect(patches).toEqual([])
  expect(at.pulls.map(({ pull }) => pull.headSha)).toEqual([head])
  expect(at.ours(issue).join()).toMatch(/Fixpoint needs a person[\s\S]*makes a patch of \d+ changed lines out of one of \d+/)
})

/** What another app could take for an answer. */
function everything(at: HostedWorker, issue: IssueRef): string {
  const { comments, reactions, labels } = at.github.issue(issue)
  const signs = [reactions, ...comments.map((each) => each.reactions)].reduce((sum, { length }) => sum + length, 0)
  return JSON.stringify([at.ours(issue), signs, labels.map(({ name }) => name)])
}
