import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { IllegalEvent, type JournalEntry, RunId, type Subscription, Topic } from '@fixpoint/core'
import { type Database, migrate, openDatabase, PostgresArtifacts, PostgresJournal, PostgresOutbox, PrivatePostgres } from '@fixpoint/store'
import { aPolicy, someEntries } from '@fixpoint/testkit'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { OutboundSender } from './outbound-sender.ts'
import type { Subscriber } from './subscriber.ts'

let folder: string
let server: PrivatePostgres
let database: Database
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fixpoint-outbound-'))
  server = await PrivatePostgres.start({ folder, settings: { fsync: 'off' } })
  database = await openDatabase(server.url)
  await migrate(database)
})
afterAll(async () => {
  await database.close()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

const closing: (() => void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) close()
  await database.query('TRUNCATE fixpoint.events, fixpoint.leases, fixpoint.runs, fixpoint.artifacts, fixpoint.outbound, fixpoint.report_runs CASCADE')
})

const never = new AbortController().signal
const SECRET = `whsec_${randomBytes(32).toString('base64')}`
const digest = 'a'.repeat(64) as never
const runOf = (number: number) => RunId.parse(`run_${String(number).padStart(26, '0')}`)
const run = runOf(7)

interface Heard {
  readonly id: string
  readonly told: { readonly type: string; readonly data: Record<string, string> }
}

