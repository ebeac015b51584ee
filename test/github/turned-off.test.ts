import type { IssueRef } from '@fixpoint/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SHOP } from '../stories/small-repository.ts'
import { BODY, HostedWorker, type HostedWorkerOptions } from './hosted-worker.ts'

const OFF = 'enabled: false\n'

let at: HostedWorker
const opens = async (files: Readonly<Record<string, string>>, operator: HostedWorkerOptions['operator'] = {}) => {
  at = await HostedWorker.open({ files: { ...SHOP, ...files }, operator })
  at.drives = false
}
afterEach(() => at[Symbol.asyncDispose]())

const opened = () => at.github.as('ann').opensIssue(at.shop, { title: 'last() crashes', body: BODY })
const reactions = (issue: IssueRef) => at.github.issue(issue).reactions.map(({ content }) => content)

describe('in a repository that turned it off', () => {
  beforeEach(() => opens({ '.github/fixpoint.yml': OFF }))

  it('whoever may ask is told once that it is off, who says so, and what turns it on; nothing promises more', async () => {
    const issue = await opened()
    await at.github.as('ann').labels(issue, 'fixpoint')
    const comment = await at.github.as('tom').comments(issue, '/fixpoint run')
    await at.acknowledges()
    await at.works()
    await at.github.as('tom').comments(issue, '@fixpoint please look at this')
    await at.works()
    expect(at.ours(issue)).toEqual([expect.stringContaining('### Fixpoint is off in this repository\n\n`.github/fixpoint.yml` says `enabled: false`')])
    expect(at.ours(issue)[0]).toContain('`enabled: true` there, on the default branch, turns it on')
    expect([...reactions(issue), ...comment.reactions], 'no sign').toEqual([])
    expect(await at.runs()).toEqual([])
  })

  it('nobody else is told, and no other label is answered', async () => {
    const issue = await opened()
    await at.github.as('rita').labels(issue, 'fixpoint')
    await at.github.as('mallory').comments(issue, '/fixpoint run')
    await at.github.as('ann').labels(issue, 'bug')
    await at.works()
    expect(at.ours(issue)).toEqual([])
    expect(reactions(issue)).toEqual(['confused'])
  })

  it('help is given as everywhere', async () => {
    const issue = await opened()
    const comment = await at.github.as('ann').comments(issue, '/fixpoint help')
    await at.works()
    expect(at.ours(issue)).toEqual([expect.stringContaining('What Fixpoint understands')])
    expect(comment.reactions.map(({ content }) => content)).toEqual(['eyes'])
  })
})

it('an organisation that turned it off is named', async () => {
  await opens({})
  const defaults = await at.github.addRepository({ owner: 'acme', name: '.github', files: { '.github/fixpoint.yml': OFF } })
  at.installation.repositories?.add(defaults.id)
  const issue = await at.labelled()
  expect(at.ours(issue)[0]).toContain('`acme/.github: .github/fixpoint.yml` says `enabled: false`')
  expect(at.ours(issue)[0]).toContain('in `.github/fixpoint.yml` of this repository')
})

it.each([
  ['by default', { defaults: { enabled: false } }, '`defaults` in the settings of whoever runs this Fixpoint say `enabled: false`'],
  ['by a list of repositories', { github: { repositories: ['acme/site'] } }, '`github.repositories`'],
])('the operator is named who has it off %s', async (_, operator, words) => {
  await opens({}, operator)
  expect(at.ours(await at.labelled())).toEqual([expect.stringContaining(words)])
})
