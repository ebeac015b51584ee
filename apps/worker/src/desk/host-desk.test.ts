import { createHash } from 'node:crypto'
import { BugReport, type DeliveryRecord, Digest, type Explanation, type HostEvent, HostFailure, ObjectId, type RunEvent, RunId } from '@fixpoint/core'
import { Archive } from '@fixpoint/engine'
import {
  aPolicy,
  aReport,
  InMemoryArtifacts,
  InMemoryDeliveries,
  InMemoryHost,
  InMemoryHostThreads,
  InMemoryInbox,
  InMemoryJournal,
  InMemoryReports,
  InMemoryRunIndex,
  someEntries,
} from '@fixpoint/testkit'
import { describe, expect, it } from 'vitest'
import { Admission } from '../admission.ts'
import { PARKED } from '../gates.ts'
import type { WorkerHands } from '../hands.ts'

import { WorkerSettings } from '../settings.ts'
import type { DeskHands, DeskSettings } from './desk-hands.ts'
import { HostDesk } from './host-desk.ts'
import { measureSurvival } from './survival.ts'

const RUN = RunId.parse(`run_${'1'.padStart(26, '0')}`)
const [BASE, FIX] = ['b', 'f'].map((letter) => ObjectId.parse(letter.repeat(40))) as [ObjectId, ObjectId]
const DIGEST = Digest.parse('d'.repeat(64))
const PULL = 7
const TRACE = 'TypeError: x is undefined\n    at last (/app/src/last.js:2:30)'
const ann = { login: 'ann', id: 2, bot: false }
const ISSUE = { number: 3, title: 'It crashes', body: TRACE, open: true, labels: [], author: ann, url: 'https://host.example/3' }
const SETTINGS: DeskSettings = { labels: ['fixpoint'], bots: [], mayAsk: 'write', rounds: { reviews: 2, checks: 2 }, models: false }

