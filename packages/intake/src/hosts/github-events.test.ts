import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { HostEvent } from '@fixpoint/core'
import { describe, expect, it } from 'vitest'
import { githubEvents, type HostNews } from './github-events.ts'

interface Examples {
  readonly name: string
  readonly examples: readonly Record<string, unknown>[]
}

const US = { slug: 'fixpoint-acme' }
const HEAD = 'a'.repeat(40)
const RUN = `run_${'0'.repeat(26)}`
const bytes = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))
const told = (event: string, payload: unknown): HostNews => githubEvents({ 'x-github-event': event }, bytes(payload), US)

const folder = new URL('.', `file://${createRequire(import.meta.url).resolve('@octokit/webhooks-examples')}`)
const ofServer = (server: string): Examples[] => JSON.parse(readFileSync(new URL(`../${server}/index.json`, folder), 'utf8'))

const ABOUT: Record<string, string[]> = {
  labelled: ['issues.labeled'],
  unlabelled: ['issues.unlabeled'],
  'issue-closed': ['issues.closed'],
  reviewed: ['pull_request_review.submitted'],
  installed: ['installation.created', 'installation_repositories.added'],
  'repository-gone': ['installation.deleted', 'installation_repositories.removed', 'repository.transferred', 'repository.deleted', 'repository.archived'],
  'repository-renamed': ['repository.renamed'],
}

describe.each(['api.github.com', 'ghes-31', 'ghes-33', 'ghes-35'])('payloads that %s really sent', (server) => {
  const all = ofServer(server).flatMap(({ name, examples }) => examples.map((payload) => [name, payload] as const))

  it('are read, every one', () => {
    expect(all.length).toBeGreaterThan(40)
    for (const [name, payload] of all) {
      const news = told(name, payload)
      if ('events' in news) for (const event of news.events) expect(HostEvent.parse(event)).toEqual(event)
      // The oldest examples of some events were written by hand, and leave out who did it.
      else expect('ignored' in news || payload['sender'] === undefined, `${name}: ${JSON.stringify(news)}`).toBe(true)
    }
  })

  it('make the events that they are about, and no others', () => {
    const made = new Map<string, Set<string>>()
    for (const [name, payload] of all) {
      const news = told(name, payload)
      for (const { kind } of 'events' in news ? news.events : []) made.set(kind, (made.get(kind) ?? new Set()).add(`${name}.${String(payload['action'])}`))
    }
    expect(made.size).toBeGreaterThan(1)
    for (const [kind, names] of made) for (const name of names) expect(ABOUT[kind]).toContain(name)
  })
})

const examples = ofServer('api.github.com')
function example(name: string, action: string): Record<string, Record<string, unknown>> {
  const found = examples.find((one) => one.name === name)?.examples.find((payload) => payload['action'] === action)
  if (!found) throw new Error(`no example of ${name}.${action}`)
  return structuredClone(found) as Record<string, Record<string, unknown>>
}

const at = { repository: 'Codertocat/Hello-World', by: { login: 'Codertocat', id: 21031067, bot: false } }

it('a label', () => {
  const payload = example('issues', 'labeled')
  expect(told('issues', payload)).toEqual({
    events: [
      {
        kind: 'labelled',
        ...at,
        label: 'bug',
        issue: {
          number: 1,
          title: 'Spelling error in the README file',
          body: "It looks like you accidently spelled 'commit' with two 't's.",
          open: true,
          labels: ['bug'],
          author: { login: 'Codertocat', id: 21031067, bot: false },
          url: 'https://github.com/Codertocat/Hello-World/issues/1',
        },
      },
    ],
  })
})

it('an app is a bot, whatever it calls itself', () => {
  const payload = example('issues', 'labeled')
  payload['sender'] = { ...payload['sender'], login: 'helper[bot]', type: 'User' }
  expect(told('issues', payload)).toMatchObject({ events: [{ by: { login: 'helper[bot]', bot: true } }] })
})

