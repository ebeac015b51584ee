import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Digest, ObjectId, type RunEvent, RunId } from '@fixpoint/core'
import { aPolicy, aUsage, someEntries } from '@fixpoint/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Database, openDatabase } from './database.ts'
import { migrate } from './migrations/migrate.ts'
import { PostgresHostThreads } from './postgres-host-threads.ts'
import { PostgresInsights } from './postgres-insights.ts'
import { PostgresJournal } from './postgres-journal.ts'
import { PostgresLedger } from './postgres-ledger.ts'
import { PostgresReports } from './postgres-reports.ts'
import { PrivatePostgres } from './private-server/private-postgres.ts'

let folder: string
let server: PrivatePostgres
let database: Database
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fixpoint-insights-'))
  server = await PrivatePostgres.start({ folder, settings: { fsync: 'off' } })
  database = await openDatabase(server.url)
  await migrate(database)
})
afterAll(async () => {
  await database?.close()
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
})

const DAY = 24 * 3_600_000
const MONDAY = new Date('2026-03-02T00:00:00.000Z')
const digest = Digest.parse('d'.repeat(64))
const commit = ObjectId.parse('c'.repeat(40))
const runOf = (number: number) => RunId.parse(`run_${String(number).padStart(26, '0')}`)

const opened: RunEvent = { kind: 'run-opened', report: digest, workspace: digest, base: commit, policy: aPolicy() }
const reproduced: RunEvent = { kind: 'bug-reproduced', reproduction: digest, baseline: digest, source: 'named-test' }
const answered: RunEvent = {
  ...{ kind: 'model-answered', lane: 'cheap', conversation: 'draft 0', model: 'some/model', prompts: '1', request: digest, exchange: digest },
  ...{ usage: aUsage({ inputTokens: 900, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 100 }), money: 0.5 },
}
const proposed: readonly RunEvent[] = [
  ...[opened, reproduced, { kind: 'dossier-gathered', dossier: digest } as const, answered],
  { kind: 'patch-drafted', drafter: 'cheap', candidate: digest, pending: [] },
  { kind: 'patch-minimised', candidate: digest, patch: digest },
  { kind: 'patch-judged', verdict: 'fixed', judgement: digest },
  { kind: 'patch-chosen', candidate: digest, judgement: digest, verdict: 'fixed' },
  { kind: 'proposal-planned', proposal: digest, strength: 'verified' },
]
const edit = Digest.parse('e'.repeat(64))
/** Somebody's patch is judged beside the proposal, which stands until it passes. */
const edited: readonly RunEvent[] = [
  ...proposed,
  { kind: 'patch-edited', by: 'ada', edit },
  { kind: 'patch-drafted', drafter: 'person', candidate: edit, pending: [] },
  { kind: 'patch-minimised', candidate: edit, patch: edit },
]
const unread: readonly RunEvent[] = [
  ...edited,
  { kind: 'patch-judged', verdict: 'fixed', judgement: edit },
  { kind: 'patch-chosen', candidate: edit, judgement: edit, verdict: 'fixed' },
]
const merged: readonly RunEvent[] = [...proposed, { kind: 'proposal-published', commit, pull: 7 }, { kind: 'run-settled', outcome: 'merged' }]
const unreproduced: readonly RunEvent[] = [opened, { kind: 'bug-not-reproduced', findings: digest }, { kind: 'run-diagnosed', diagnosis: digest }]

async function wrote(number: number, repository: string, at: Date, events: readonly RunEvent[]): Promise<void> {
  const reports = new PostgresReports(database)
  const { report } = await reports.sight({
    ...{ groupKey: `group-${number}`, title: 'TypeError', report: digest, hasTrace: true, severity: 'error' },
    ...{ source: 'sentry', delivery: `dlv_${number}`, at, repository },
  })
  await reports.move(report.id, { from: ['new'], to: 'running', run: runOf(number) })
  await using journal = new PostgresJournal(database)
  await using lease = await journal.lease(runOf(number))
  for (const entry of someEntries(events, at.toISOString())) await lease.append(entry)
}