/** A receiver that verifies what it hears with the public library. `status` may change while it lives. */
async function receiver(state: { status: number; delayMs?: number } = { status: 200 }) {
  const heard: Heard[] = []
  const http = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece) => pieces.push(piece))
    request.on('end', async () => {
      const body = Buffer.concat(pieces).toString('utf8')
      heard.push({
        id: String(request.headers['webhook-id']),
        told: new Webhook(SECRET).verify(body, request.headers as Record<string, string>) as Heard['told'],
      })
      await sleep(state.delayMs ?? 0)
      response.writeHead(state.status).end()
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => http.once('listening', resolve))
  closing.push(() => {
    http.closeAllConnections()
    http.close()
  })
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/`, heard, state }
}

const webhook = (name: string, url: string, topics: readonly Topic[] = Topic.options): Subscriber => ({
  ...{ kind: 'webhook', name, url, reach: 'private', secrets: [SECRET], topics },
})

function office(subscribers: readonly Subscriber[], pausesMs: readonly number[] = [0, 0]) {
  const outbox = new PostgresOutbox(database, subscribers)
  const artifacts = new PostgresArtifacts(database)
  const log = { warn: () => undefined }
  const clock = { now: () => new Date() }
  const sender = new OutboundSender({ outbox, artifacts, subscribers, publicUrl: 'https://fixpoint.example.org/', clock, log, pausesMs })
  const sendDue = async () => {
    for (const id of await outbox.due()) await sender.send(id, never)
  }
  return { outbox, artifacts, sender, sendDue }
}

async function appended(events: readonly JournalEntry['event'][], subscriptions: readonly Subscription[], to = run): Promise<void> {
  const journal = new PostgresJournal(database, subscriptions)
  await using lease = await journal.lease(to)
  for (const entry of someEntries([...events])) await lease.append(entry)
}

const opened = (policy: Parameters<typeof aPolicy>[0] = {}): JournalEntry['event'] => ({
  ...{ kind: 'run-opened', report: digest, workspace: digest, base: 'b'.repeat(40), policy: aPolicy(policy) },
})
const toProposal = (proposal: never, policy: Parameters<typeof aPolicy>[0]): readonly JournalEntry['event'][] => [
  opened(policy),
  { kind: 'bug-reproduced', reproduction: digest, baseline: digest, source: 'named-test' },
  { kind: 'dossier-gathered', dossier: digest },
  { kind: 'patch-drafted', drafter: 'patterns', candidate: digest, pending: [] },
  { kind: 'patch-minimised', candidate: digest, patch: digest },
  { kind: 'patch-judged', verdict: 'fixed', judgement: digest },
  { kind: 'patch-chosen', candidate: digest, judgement: digest, verdict: 'fixed' },
  { kind: 'proposal-planned', proposal },
]
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

describe('what happens to a run', () => {
  it('is told to everybody who asked for it, with its repository and the strength of its evidence', async () => {
    const [all, some] = [await receiver(), await receiver()]
    const subscribers = [webhook('all', all.url), webhook('some', some.url, ['run.settled'])]
    const { artifacts, sendDue } = office(subscribers)
    const proposal = (await artifacts.put(bytes({ strength: 'verified', body: 'customer@example.org' }))) as never
    await database.query(`INSERT INTO fixpoint.reports (id, group_key, title, state, severity, source, report, first_seen, last_seen)
      VALUES ('rep_1', 'g', 'TypeError: customer@example.org', 'running', 'error', 'sentry', '', now(), now())`)
    await database.query("INSERT INTO fixpoint.report_runs (report, run, repository) VALUES ('rep_1', $1, 'shop')", [run])
    await appended([...toProposal(proposal, { approval: 'person' }), { kind: 'proposal-rejected', by: 'ann', reason: digest }], subscribers)
    await sendDue()
    expect(all.heard.map(({ told }) => told.type)).toEqual(['run.started', 'run.reproduced', 'patch.judged', 'proposal.ready', 'run.settled'])
    expect(all.heard.at(-1)?.told).toEqual({
      type: 'run.settled',
      timestamp: expect.any(String),
      data: {
        ...{ run, report: 'rep_1', repository: 'shop', outcome: 'declined', proposal, strength: 'verified' },
        url: `https://fixpoint.example.org/api/runs/${run}`,
      },
    })
    expect(some.heard.map(({ told }) => told.type)).toEqual(['run.settled'])
    expect(JSON.stringify([all.heard, some.heard])).not.toContain('customer')
  })

  it('why it was abandoned is told; and what only observes has no proposal ready', async () => {
    const one = await receiver()
    const subscribers = [webhook('one', one.url)]
    const { artifacts, sendDue } = office(subscribers)
    const diagnosis = (await artifacts.put(bytes({ reason: 'no-patch', summary: 'customer@example.org' }))) as never
    await appended([opened(), { kind: 'run-stopped', reason: 'no-patch', detail: digest }, { kind: 'run-diagnosed', diagnosis }], subscribers)
    await appended([...toProposal(digest, { autonomy: 'observe' }), { kind: 'proposal-withheld' }], subscribers, runOf(8))
    await sendDue()
    expect(one.heard.map(({ told }) => [told.type, told.data.outcome, told.data.reason])).toEqual([
      ['run.started', undefined, undefined],
      ['run.settled', 'abandoned', 'no-patch'],
      ['run.started', undefined, undefined],
      ['run.reproduced', undefined, undefined],
      ['patch.judged', undefined, undefined],
      ['run.settled', 'delivered', undefined],
    ])
  })

  it('is written with the fact or not at all', async () => {
    const subscribers = [webhook('one', 'https://example.org')]
    const { outbox } = office(subscribers)
    const journal = new PostgresJournal(database, subscribers)
    const [first, second] = someEntries([opened(), { kind: 'run-cancelled' }]) as [JournalEntry, JournalEntry]
    const old = await journal.lease(run)
    await old.append(first)
    const fresh = await journal.lease(run)
    await expect(old.append(second)).rejects.toThrow('another driver')
    await expect(fresh.append({ ...second, event: { kind: 'run-settled', outcome: 'merged' } })).rejects.toThrow(IllegalEvent)
    expect(await outbox.list({ limit: 9 })).toHaveLength(1)
    await database.query('ALTER TABLE fixpoint.outbound ADD CONSTRAINT full_disk CHECK (topic <> $$run.settled$$)')
    await expect(fresh.append(second)).rejects.toThrow('full_disk')
    expect(await journal.read(run)).toEqual([first])
    await database.query('ALTER TABLE fixpoint.outbound DROP CONSTRAINT full_disk')
    await (await journal.lease(run)).append(second)
    expect((await outbox.list({ limit: 9 })).map(({ announcement }) => announcement.topic)).toEqual(['run.settled', 'run.started'])
  })
})

