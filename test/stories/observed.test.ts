import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Digest, type JournalEntry, RunId } from '@fixpoint/core'
import { migrate, openDatabase, PostgresArtifacts, PostgresJournal, PrivatePostgres } from '@fixpoint/store'
import { aPolicy, someEntries } from '@fixpoint/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ObservedProposals } from '../../apps/cli/src/serve/observed-proposals.ts'
import { git } from './fixture.ts'
import { commitAll, type Place, place, put } from './small-repository.ts'

const BASE = { 'src/a.js': 'one\ntwo\nthree\nfour\nfive\n', 'src/b.js': 'b\n' }
const PROPOSED = 'one\ntwo\nTHREE\nfour\nfive\n'
const digest = 'a'.repeat(64) as Digest
const runOf = (number: number) => RunId.parse(`run_${String(number).padStart(26, '0')}`)
const diffOf = (path: string) => `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n`
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

let folder: string
let server: PrivatePostgres
let database: Awaited<ReturnType<typeof openDatabase>>
let at: Place
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fixpoint-observed-'))
  server = await PrivatePostgres.start({ folder, settings: { fsync: 'off' } })
  database = await openDatabase(server.url)
  await migrate(database)
  at = await place(BASE)
})
afterAll(async () => {
  await database.close()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
  await at[Symbol.asyncDispose]()
})

/** A run that only observed and withheld this proposal. */
async function withheld(number: number, proposal: Digest, repository: string | undefined): Promise<void> {
  const run = runOf(number)
  if (repository !== undefined) {
    await database.query(
      `INSERT INTO fixpoint.reports (id, group_key, title, state, severity, source, report, first_seen, last_seen) VALUES ($1, $1, 't', 'settled', 'error', 's', '', now(), now())`,
      [`rep_${number}`],
    )
    await database.query('INSERT INTO fixpoint.report_runs (report, run, repository) VALUES ($1, $2, $3)', [`rep_${number}`, run, repository])
  }
  await using lease = await new PostgresJournal(database).lease(run)
  const events: JournalEntry['event'][] = [
    { kind: 'run-opened', report: digest, workspace: digest, base: 'b'.repeat(40), policy: aPolicy({ autonomy: 'observe' }) },
    { kind: 'bug-reproduced', reproduction: digest, baseline: digest, source: 'named-test' },
    { kind: 'dossier-gathered', dossier: digest },
    { kind: 'patch-drafted', drafter: 'patterns', candidate: digest, pending: [] },
    { kind: 'patch-minimised', candidate: digest, patch: digest },
    { kind: 'patch-judged', verdict: 'fixed', judgement: digest },
    { kind: 'patch-chosen', candidate: digest, judgement: digest, verdict: 'fixed' },
    { kind: 'proposal-planned', proposal },
    { kind: 'proposal-withheld' },
  ]
  for (const entry of someEntries(events)) await lease.append(entry)
}

it('what was withheld is compared with what people did in the repository, and with what was seen', async () => {
  const artifacts = new PostgresArtifacts(database)
  const base = git(at.folder, 'rev-parse', 'HEAD').trim()
  const origin = { drafter: 'patterns', kind: 'k', summary: 's', symptomOnly: false, score: 1 }
  const plan = {
    ...{ strength: 'verified', branch: 'fixpoint/x', base, title: 'Fix it', body: '', message: '', diff: '', at: '2026-03-01T00:00:00Z' },
    edits: [
      { path: 'src/a.js', content: PROPOSED },
      { path: 'test/reproduction.test.js', content: 'ours alone' },
    ],
    certificate: JSON.stringify({ patch: { diff: diffOf('src/a.js'), origin } }),
  }
  await withheld(1, await artifacts.put(bytes(plan)), 'shop')
  await withheld(2, await artifacts.put(bytes(plan)), 'gone')
  await withheld(3, digest, undefined)
  const settings = { repositories: { shop: { path: at.folder, revision: 'main' }, gone: { path: join(folder, 'nowhere'), revision: 'main' } } }
  const observed = new ObservedProposals({
    env: { home: at.home, certificateAuthorities: undefined, dockerHost: undefined, color: false },
    settings,
    stores: { database, artifacts },
  })
  const report = () => observed.between(new Date(0), new Date(Date.now() + 86_400_000))
  const first = async () => (await report()).proposals[0]

  expect((await report()).proposals.map(({ people, strength, files }) => [people, strength, files])).toEqual([
    ['untouched', 'verified', ['src/a.js']],
    ['unknown', 'verified', ['src/a.js']],
    ['unknown', undefined, []],
  ])

  await put(at.folder, { 'src/b.js': 'other\n', 'src/a.js': 'ONE\ntwo\nthree\nfour\nfive\n' })
  commitAll(at.folder)
  expect(await first()).toMatchObject({ people: 'same-files', commits: [{ subject: 'as it is' }], seenAgain: 0 })

  await put(at.folder, { 'src/a.js': 'ONE\ntwo\nthree?\nfour\nfive\n' })
  commitAll(at.folder)
  expect(await first()).toMatchObject({ people: 'same-lines' })

  await put(at.folder, { 'src/a.js': 'ONE\ntwo\nTHREE\nfour\nfive\n' })
  commitAll(at.folder)
  await database.query(
    `INSERT INTO fixpoint.sightings (id, report, delivery, artifact, at, severity, source)
     VALUES ('sgt_1', 'rep_1', 'd1', '', now() + interval '1 hour', 'error', 's'), ('sgt_2', 'rep_1', 'd2', '', 'epoch', 'error', 's')`,
  )
  expect(await first()).toMatchObject({ people: 'identical', seenAgain: 1, commits: [{}, {}, {}] })
  expect((await report()).counts).toEqual({ withheld: 3, identical: 1, sameLines: 0, sameFiles: 0, untouched: 0, unknown: 2, seenAgain: 1 })
  expect((await observed.between(new Date(0), new Date(1))).counts.withheld).toBe(0)
})
