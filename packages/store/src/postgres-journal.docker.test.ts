import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure, IllegalEvent, type JournalEntry, RunId, type RunPage, StaleRun } from '@fixpoint/core'
import { aPolicy, artifactsContract, journalContract, someEntries } from '@fixpoint/testkit'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { Database, openDatabase } from './database.ts'
import { migrate } from './migrations/migrate.ts'
import { PostgresArtifacts } from './postgres-artifacts.ts'
import { PostgresFixes } from './postgres-fixes.ts'
import { PostgresInbox } from './postgres-inbox.ts'
import { PostgresJournal } from './postgres-journal.ts'
import { PostgresLedger } from './postgres-ledger.ts'
import { PostgresReports } from './postgres-reports.ts'
import { PostgresRunIndex } from './postgres-run-index.ts'
import { PrivatePostgres } from './private-server/private-postgres.ts'
import { UnreadableJournal } from './unreadable-journal.ts'

let folder: string
let server: PrivatePostgres
let database: Database
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fixpoint-store-'))
  server = await PrivatePostgres.start({ folder, settings: { fsync: 'off' } })
  database = await openDatabase(server.url)
  await migrate(database)
})
afterAll(async () => {
  await database?.close()
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
})

const open: (PostgresJournal | Database)[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

function journalOn(where: Database): PostgresJournal {
  const journal = new PostgresJournal(where)
  open.push(journal)
  return journal
}

async function emptied(): Promise<Database> {
  await database.query('TRUNCATE fixpoint.events, fixpoint.leases, fixpoint.runs, fixpoint.artifacts, fixpoint.inbox')
  return database
}

journalContract(
  async () => journalOn(await emptied()),
  () => {
    const other = new Database({ connectionString: server.url })
    open.push(other)
    return journalOn(other)
  },
)
artifactsContract(async () => new PostgresArtifacts(await emptied()))

const run = RunId.parse(`run_${'7'.padStart(26, '0')}`)
const later = RunId.parse(`run_${'8'.padStart(26, '0')}`)
const digest = 'a'.repeat(64) as never
const proposal = 'c'.repeat(64) as never
const opened: JournalEntry['event'] = { kind: 'run-opened', report: digest, workspace: digest, base: 'b'.repeat(40), policy: aPolicy() }
const failed: JournalEntry['event'] = { kind: 'step-failed', step: 'reproduce-bug', code: 'room-lost', detail: digest }
const [first, second] = someEntries([opened, failed]) as [JournalEntry, JournalEntry]
const toDecision = someEntries([
  { kind: 'run-opened', report: digest, workspace: digest, base: 'b'.repeat(40), policy: aPolicy({ approval: 'person' }) },
  { kind: 'bug-reproduced', reproduction: digest, baseline: digest, source: 'named-test' },
  { kind: 'dossier-gathered', dossier: digest },
  { kind: 'patch-drafted', drafter: 'patterns', candidate: digest, pending: [] },
  { kind: 'patch-minimised', candidate: digest, patch: digest },
  { kind: 'patch-judged', verdict: 'fixed', judgement: digest },
  { kind: 'patch-chosen', candidate: digest, judgement: digest, verdict: 'fixed' },
  { kind: 'proposal-planned', proposal },
])

async function appended(entries: readonly JournalEntry[], to = run): Promise<PostgresJournal> {
  const journal = journalOn(await emptied())
  await using lease = await journal.lease(to)
  for (const entry of entries) await lease.append(entry)
  return journal
}

describe('the journal', () => {
  it('keeps no fact that the phase of its run does not allow', async () => {
    const journal = await appended([first])
    const lease = await journal.lease(run)
    await expect(lease.append({ ...second, event: { kind: 'dossier-gathered', dossier: digest } })).rejects.toThrow(IllegalEvent)
    expect(await journal.read(run)).toEqual([first])
    await lease.append(second)
  })

  it.each([
    ['missing in the middle', 'DELETE FROM fixpoint.events WHERE seq = 0', 'event 0 is missing'],
    ['of a kind from the future', `UPDATE fixpoint.events SET entry = '{"v":1,"event":{"kind":"moon-landed"}}' WHERE seq = 1`, 'newer version'],
    ['in a format from the future', `UPDATE fixpoint.events SET entry = '{"v":2}' WHERE seq = 1`, 'newer version'],
    ['not an event at all', `UPDATE fixpoint.events SET entry = 'null' WHERE seq = 1`, 'is not an event'],
  ])('%s: refuses to tell the run', async (_, damage, why) => {
    const journal = await appended([first, second])
    await database.query(damage)
    const error = await journal.read(run).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(UnreadableJournal)
    expect((error as Error).message).toContain(why)
  })

  it('an append whose answer was lost is found by its token, and is there once', async () => {
    const journal = journalOn(await emptied())
    const flaky = new Database({ connectionString: server.url })
    open.push(flaky)
    const lease = await journalOn(flaky).lease(run)
    const ask = flaky.query.bind(flaky)
    let lost = 0
    flaky.query = (async (text: string, values?: readonly unknown[]) => {
      const result = await ask(text, values)
      if (text.includes('INSERT INTO fixpoint.events') && lost++ === 0) throw new Failure('database-unreachable', 'the answer was lost', 'again')
      return result
    }) as typeof flaky.query
    await lease.append(first)
    expect(await journal.read(run)).toEqual([first])
    await lease.append(second)
  })

  it('drivers that take the run from each other, again and again: no number is missing or doubled, and the index says the same', async () => {
    const journal = await appended([first])
    const total = 80
    const drive = async () => {
      const own = new Database({ connectionString: server.url }, { connections: 2 })
      open.push(own)
      const mine = journalOn(own)
      let refused = 0
      for (let seq = 1; seq < total; ) {
        const lease = await mine.lease(run)
        try {
          for (seq = (await mine.read(run)).length; seq < total; seq += 1) await lease.append({ ...second, seq })
        } catch (error) {
          if (!(error instanceof StaleRun)) throw error
          refused += 1
          await sleep(Math.random() * 20)
        }
      }
      return refused
    }
    const refused = await Promise.all([drive(), drive(), drive(), drive()])
    expect(Math.max(...refused)).toBeGreaterThan(0)
    const entries = await journal.read(run)
    expect(entries.map((entry) => entry.seq)).toEqual(Array.from({ length: total }, (_, seq) => seq))
    expect(await new PostgresRunIndex(database).get(run)).toMatchObject({ entries: total, phase: 'opened' })
  })

  it('goes on after every connection was cut', async () => {
    const journal = await appended([])
    const lease = await journal.lease(run)
    await lease.append(first)
    await cutAll()
    await lease.append(second)
    expect(await journal.read(run)).toEqual([first, second])
  })
})

async function cutAll(): Promise<void> {
  await using killer = new Database({ connectionString: server.url }, { connections: 1 })
  await killer.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()')
}

describe('watching all runs', () => {
  it('names each run that was appended to, once however often, and ends with its signal', async () => {
    const journal = await appended([])
    const stop = new AbortController()
    const seen: (RunId | undefined)[] = []
    const watching = (async () => {
      for await (const changed of journal.changes(stop.signal)) {
        seen.push(changed)
        if (seen.includes(later) && seen.includes(run)) return
      }
    })()
    // What was said before we listened was heard by nobody: that is the first thing it says.
    await vi.waitFor(() => expect(seen).toEqual([undefined]), { timeout: 5000 })
    for await (const changed of journal.changes(stop.signal)) {
      expect(changed, 'also to whoever comes later: what they know may be older').toBeUndefined()
      break
    }
    await using one = await journal.lease(run)
    await one.append(first)
    await using other = await journal.lease(later)
    await other.append(first)
    await watching
    expect(new Set(seen)).toEqual(new Set([undefined, run, later]))
    const ended = (async () => {
      for await (const _ of journal.changes(stop.signal));
    })()
    stop.abort()
    await ended
  })

  it('can be closed when whoever watched has left before it listened', async () => {
    const journal = await appended([])
    const stop = new AbortController()
    const watching = (async () => {
      for await (const _ of journal.changes(stop.signal));
    })()
    stop.abort()
    await watching
    await journal.close()
    const { rowCount } = await database.query("SELECT 1 FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
    expect(rowCount).toBe(0)
  })
})

describe('following', () => {
  const late = (seq: number): JournalEntry => ({ v: 1, seq, at: '2026-01-02T03:04:05.000Z', event: failed })

  it('gives what is there and what comes, and ends with its signal', async () => {
    const journal = await appended([first, second])
    const stop = new AbortController()
    const seen: number[] = []
    const following = (async () => {
      for await (const entry of journal.follow(run, 1, stop.signal)) {
        seen.push(entry.seq)
        if (entry.seq === 3) stop.abort()
      }
    })()
    const lease = await journal.lease(run)
    await sleep(100)
    await lease.append(late(2))
    await lease.append(late(3))
    await following
    expect(seen).toEqual([1, 2, 3])
  })

  it('hears of an append in another process at once', async () => {
    const journal = await appended([first])
    const other = new Database({ connectionString: server.url })
    open.push(other)
    const stop = new AbortController()
    const entries = journal.follow(run, 1, stop.signal)[Symbol.asyncIterator]()
    const next = entries.next()
    await sleep(200)
    const started = performance.now()
    await (await journalOn(other).lease(run)).append(late(1))
    expect((await next).value).toEqual(late(1))
    expect(performance.now() - started).toBeLessThan(2000)
    stop.abort()
    expect((await entries.next()).done).toBe(true)
  })

  it('many followers of many runs, with connections cut again and again: nobody misses or doubles an entry', async () => {
    const journal = await appended([first])
    const writer = new Database({ connectionString: server.url })
    open.push(writer)
    const writing = journalOn(writer)
    const stop = new AbortController()
    const runs = [run, later]
    const last = 60
    const leases = await Promise.all(runs.map((each) => writing.lease(each)))
    await leases[1]?.append(first)
    const following = Array.from({ length: 8 }, async (_, index) => {
      const seen: number[] = []
      for await (const entry of journal.follow(runs[index % 2] as RunId, 0, stop.signal)) {
        seen.push(entry.seq)
        if (entry.seq === last) break
      }
      return seen
    })
    for (let seq = 1; seq <= last; seq += 1) {
      await Promise.all(leases.map((lease) => lease.append(late(seq))))
      if (seq % 20 === 10) await cutAll()
      await sleep(2)
    }
    for (const seen of await Promise.all(following)) expect(seen).toEqual(Array.from({ length: last + 1 }, (_, seq) => seq))
  })

  it('ends with an error when its database is closed, and leaves no connection', async () => {
    await appended([first])
    const own = new Database({ connectionString: server.url }, { name: 'closing' })
    const entries = journalOn(own).follow(run, 0, new AbortController().signal)[Symbol.asyncIterator]()
    expect((await entries.next()).value).toEqual(first)
    const next = entries.next()
    next.catch(() => undefined)
    const connections = async () => (await database.query(`SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'closing%'`)).rowCount
    await expect.poll(connections).toBe(2)
    await own.close()
    await expect(next).rejects.toThrow()
    await expect.poll(connections).toBe(0)
  })

  it('one connection listens for all, and none when nobody follows', async () => {
    const journal = await appended([first])
    const listening = async () =>
      Number((await database.query(`SELECT count(*) AS count FROM pg_stat_activity WHERE application_name LIKE '%(listening)'`)).rows[0]?.count)
    const stop = new AbortController()
    const following = Array.from({ length: 5 }, async () => {
      for await (const _ of journal.follow(run, 0, stop.signal));
    })
    await expect.poll(listening).toBe(1)
    stop.abort()
    await Promise.all(following)
    await expect.poll(listening).toBe(0)
  })
})

describe('the index of runs', () => {
  const index = () => new PostgresRunIndex(database)

  it('tells what the journal tells', async () => {
    await appended(toDecision)
    expect(await index().get(run)).toEqual({
      id: run,
      phase: 'proposing',
      awaiting: true,
      outcome: undefined,
      report: digest,
      proposal,
      owner: undefined,
      spent: { money: 0, tokens: 0 },
      entries: 8,
      openedAt: new Date(toDecision[0]?.at ?? ''),
      updatedAt: new Date(toDecision.at(-1)?.at ?? ''),
    })
    expect(await index().get(later)).toBeUndefined()
  })

  it('a settled run keeps its report', async () => {
    const cancelled: JournalEntry = { ...second, event: { kind: 'run-cancelled' } }
    await appended([first, cancelled])
    expect(await index().get(run)).toMatchObject({ phase: 'settled', outcome: 'cancelled', report: digest, awaiting: false })
    expect(await index().due(10)).toEqual([])
  })

  it('pages newest first, by phase and by who waits', async () => {
    const journal = await appended(toDecision)
    await (await journal.lease(later)).append(first)
    const ids = async (page: Parameters<PostgresRunIndex['list']>[0]) => (await index().list(page)).map((line) => line.id)
    expect(await ids({ limit: 10 })).toEqual([later, run])
    expect(await ids({ limit: 1 })).toEqual([later])
    expect(await ids({ limit: 10, before: later })).toEqual([run])
    expect(await ids({ limit: 10, phase: 'opened' })).toEqual([later])
    expect(await ids({ limit: 10, awaiting: true })).toEqual([run])
    expect(await ids({ limit: 10, awaiting: false })).toEqual([later])
  })

  it('knows the report of a run and what it took, and finds it by them', async () => {
    await database.query('TRUNCATE fixpoint.reports, fixpoint.spending CASCADE')
    await appended(toDecision)
    const reports = new PostgresReports(database)
    const { report } = await reports.sight({
      ...{ groupKey: 'group', title: 'TypeError: 100% of orders', report: digest, hasTrace: true, severity: 'error' },
      ...{ source: 'sentry', delivery: 'dlv_1', at: new Date(), repository: 'acme/shop', url: 'https://alerts.example/1' },
    })
    await reports.move(report.id, { from: ['new'], to: 'running', run })
    const ledger = new PostgresLedger(database, { perRun: {}, perRepositoryPerDay: {}, perDay: {} })
    const reserved = await ledger.reserve({
      run,
      repository: 'acme/shop',
      atMost: { money: 1, tokens: 100 },
      budget: { money: 5, tokens: 1000 },
      deadlineMs: 60_000,
    })
    await ledger.settle('reservation' in reserved ? reserved.reservation : '', { money: 0.25, tokens: 70 })
    expect(await index().get(run)).toMatchObject({
      owner: { id: report.id, title: 'TypeError: 100% of orders', source: 'sentry', repository: 'acme/shop', url: 'https://alerts.example/1' },
      spent: { money: 0.25, tokens: 70 },
    })
    const found = async (page: Omit<RunPage, 'limit'>) => (await index().list({ limit: 10, ...page })).length
    expect([await found({ text: '100% OF' }), await found({ text: '1_0' }), await found({ repository: 'acme/shop', source: 'sentry' })]).toEqual([1, 0, 1])
    expect([await found({ repository: 'acme' }), await found({ source: 'datadog' }), await found({ outcome: 'merged' })]).toEqual([0, 0, 0])
  })

  it('a run that waits for a person is due when it was spoken to', async () => {
    await appended(toDecision)
    expect(await index().due(10)).toEqual([])
    const inbox = new PostgresInbox(database)
    const id = await inbox.put(run, { kind: 'cancel', by: 'ada' })
    expect(await index().due(10)).toEqual([run])
    await inbox.take(id)
    expect(await index().due(10)).toEqual([])
  })

  it('what a stale driver or an illegal fact tried leaves no trace in it', async () => {
    const journal = await appended([first])
    const stale = await journal.lease(run)
    await journal.lease(run)
    await expect(stale.append({ ...second, event: { kind: 'run-cancelled' } })).rejects.toThrow(StaleRun)
    expect(await index().get(run)).toMatchObject({ phase: 'opened', entries: 1 })
  })
})

describe('artifacts', () => {
  const long = new TextEncoder().encode('again and '.repeat(10_000))

  it('are packed when it pays', async () => {
    await new PostgresArtifacts(await emptied()).put(long)
    const { rows } = await database.query('SELECT packing, size, length(bytes) AS length FROM fixpoint.artifacts')
    expect(rows).toEqual([{ packing: 'gzip', size: String(long.byteLength), length: expect.any(Number) }])
    expect(rows[0]?.length).toBeLessThan(2000)
  })

  it('more than fits is refused with a hint', async () => {
    const artifacts = new PostgresArtifacts(await emptied(), { largestBytes: 1000 })
    await expect(artifacts.put(new Uint8Array(1001))).rejects.toMatchObject({ code: 'artifact-too-large', hint: expect.stringMatching(/\w/) })
    await artifacts.put(new Uint8Array(1000))
  })

  it.each([`'\\x00'`, `''`])('damaged bytes (%s) count as missing', async (damage) => {
    const artifacts = new PostgresArtifacts(await emptied())
    const id = await artifacts.put(long)
    await database.query(`UPDATE fixpoint.artifacts SET bytes = ${damage}`)
    await expect(artifacts.get(id)).rejects.toMatchObject({ code: 'artifact-missing' })
  })

  it('what is old expires, but for what an unsettled run names or was made while it worked', async () => {
    const journal = await appended(toDecision)
    const artifacts = new PostgresArtifacts(database)
    const text = (words: string) => new TextEncoder().encode(words)
    const named = await artifacts.put(text('named'))
    const [made, old, fresh] = [await artifacts.put(text('made')), await artifacts.put(text('old')), await artifacts.put(text('fresh'))]
    await database.query(`UPDATE fixpoint.artifacts SET kept_at = '2020-01-01' WHERE digest = ANY($1)`, [[named, old]])
    await database.query(`UPDATE fixpoint.artifacts SET kept_at = $2 WHERE digest = $1`, [made, toDecision[0]?.at])
    const lease = await journal.lease(run)
    await lease.append({ v: 1, seq: 8, at: toDecision.at(-1)?.at ?? '', event: { kind: 'run-steered', by: 'ada', lesson: named } })
    expect(await artifacts.expire(new Date(Date.now() - 60_000))).toBe(1)
    for (const kept of [named, made, fresh]) await artifacts.get(kept)
    await expect(artifacts.get(old)).rejects.toMatchObject({ code: 'artifact-missing' })
  })

  it('what is put again is young again', async () => {
    const artifacts = new PostgresArtifacts(await emptied())
    const id = await artifacts.put(long)
    await database.query(`UPDATE fixpoint.artifacts SET kept_at = '2020-01-01'`)
    await artifacts.put(long)
    expect(await artifacts.expire(new Date(Date.now() - 60_000))).toBe(0)
    await artifacts.get(id)
  })
})

it('what people said to proposals is counted each time they said it', async () => {
  const journal = journalOn(await emptied())
  const proposed = (candidate: never): readonly JournalEntry['event'][] => [
    { kind: 'patch-drafted', drafter: 'patterns', candidate, pending: [] },
    { kind: 'patch-minimised', candidate, patch: candidate },
    { kind: 'patch-judged', verdict: 'fixed', judgement: digest },
    { kind: 'patch-chosen', candidate, judgement: digest, verdict: 'fixed' },
    { kind: 'proposal-planned', proposal: candidate },
  ]
  const [one, two, three] = ['1', '2', '3'].map((letter) => letter.repeat(64) as never) as [never, never, never]
  const events: readonly JournalEntry['event'][] = [
    { kind: 'run-opened', report: digest, workspace: digest, base: 'b'.repeat(40) as never, policy: aPolicy({ approval: 'person' }) },
    { kind: 'bug-reproduced', reproduction: digest, baseline: digest, source: 'named-test' },
    { kind: 'dossier-gathered', dossier: digest },
    ...[...proposed(one), { kind: 'changes-requested', by: 'ann', lesson: digest } as const],
    ...[...proposed(two), { kind: 'changes-requested', by: 'ann', lesson: digest } as const],
    ...[...proposed(three), { kind: 'proposal-approved', by: 'ann' } as const],
  ]
  await using lease = await journal.lease(run)
  for (const entry of someEntries(events)) await lease.append(entry)
  expect((await new PostgresFixes(database).numbers()).decisions).toEqual({ approved: 1, changesRequested: 2, rejected: 0 })
})