describe('a comment', () => {
  const comment = (body: string, more: Record<string, unknown> = {}) => {
    const payload = example('issue_comment', 'created')
    payload['comment'] = { ...payload['comment'], body }
    return { ...payload, ...more }
  }
  const edited = (body: string, from: string, seconds: number) => {
    const payload = comment(body) as Record<string, Record<string, unknown>>
    const created = '2026-01-02T03:04:05Z'
    const updated = new Date(Date.parse(created) + seconds * 1000).toISOString()
    payload['comment'] = { ...payload['comment'], created_at: created, updated_at: updated, user: payload['sender'] }
    return { ...payload, action: 'edited', changes: { body: { from } } }
  }

  it('with a command', () => {
    expect(told('issue_comment', comment('Again, please.\n\n/fixpoint retry look at the parser'))).toMatchObject({
      events: [{ kind: 'commanded', ...at, pull: false, point: false, comment: 492700400, command: { name: 'retry', words: 'look at the parser' } }],
    })
  })

  it('on a pull request', () => {
    const payload = comment('@fixpoint-acme stop') as Record<string, Record<string, unknown>>
    payload['issue'] = { ...payload['issue'], pull_request: { url: 'https://api.github.com/repos/a/b/pulls/1' } }
    expect(told('issue_comment', payload)).toMatchObject({ events: [{ pull: true, command: { name: 'stop' } }] })
  })

  it('that is deleted, or speaks to nobody, says nothing', () => {
    expect(told('issue_comment', comment('I have seen this too.'))).toEqual({ ignored: 'the comment does not speak to us' })
    expect(told('issue_comment', comment('/fixpoint run', { action: 'deleted' }))).toEqual({ ignored: 'nothing follows from `issue_comment.deleted`' })
  })

  it('that is corrected at once counts, and later does not', () => {
    expect(told('issue_comment', edited('/fixpoint run', '/fixpiont run', 59))).toMatchObject({ events: [{ command: { name: 'run' } }] })
    expect(told('issue_comment', edited('/fixpoint run', '/fixpiont run', 61))).toMatchObject({ ignored: expect.stringContaining('more than a minute') })
    expect(told('issue_comment', edited('/fixpoint run\n(thanks)', '/fixpoint run', 5))).toMatchObject({ ignored: expect.stringContaining('said the same') })
    const stranger = { ...edited('/fixpoint run', 'x', 5), sender: { login: 'mallory', id: 666, type: 'User' } }
    expect(told('issue_comment', stranger)).toMatchObject({ ignored: expect.stringContaining('somebody else') })
  })

  it('at a line of a diff', () => {
    const payload = example('pull_request_review_comment', 'created')
    expect(told('pull_request_review_comment', payload)).toEqual({ ignored: 'the comment does not speak to us' })
    payload['comment'] = { ...payload['comment'], body: '@fixpoint-acme this should be `null`' }
    expect(told('pull_request_review_comment', payload)).toMatchObject({
      events: [{ kind: 'commanded', pull: true, point: true, command: { name: 'words', words: 'this should be `null`' } }],
    })
  })
})

it.each([
  ['changes_requested', 'changes-requested'],
  ['CHANGES_REQUESTED', 'changes-requested'],
  ['approved', 'approved'],
  ['commented', 'commented'],
])('a review that is %s', (state, ours) => {
  const payload = example('pull_request_review', 'submitted')
  payload['review'] = { ...payload['review'], state, body: '/fixpoint explain', commit_id: HEAD }
  expect(told('pull_request_review', payload)).toMatchObject({
    events: [{ kind: 'reviewed', state: ours, body: '/fixpoint explain', command: { name: 'explain' }, commit: HEAD }],
  })
})

describe('a closed pull request', () => {
  const closed = (ref: string, merged: boolean) => {
    const payload = example('pull_request', 'closed') as Record<string, Record<string, Record<string, unknown>>>
    const pull = payload['pull_request'] ?? {}
    payload['pull_request'] = { ...pull, head: { ...pull['head'], ref }, merged: merged as never, merge_commit_sha: HEAD as never }
    return payload
  }
  it('of ours was merged or not', () => {
    expect(told('pull_request', closed('fixpoint/issue-1-crash-abc123', true))).toMatchObject({ events: [{ kind: 'pull-closed', pull: 2, merged: HEAD }] })
    expect(told('pull_request', closed('fixpoint/issue-1-crash-abc123', false))).not.toHaveProperty('events.0.merged')
  })
  it('of others, or of a fork with a branch called like ours, is not ours', () => {
    expect(told('pull_request', closed('feature', true))).toEqual({ ignored: 'the pull request is not ours' })
    const fork = closed('fixpoint/issue-1-crash-abc123', true)
    fork['pull_request'] = { ...fork['pull_request'], head: { ...fork['pull_request']?.['head'], repo: { id: 7, full_name: 'mallory/Hello-World' } } }
    expect(told('pull_request', fork)).toEqual({ ignored: 'the pull request is not ours' })
  })
})