it('counts how far runs came, what was kept of it, what it cost, and why others came to nothing', async () => {
  await wrote(1, 'acme/shop', MONDAY, merged)
  await wrote(2, 'acme/shop', MONDAY, proposed)
  await wrote(3, 'acme/desk', MONDAY, unreproduced)
  // A week before: everything takes a second there too.
  await wrote(4, 'acme/shop', new Date(MONDAY.getTime() - 3 * DAY), unreproduced)
  const ledger = new PostgresLedger(database, { perRun: {}, perRepositoryPerDay: {}, perDay: {} })
  const budget = { money: 5, tokens: 10_000 }
  const reserved = await ledger.reserve({ run: runOf(1), repository: 'acme/shop', atMost: { money: 1, tokens: 2000 }, budget, deadlineMs: 60_000 })
  await ledger.settle('reservation' in reserved ? reserved.reservation : '', { money: 0.5, tokens: 1000 })
  const threads = new PostgresHostThreads(database)
  await threads.ended({ repository: 'acme/shop', number: 7, run: runOf(1), outcome: 'merged', at: new Date(MONDAY.getTime() + 600_000), commit })
  await threads.survived('acme/shop', 7, 7, 0.8)

  const insights = new PostgresInsights(database)
  const week = [new Date(MONDAY.getTime() - DAY), new Date(MONDAY.getTime() + 6 * DAY)] as const
  const told = await insights.between(...week)
  expect(told.funnel).toEqual({ reports: 3, runs: 3, reproduced: 2, patched: 2, verified: 2, proposed: 2, merged: 1, surviving: 1 })
  expect(told.decided).toEqual({ merged: 1, delivered: 0, declined: 0, waiting: 1 })
  expect(told.retention).toEqual([{ days: 7, measured: 1, share: 0.8 }])
  expect(told.perMerged).toEqual({ medianMinutes: 10, money: 0.5, tokens: 1000 })
  expect(told.failures).toEqual([{ reason: 'not-reproduced', runs: 1 }])
  expect(told.byRepository).toEqual([
    { name: 'acme/shop', runs: 2, proposed: 2, merged: 1, declined: 0, money: 0.5, tokens: 1000 },
    { name: 'acme/desk', runs: 1, proposed: 0, merged: 0, declined: 0, money: 0, tokens: 0 },
  ])
  expect(told.byDrafter.map(({ name, runs }) => [name, runs])).toEqual([
    ['cheap', 2],
    ['', 1],
  ])
  expect(told.byModel).toEqual([{ name: 'some/model', runs: 2, proposed: 2, merged: 1, declined: 0, money: 1, tokens: 2000 }])
  // The exchange belongs to the draft: it took both seconds.
  expect(told.steps.find(({ step }) => step === 'draft-patch')).toEqual({
    step: 'draft-patch',
    times: 2,
    medianMs: 2000,
    slowestTenthMs: 2000,
    beforeMs: undefined,
  })
  expect(told.steps.find(({ step }) => step === 'reproduce-bug')).toMatchObject({ times: 3, medianMs: 1000, beforeMs: 1000 })

  expect((await insights.between(...week, 'acme/desk')).funnel).toMatchObject({ reports: 1, runs: 1, reproduced: 0 })
  const never = await insights.between(new Date(0), new Date(DAY))
  expect([never.funnel.runs, never.perMerged, never.steps]).toEqual([0, undefined, []])
})

let edits = 100
it.each<readonly [string, readonly RunEvent[], string]>([
  ['a gate refuses stays the drafter’s', [...edited, { kind: 'patch-judged', verdict: 'regressed', judgement: edit }], 'cheap'],
  ['whoever reads it refuses stays the drafter’s', [...unread, { kind: 'patch-reviewed', lane: 'strong', approved: false, review: digest }], 'cheap'],
  ['is offered is that person’s', [...unread, { kind: 'proposal-planned', proposal: edit, strength: 'verified' }], 'person'],
])('a run whose patch somebody edited into one that %s', async (_name, events, drafter) => {
  const [number, at] = [edits++, new Date(MONDAY.getTime() + 30 * DAY)]
  await wrote(number, `acme/${number}`, at, events)
  const { byDrafter } = await new PostgresInsights(database).between(at, new Date(at.getTime() + DAY), `acme/${number}`)
  expect(byDrafter.map((each) => [each.name, each.runs, each.proposed])).toEqual([[drafter, 1, 1]])
})