/** A desk on a host in memory, and a run of it that an alert began, as far as `events` tell. */
async function desk(events: readonly RunEvent[] = [], more: Partial<Pick<DeskHands, 'explain' | 'settingsOf'>> = {}) {
  const time = () => new Date('2026-03-04T12:00:00Z')
  const [journal, inbox, artifacts, reports, deliveries, threads, host] = [
    new InMemoryJournal(),
    new InMemoryInbox(time),
    new InMemoryArtifacts(),
    new InMemoryReports(time),
    new InMemoryDeliveries(time),
    new InMemoryHostThreads(),
    new InMemoryHost(),
  ]
  host.repository.people.set('ann', 'admin')
  const [woken, released]: [RunId[], RunId[]] = [[], []]
  const queue = { wake: async (run: RunId) => void woken.push(run), release: async (run: RunId) => released.push(run) > 0 }
  const hands = {
    ...{ journal, inbox, artifacts, reports, deliveries, queue, runIndex: new InMemoryRunIndex(journal, inbox) },
    clock: { now: time },
    ids: { sortable: () => '2'.padStart(26, '0') },
    ledger: { reached: async () => undefined },
    stopped: async () => false,
    paused: async () => false,
    openRunFor: async () => undefined,
    hash: (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex'),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  } as unknown as WorkerHands
  const deskHands: DeskHands = {
    ...{ hosts: host, threads, host: 'github.com', recoverMs: 60_000, personal: false },
    settingsOf: async () => SETTINGS,
    survivalOf: async () => 1,
    runUrl: () => undefined,
    ...more,
  }
  const digest = await new Archive(artifacts).put(BugReport, aReport())
  const { report } = await reports.sight({
    ...{ groupKey: 'k', title: 'It crashes', report: digest, hasTrace: true, severity: 'error', source: 'sentry' },
    ...{ delivery: 'd1', at: time(), repository: 'acme/shop' },
  })
  const append = async (more: readonly RunEvent[]) => {
    await using lease = await journal.lease(RUN)
    const known = (await journal.read(RUN)).map(({ event }) => event)
    for (const entry of someEntries([...known, ...more]).slice(known.length)) await lease.append(entry)
  }
  const opened: RunEvent = { kind: 'run-opened', report: digest, workspace: DIGEST, base: BASE, policy: aPolicy() }
  if (events.length > 0) {
    await reports.move(report.id, { from: ['new'], to: 'running', run: RUN })
    await append([opened, ...events])
  }
  const made = new HostDesk(hands, deskHands, new Admission(hands, WorkerSettings.parse({})))
  const { id } = await deliveries.accept({ source: 'github', key: 'github-app', deliveryId: 'x', headers: {}, body: new Uint8Array() })
  const [delivery] = (await deliveries.list({ limit: 1 })) as [DeliveryRecord]
  expect(delivery.id).toBe(id)
  return {
    ...{ made, host: host.repository, threads, reports, report, inbox, append, woken, released, hands, deskHands },
    hear: (event: HostEvent) => made.attend(event, delivery),
  }
}

const PUBLISHED: readonly RunEvent[] = [
  { kind: 'bug-reproduced', reproduction: DIGEST, baseline: DIGEST, source: 'named-test' },
  { kind: 'dossier-gathered', dossier: DIGEST },
  { kind: 'patch-drafted', drafter: 'patterns', candidate: DIGEST, pending: [] },
  { kind: 'patch-minimised', candidate: DIGEST, patch: DIGEST },
  { kind: 'patch-judged', verdict: 'fixed', judgement: DIGEST },
  { kind: 'patch-chosen', candidate: DIGEST, judgement: DIGEST, verdict: 'fixed' },
  { kind: 'proposal-planned', proposal: DIGEST, strength: 'verified' },
  { kind: 'proposal-published', commit: FIX, pull: PULL },
]

describe('a pull request that came from an alert', () => {
  it('has a check on its commit, no comment of ours, and its merge is heard', async () => {
    const { made, host, threads, report, hear, inbox } = await desk(PUBLISHED)
    await made.speak(RUN)
    expect(host.ownChecks, 'nobody was told where to look yet').toEqual([])
    await threads.bind({ repository: 'acme/shop', number: PULL, kind: 'pull', report: report.id, run: RUN })
    await made.speak(RUN)
    expect(host.ownChecks.map(({ commit, state }) => [commit, state])).toContainEqual([FIX, 'success'])
    expect(host.comments.size).toBe(0)
    const merged = await hear({ kind: 'pull-closed', repository: 'acme/shop', by: ann, pull: PULL, head: FIX, branch: 'fixpoint/x', merged: BASE })
    expect(merged).toMatchObject({ done: `told ${RUN}: ended` })
    expect((await inbox.waiting(RUN)).map(({ message }) => message)).toMatchObject([{ kind: 'ended', outcome: 'merged', merge: BASE }])
  })

  it('says below it what became of a wish to change it', async () => {
    const { made, host, threads, report, append } = await desk(PUBLISHED)
    await threads.bind({ repository: 'acme/shop', number: PULL, kind: 'pull', report: report.id, run: RUN })
    await append([{ kind: 'changes-requested', by: 'ann', lesson: DIGEST }])
    await made.speak(RUN)
    expect(host.comments.get(PULL)?.get(`report-${report.id}`)).toContain('working on the changes')
    expect(host.states.size).toBe(0)
  })
})

it('a pull request that was merged before anybody could hear of it is merged', async () => {
  const { made, host, threads, report, inbox } = await desk(PUBLISHED)
  await threads.bind({ repository: 'acme/shop', number: PULL, kind: 'pull', report: report.id, run: RUN })
  const pull = { number: PULL, draft: false, branch: 'fixpoint/x', head: FIX, url: 'https://host.example/7' }
  host.pulls.set(PULL, { ...pull, state: 'open', merged: undefined })
  await made.speak(RUN)
  expect(await inbox.waiting(RUN)).toEqual([])
  host.pulls.set(PULL, { ...pull, state: 'merged', merged: BASE, mergedBy: ann })
  await made.speak(RUN)
  expect((await inbox.waiting(RUN)).map(({ message }) => message)).toMatchObject([{ kind: 'ended', outcome: 'merged', by: 'ann', merge: BASE }])
})

it('the labels that ask for a run are made once; a host that refuses is left alone', async () => {
  const { hear, host } = await desk()
  await hear({ kind: 'installed', repository: 'acme/shop', by: ann })
  await expect.poll(() => [...host.labels]).toEqual(['fixpoint'])
  host.labels.clear()
  await hear({ kind: 'installed', repository: 'acme/shop', by: ann })
  expect(host.labels.size).toBe(0)
  const other = await desk()
  other.host.ensureLabel = () => Promise.reject(new HostFailure('host-refused', 'the app may not do this', 'Grant it.'))
  expect(await other.hear({ kind: 'installed', repository: 'acme/shop', by: ann })).toMatchObject({ done: 'installed on acme/shop' })
})

describe('a run that the service cannot go on with', () => {
  const REASON = `${PARKED}ENOENT: /srv/fixpoint/mirrors/x`

  async function parked() {
    const at = await desk(PUBLISHED.slice(0, 1))
    await at.threads.bind({ repository: 'acme/shop', number: 3, kind: 'issue', report: at.report.id, run: undefined })
    await at.reports.move(at.report.id, { from: ['running'], to: 'held', reason: REASON })
    await at.made.speak(RUN)
    return at
  }
  const said = (command: 'retry' | 'stop'): HostEvent => ({
    ...{ kind: 'commanded', repository: 'acme/shop', by: ann, pull: false, comment: 9, point: false, command: { name: command, words: '' } },
    issue: ISSUE,
  })

  it('says so with the next step, and nothing of this machine', async () => {
    const { host, report } = await parked()
    const text = host.comments.get(3)?.get(`report-${report.id}`) ?? ''
    expect(text).toContain('### Fixpoint cannot go on by itself')
    expect(text).toContain('`/fixpoint retry`')
    expect(text).not.toContain('/srv')
    expect(host.ownChecks.map(({ state, buttons }) => [state, buttons.map(({ action }) => action)])).toEqual([['action-required', ['retry', 'stop']]])
  })

  it('hears that it is to be stopped', async () => {
    const { hear, inbox, released, woken } = await parked()
    await hear(said('stop'))
    expect([released, woken, (await inbox.waiting(RUN)).map(({ message }) => message.kind)]).toEqual([[RUN], [RUN, RUN], ['cancel']])
  })
})

describe('in a repository where it was turned off meanwhile', () => {
  async function turnedOff() {
    const at = await desk(PUBLISHED.slice(0, 1), { settingsOf: async () => ({ ...SETTINGS, off: 'Somebody turned it off.' }) })
    await at.threads.bind({ repository: 'acme/shop', number: 3, kind: 'issue', report: at.report.id, run: undefined })
    return at
  }
  const said = (name: 'stop' | 'retry'): HostEvent => ({
    ...{ kind: 'commanded', repository: 'acme/shop', by: ann, pull: false, comment: 9, point: false, command: { name, words: '' }, issue: ISSUE },
  })

  it('a run that is under way can be stopped', async () => {
    const { hear, inbox, host } = await turnedOff()
    await hear(said('stop'))
    expect((await inbox.waiting(RUN)).map(({ message }) => message.kind)).toEqual(['cancel'])
    expect(host.reactions.map(({ reaction }) => reaction)).toEqual(['eyes'])
  })

  it.each([
    ['a command', said('retry')],
    ['a button', { kind: 'button-pressed', repository: 'acme/shop', by: ann, run: RUN, action: 'retry' } as const],
  ])('%s begins nothing, and is answered', async (_, event) => {
    const { hear, host, released } = await turnedOff()
    expect(await hear(event)).toMatchObject({ ignored: expect.stringContaining('Somebody turned it off.') })
    expect([...(host.comments.get(3)?.values() ?? [])]).toEqual(['### Fixpoint is off in this repository\n\nSomebody turned it off.\n'])
    expect([host.reactions, released]).toEqual([[], []])
  })
})

it.each([
  ['stop', 'Nothing comes of `/fixpoint stop`: nothing is under way here.'],
  ['approve', 'Nothing comes of `/fixpoint approve`: no patch waits for a word here.'],
] as const)('whoever says %s where that changes nothing is told why, once', async (name, words) => {
  const { hear, host } = await desk()
  const event = (comment: number): HostEvent => ({
    ...{ kind: 'commanded', repository: 'acme/shop', by: ann, pull: false, comment, point: false, command: { name, words: '' }, issue: ISSUE },
  })
  for (const comment of [9, 10]) await hear(event(comment))
  expect([...(host.comments.get(3)?.values() ?? [])]).toEqual([expect.stringContaining(words)])
})

it('the words of a model on the cause are added as soon as they are there, and nobody waits for them', async () => {
  const asked: RunId[] = []
  let answer: (words: Explanation) => void = () => undefined
  const explain = (run: RunId) => {
    asked.push(run)
    return new Promise<Explanation>((resolve) => {
      answer = resolve
    })
  }
  const { hear, host, threads, report } = await desk(PUBLISHED, { explain })
  await threads.bind({ repository: 'acme/shop', number: 3, kind: 'issue', report: report.id, run: undefined })
  const command = { name: 'explain', words: '' } as const
  const said: HostEvent = { kind: 'commanded', repository: 'acme/shop', by: ann, pull: false, comment: 9, point: false, command, issue: ISSUE }
  for (let twice = 0; twice < 2; twice += 1) expect(await hear(said)).toMatchObject({ done: 'said what is known of the cause' })
  const text = () => host.comments.get(3)?.get(`cause-${report.id}`) ?? ''
  expect(text()).toContain('What is known of the cause')
  expect(text()).not.toContain('In a model’s words')
  answer({ text: 'The index is one too far.', evidence: [{ path: 'src/last.js', lines: [2, 2], why: 'counts from 0' }], model: 'house/model' })
  await expect.poll(text).toContain('The index is one too far.')
  expect(text()).toContain(`[\`src/last.js:2\`](https://host.example/acme/shop/${BASE}/src%2Flast.js#2-2) — counts from 0`)
  expect(asked).toEqual([RUN])
})

it('who asked is named, also when the run is under way and when it is over', async () => {
  const { hear, host, report, reports, made } = await desk()
  await hear({ kind: 'labelled', repository: 'acme/shop', by: ann, label: 'fixpoint', issue: ISSUE })
  const [asked] = (await reports.list({ limit: 9 })).filter(({ id }) => id !== report.id)
  expect(asked).toMatchObject({ state: 'running', wantedBy: undefined, askedBy: 'ann' })
  await made.speak(asked?.runs.at(-1) ?? RUN)
  expect(host.comments.get(3)?.get(`report-${asked?.id}`)).toContain('asked by ann')
})

it('how much stands of what was merged into a repository that is gone is not known, and not nothing', async () => {
  const { threads, deskHands, hands } = await desk()
  const gone = new HostFailure('host-gone', 'acme/shop is gone', 'Install the app there.')
  const at = new Date('2026-01-01T00:00:00Z')
  await threads.ended({ repository: 'acme/shop', number: PULL, run: RUN, outcome: 'merged', at, commit: BASE })
  await measureSurvival({ ...deskHands, survivalOf: () => Promise.reject(gone) }, hands, new AbortController().signal)
  expect(await threads.survivalDue(new Date('2027-01-01T00:00:00Z'), 9)).toEqual([])
  expect((await threads.outcomes(at)).map(({ survived }) => survived)).toEqual([{}])
})