it('a button, and the host’s own beside it', () => {
  const pressed = (action: string, slug: string) => ({
    ...example('check_run', 'requested_action'),
    action,
    check_run: { external_id: RUN, app: { slug } },
    requested_action: { identifier: 'stop' },
  })
  expect(told('check_run', pressed('requested_action', 'fixpoint-acme'))).toMatchObject({ events: [{ kind: 'button-pressed', action: 'stop', run: RUN }] })
  expect(told('check_run', pressed('rerequested', 'fixpoint-acme'))).toMatchObject({ events: [{ action: 'retry' }] })
  expect(told('check_run', pressed('requested_action', 'another-app'))).toEqual({ ignored: 'the check is not ours' })
})

describe('a suite of checks', () => {
  const suite = (change: Record<string, unknown>) => {
    const payload = example('check_suite', 'completed')
    const repo = { id: payload['repository']?.['id'] }
    const ours = { head_branch: 'fixpoint/x-abc123', head_sha: HEAD, conclusion: 'failure', app: { slug: 'github-actions' } }
    return { ...payload, check_suite: { ...payload['check_suite'], ...ours, pull_requests: [{ number: 4, head: { repo } }], ...change } }
  }
  it('that is red, on a pull request of ours', () => {
    expect(told('check_suite', suite({}))).toMatchObject({ events: [{ kind: 'checks-failed', commit: HEAD, pulls: [4] }] })
    expect(told('check_suite', suite({ conclusion: 'timed_out' }))).toMatchObject({ events: [{ kind: 'checks-failed' }] })
  })
  it.each([
    ['is green', { conclusion: 'success' }, 'ended with success'],
    ['is our own', { app: { slug: 'fixpoint-acme' } }, 'our own'],
    ['is of another branch', { head_branch: 'main' }, 'not ours'],
    ['has no pull request', { pull_requests: [] }, 'no pull request'],
    ['is of a fork', { pull_requests: [{ number: 4, head: { repo: { id: 7 } } }] }, 'no pull request'],
  ])('that %s is left alone', (_, change, why) => {
    expect(told('check_suite', suite(change))).toEqual({ ignored: expect.stringContaining(why) })
  })
})

it('repositories come and go', () => {
  const named = (...names: string[]) => names.map((name) => ({ id: 1, full_name: name }))
  const sender = { login: 'ines', id: 3, type: 'User' }
  expect(told('installation', { action: 'created', sender, repositories: named('acme/shop', 'acme/till') })).toMatchObject({
    events: [
      { kind: 'installed', repository: 'acme/shop' },
      { kind: 'installed', repository: 'acme/till' },
    ],
  })
  expect(told('installation_repositories', { action: 'removed', sender, repositories_removed: named('acme/shop') })).toMatchObject({
    events: [{ kind: 'repository-gone', repository: 'acme/shop', why: 'removed' }],
  })
  const repository = { id: 1, full_name: 'acme/shop', name: 'shop' }
  const about = (action: string, changes?: object) => told('repository', { action, sender, repository, changes })
  expect(about('renamed', { repository: { name: { from: 'store' } } })).toMatchObject({ events: [{ kind: 'repository-renamed', from: 'acme/store' }] })
  expect(about('transferred', { owner: { from: { organization: { login: 'old' } } } })).toMatchObject({
    events: [{ kind: 'repository-gone', repository: 'old/shop', why: 'transferred' }],
  })
  expect(about('archived')).toMatchObject({ events: [{ kind: 'repository-gone', why: 'archived' }] })
  expect(about('privatized')).toEqual({ ignored: expect.stringContaining('private') })
})

describe('what is no delivery', () => {
  it.each([
    ['nothing', ''],
    ['no JSON', 'payload=%7B%7D'],
    ['a list', '[]'],
    ['a number', '1'],
    ['an issue without a sender', { action: 'labeled', issue: { number: 1 }, label: { name: 'x' } }],
    ['nested a thousand deep', `${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`],
    ['a name that leads elsewhere', { ...example('issues', 'labeled'), repository: { full_name: '../../etc' } }],
  ])('%s is malformed', (_, payload) => {
    expect(told('issues', payload)).toEqual({ malformed: expect.any(String) })
  })

  it('names of prototypes are no events, and strange names are not repeated', () => {
    for (const event of ['constructor', '__proto__', 'toString']) expect(told(event, { action: 'x' })).toHaveProperty('ignored')
    expect(told('evil\r\nX: y', { action: '<b>' })).toEqual({ ignored: 'nothing follows from an event that we do not know' })
    expect(githubEvents({}, bytes({}), US)).toEqual({ malformed: 'The header X-GitHub-Event is missing.' })
  })
})