describe('a receiver', () => {
  it('that is down holds up nobody; is tried under one id; is given up with the reason; and is told when it is back', async () => {
    const [down, well] = [await receiver({ status: 503 }), await receiver()]
    const subscribers = [webhook('down', down.url), webhook('well', well.url)]
    const { outbox, sendDue } = office(subscribers)
    await appended([opened(), { kind: 'run-cancelled' }], subscribers)
    await sendDue()
    expect(well.heard).toHaveLength(2)
    for (let tries = 0; tries < 6; tries += 1) await sendDue()
    expect(new Set(down.heard.map(({ id }) => id)).size).toBe(2)
    expect(down.heard).toHaveLength(6)
    expect(well.heard).toHaveLength(2)
    const failed = await outbox.list({ limit: 9, state: 'failed' })
    expect(failed.map(({ subscriber, attempts, reason }) => ({ subscriber, attempts, reason }))).toEqual(
      Array(2).fill({ subscriber: 'down', attempts: 3, reason: 'it answered 503, at the last of 3 tries' }),
    )
    down.state.status = 200
    expect(await outbox.resend(failed[0]?.id ?? '')).toBe(true)
    expect(await outbox.resend('out_gone')).toBe(false)
    await sendDue()
    expect(await outbox.get(failed[0]?.id ?? '')).toMatchObject({ state: 'sent', attempts: 1, reason: undefined })
  })

  it('hears each message once, however many processes send', async () => {
    const one = await receiver({ status: 200, delayMs: 5 })
    const subscribers = [webhook('one', one.url)]
    const { outbox, sender } = office(subscribers)
    for (let number = 1; number <= 10; number += 1) await appended([opened(), { kind: 'run-cancelled' }], subscribers, runOf(number))
    const ids = (await outbox.list({ limit: 99 })).map(({ id }) => id).reverse()
    await Promise.all(ids.slice(0, 8).map((id) => sender.send(id, never)))
    expect(one.heard.map(({ id }) => id).toSorted()).toEqual(ids)
    expect(await outbox.due()).toEqual([])
  })

  it('of a sender that died hears it from another one', async () => {
    const one = await receiver()
    const subscribers = [webhook('one', one.url)]
    const { outbox, sendDue } = office(subscribers)
    await appended([opened()], subscribers)
    expect(await outbox.take('one', 300)).toMatchObject({ attempts: 1 })
    expect(await outbox.due()).toEqual([])
    await sleep(350)
    await sendDue()
    expect(one.heard).toHaveLength(1)
    expect(await outbox.list({ limit: 9 })).toMatchObject([{ state: 'sent', attempts: 2 }])
  })

  it('that is not in the settings any more, or wants nothing any more, is given up at once', async () => {
    const gone = await receiver({ status: 410 })
    const subscribers = [webhook('gone', gone.url)]
    await appended([opened()], [...subscribers, { name: 'removed', topics: Topic.options }])
    const { outbox, sendDue } = office(subscribers)
    await sendDue()
    expect((await outbox.list({ limit: 9 })).map(({ state, reason }) => [state, reason]).toSorted()).toEqual([
      ['failed', 'it answered 410: it wants nothing any more'],
      ['failed', 'nobody of that name is in the settings (outbound)'],
    ])
  })
})

it('a report of a week is told once', async () => {
  const { outbox } = office([webhook('one', 'https://example.org')])
  const counts = { withheld: 1, identical: 1, sameLines: 0, sameFiles: 0, untouched: 0, unknown: 0, seenAgain: 0 }
  const week = { topic: 'observe.weekly' as const, since: '2026-03-02T00:00:00Z', until: '2026-03-09T00:00:00Z', ...counts }
  expect([await outbox.announce(week, '2026-W10'), await outbox.announce(week, '2026-W10'), await outbox.announce(week, '2026-W11')]).toEqual([1, 0, 1])
  expect(await outbox.expire(new Date(Date.now() + 1000))).toBe(0)
})
