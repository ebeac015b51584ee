import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ObjectId, RunId, StoredReport } from '@fixpoint/core'
import { migrate, openDatabase, PostgresFixes, PostgresReports, PrivatePostgres } from '@fixpoint/store'
import {
  InMemoryArtifacts,
  InMemoryDeliveries,
  InMemoryInbox,
  InMemoryJournal,
  InMemoryLedger,
  type InMemoryRunIndex,
  InMemorySourceMaps,
  InMemoryWorkerRoster,
} from '@fixpoint/testkit'
import { createWorker, WorkerSettings } from '@fixpoint/worker'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { GitLineage } from '../../apps/cli/src/serve/git-lineage.ts'
import { git } from './fixture.ts'

const DAY = 24 * 3_600_000
const never = new AbortController().signal

let folder: string
let server: PrivatePostgres
let database: Awaited<ReturnType<typeof openDatabase>>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fixpoint-after-'))
  server = await PrivatePostgres.start({ folder: join(folder, 'postgres'), settings: { fsync: 'off' } })
  database = await openDatabase(server.url)
  await migrate(database)
})
afterAll(async () => {
  await database?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(() => database.query('TRUNCATE fixpoint.reports CASCADE'))

async function commit(repo: string, text: string): Promise<ObjectId> {
  await writeFile(join(repo, 'a.js'), `${text}\n`)
  git(repo, 'add', '-A')
  git(repo, 'commit', '-q', '-m', text)
  return git(repo, 'rev-parse', 'HEAD').trim() as ObjectId
}

let made = 0

/** A report whose run delivered a branch, in a repository whose `v1` has the defect. */
async function delivered(settings: object = {}) {
  made += 1
  const repo = join(folder, `repo-${made}`)
  await mkdir(repo)
  git(repo, 'init', '-q', '-b', 'main')
  await commit(repo, 'broken')
  git(repo, 'tag', 'v1')
  git(repo, 'checkout', '-q', '-b', 'fixpoint/1')
  const fix = await commit(repo, 'mended')
  git(repo, 'checkout', '-q', 'main')
  let now = Date.parse('2026-03-04T12:00:00Z')
  const clock = { now: () => new Date(now), monotonic: () => now, sleep: async () => undefined }
  const [journal, inbox, reports, fixes] = [new InMemoryJournal(), new InMemoryInbox(), new PostgresReports(database), new PostgresFixes(database)]
  const settledAt = new Date(now)
  const run = `run_${String(made).padStart(26, '0')}` as RunId
  const opened: string[] = []
  const worker = createWorker(
    {
      ...{ journal, inbox, reports, clock, artifacts: new InMemoryArtifacts(), deliveries: new InMemoryDeliveries() },
      runIndex: {
        ...{ list: async () => [], due: async () => [] },
        get: async () => ({ phase: 'settled', outcome: 'delivered', openedAt: new Date(now - DAY), updatedAt: settledAt }) as never,
      } satisfies Partial<InMemoryRunIndex> as never,
      ids: { nonce: () => 'n', sortable: () => `${String(made).padStart(25, '0')}${opened.length + 5}` },
      hash: String as never,
      queue: {
        wake: async () => undefined,
        release: async () => false,
        parked: async () => [],
        enqueue: async () => undefined,
        consume: () => Promise.reject(new Error('no')),
      },
      ledger: new InMemoryLedger(),
      tokens: { ingestKeys: async () => [] },
      sources: new Map(),
      sourceMaps: new InMemorySourceMaps(),
      roster: new InMemoryWorkerRoster(),
      self: { host: 'here', pid: 7 },
      openHands: () => Promise.reject(new Error('nothing is driven')),
      openRunFor: async (report) => void opened.push(report.id) as undefined,
      afterFix: { fixes, openLineage: () => GitLineage.open({ path: repo, revision: 'main' }) },
      ...{ reap: async () => undefined, stopped: async () => false, paused: async () => false, progress: () => () => undefined, memory: () => 0 },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    },
    WorkerSettings.parse(settings),
  )
  let sent = 0
  const see = async (release: string | undefined, at = new Date(now)) => {
    sent += 1
    const base = { groupKey: 'g', title: 'TypeError', report: 'a'.repeat(64) as never, hasTrace: true, severity: 'error', source: 'sentry' } as const
    return (await reports.sight({ ...base, repository: 'shop', delivery: `d${sent}`, at, ...(release !== undefined && { release }) })).report
  }
  const { id } = await see('web@1', new Date(now - DAY))
  await reports.move(id, { from: ['new'], to: 'running', run })
  {
    await using lease = await journal.lease(run)
    await lease.append({ v: 1, seq: 0, at: settledAt.toISOString(), event: { kind: 'proposal-published', commit: fix } as never })
  }
  await worker.sweep(never)
  const pass = async (days: number) => {
    now += days * DAY
    await worker.sweep(never)
  }
  const stands = async () => {
    const report = (await reports.get(id)) as StoredReport
    return [report.state, report.reason, report.fix?.landedAt !== undefined] as const
  }
  return { repo, fix, reports, fixes, worker, see, pass, id, opened, stands }
}

describe('after the fix', () => {
  it('seen in a release from before the fix is no news; in one that contains it, the report is reopened and says so, and a run begins through the gates', async () => {
    const { repo, fix, see, pass, stands, reports, id, worker, opened, fixes } = await delivered()
    expect([await stands(), (await reports.get(id))?.fix?.commit]).toEqual([['settled', 'delivered', false], fix])
    await see('web@v1')
    await pass(0.1)
    expect(await stands()).toEqual(['settled', 'delivered', false])
    git(repo, 'merge', '-q', '--no-edit', '--no-ff', 'fixpoint/1')
    git(repo, 'tag', 'v2')
    await pass(0.1)
    expect(await stands()).toEqual(['settled', 'its fix is merged or released', true])
    await see('web@2')
    await pass(0)
    const reopened = `seen again in release "web@2", which contains its fix (${fix.slice(0, 10)})`
    expect(await stands()).toEqual(['reopened', reopened, true])
    expect((await reports.history(id, 1))[0]).toMatchObject({ from: 'settled', to: 'reopened', reason: reopened })
    await worker.receiveDeliveries(never)
    expect([opened, (await reports.get(id))?.state]).toEqual([[id], 'running'])
    expect((await fixes.numbers()).fixes).toEqual({ proposed: 1, landed: 1, reopened: 1, confirmed: 0 })
  })

  it('a gate that is shut leaves it reopened, with both reasons', async () => {
    const { repo, see, pass, stands, worker, opened } = await delivered({ gates: { coolDownHours: 1000 } })
    git(repo, 'tag', 'v2', 'fixpoint/1')
    await pass(0.1)
    await see('2')
    await pass(0)
    for (let twice = 0; twice < 2; twice += 1) await worker.receiveDeliveries(never)
    expect([opened, (await stands())[0], (await stands())[1]]).toEqual([
      [],
      'reopened',
      expect.stringMatching(/^seen again in release "2", which contains its fix \(\w{10}\); no new run yet: cool-down: no second run before \S+$/),
    ])
  })

  it('a release that names no commit, and none at all, are noted and reopen nothing; a branch is no release', async () => {
    const { repo, see, pass, stands } = await delivered()
    git(repo, 'merge', '-q', '--no-edit', '--no-ff', 'fixpoint/1')
    await pass(0.1)
    await pass(0.1)
    for (const release of ['web@9', undefined, 'main', '--help', 'x..y']) await see(release)
    await pass(0)
    const [state, reason] = await stands()
    expect([state, reason]).toEqual(['settled', expect.stringContaining('seen again in an unknown release (none was named, release "--help", release "main"')])
    await pass(6)
    expect((await stands())[0]).toBe('settled')
    await pass(2)
    expect(await stands()).toEqual(['confirmed', 'not seen for 7 days after its fix was merged or released', true])
    await see('web@10')
    await pass(0)
    expect(await stands()).toEqual(['settled', expect.stringContaining('"web@10"'), true])
  })

  it('is confirmed a week after the merge and no sooner, by the setting; what was never merged never is', async () => {
    const merged = await delivered({ afterFix: { quietDays: 3 } })
    await merged.pass(30)
    expect(await merged.stands()).toEqual(['settled', 'delivered', false])
    git(merged.repo, 'merge', '-q', '--squash', 'fixpoint/1')
    git(merged.repo, 'commit', '-q', '-m', 'squashed')
    await merged.pass(1)
    await merged.pass(2)
    expect((await merged.stands())[0]).toBe('settled')
    await merged.pass(1.1)
    expect(await merged.stands()).toEqual(['confirmed', 'not seen for 3 days after its fix was merged or released', true])
    expect((await merged.reports.history(merged.id, 9)).map(({ to }) => to)).toEqual(['confirmed', 'settled', 'settled', 'running'])
  })

  it('a repository that is gone stops nothing and is asked again', async () => {
    const { repo, see, pass, stands } = await delivered()
    git(repo, 'tag', 'v2', 'fixpoint/1')
    await pass(0)
    await see('v2', new Date(Date.parse('2026-03-04T13:00:00Z')))
    await rename(repo, `${repo}-away`)
    await pass(0.1)
    expect((await stands())[0]).toBe('settled')
    await rename(`${repo}-away`, repo)
    await pass(0.1)
    expect((await stands())[0]).toBe('reopened')
  })
})
