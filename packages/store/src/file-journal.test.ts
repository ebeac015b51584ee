import { mkdir, mkdtemp, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Journal, RunId, StaleRun } from '@fixpoint/core'
import { aPolicy, journalContract, someEntries } from '@fixpoint/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FileJournal, type Oddity, runFolder } from './file-journal.ts'
import { UnreadableJournal } from './unreadable-journal.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'fixpoint-journal-'))
})
afterEach(() => rm(root, { recursive: true }))

journalContract(
  () => new FileJournal(root),
  () => new FileJournal(root),
)

const run = RunId.parse(`run_${'7'.padStart(26, '0')}`)
const digest = 'a'.repeat(64) as never
const [first, second, third] = someEntries([
  { kind: 'run-opened', report: digest, workspace: digest, base: 'b'.repeat(40), policy: aPolicy() },
  { kind: 'step-failed', step: 'reproduce-bug', code: 'room-lost', detail: digest },
  { kind: 'run-cancelled' },
])
if (first === undefined || second === undefined || third === undefined) throw new Error('three entries')

const eventFile = (seq: number) => join(runFolder(root, run), 'events', `00000${seq}.json`)
const leaseFolder = (name: string) => join(runFolder(root, run), 'leases', name)

async function withEvents(): Promise<Journal> {
  const journal = new FileJournal(root)
  await using lease = await journal.lease(run)
  await lease.append(first as never)
  await lease.append(second as never)
  return journal
}

describe('files', () => {
  it('are one event each, and nothing staged is left', async () => {
    await withEvents()
    expect(await readdir(join(runFolder(root, run), 'events'))).toEqual(['000000.json', '000001.json'])
    expect(await readdir(leaseFolder('lease-0001.over'))).toEqual([])
  })

  it('a crash between writing and linking leaves no entry, and the next driver clears it away', async () => {
    const journal = await withEvents()
    const lost = await journal.lease(run)
    await writeFile(join(leaseFolder('lease-0002'), '000002.json.x'), JSON.stringify(third))
    expect(await journal.read(run)).toEqual([first, second])
    const next = await journal.lease(run)
    expect(await readdir(leaseFolder('lease-0002.over'))).toEqual([])
    await expect(lost.append(third)).rejects.toThrow(StaleRun)
    await next.append(third)
    expect(await journal.read(run)).toHaveLength(3)
  })

  it('an append that passed its check before a newer lease came has nothing left to link', async () => {
    const journal = await withEvents()
    const lease = await journal.lease(run)
    const appending = lease.append(third)
    // What a newer driver does first, at the worst moment.
    await rename(leaseFolder('lease-0002'), leaseFolder('lease-0002.over'))
    await expect(appending).rejects.toThrow(StaleRun)
    expect(await journal.read(run)).toEqual([first, second])
  })

  it('a lease number is never given twice', async () => {
    const journal = await withEvents()
    for (let time = 0; time < 3; time += 1) await (await journal.lease(run))[Symbol.asyncDispose]()
    expect((await readdir(join(runFolder(root, run), 'leases'))).sort()).toEqual([1, 2, 3, 4].map((number) => `lease-000${number}.over`))
  })
})

describe('what is not an event', () => {
  it('is ignored and reported', async () => {
    await withEvents()
    await writeFile(join(runFolder(root, run), 'events', '.DS_Store'), '')
    await writeFile(join(runFolder(root, run), 'events', '000002.json~'), '{}')
    await mkdir(join(root, 'runs', 'notes'))
    const oddities: Oddity[] = []
    const journal = new FileJournal(root, (oddity) => oddities.push(oddity))
    expect(await journal.read(run)).toEqual([first, second])
    expect(oddities.map((oddity) => [oddity.problem, oddity.file.split('/').at(-1)])).toEqual([
      ['foreign', '.DS_Store'],
      ['foreign', '000002.json~'],
    ])
    expect(await journal.list()).toEqual([run])
  })

  it.each([0, 20])('a torn last event (%i bytes) never counted: its number is free for the next driver', async (bytes) => {
    await withEvents()
    await truncate(eventFile(1), bytes)
    const oddities: Oddity[] = []
    const journal = new FileJournal(root, (oddity) => oddities.push(oddity))
    expect(await journal.read(run)).toEqual([first])
    expect(oddities.map((oddity) => oddity.problem)).toEqual(['torn'])
    const lease = await journal.lease(run)
    await lease.append(second)
    expect(await journal.read(run)).toEqual([first, second])
  })

  it.each([
    ['torn in the middle', async () => truncate(eventFile(0), 5), 'is torn, and 000001.json follows it'],
    ['missing in the middle', async () => rm(eventFile(0)), 'event 0 is missing'],
    ['under a wrong number', async () => writeFile(eventFile(1), JSON.stringify(third)), 'says that it is event 2'],
    ['of a kind from the future', async () => writeFile(eventFile(1), JSON.stringify({ ...second, event: { kind: 'moon-landed' } })), 'newer version'],
    ['in a format from the future', async () => writeFile(eventFile(1), JSON.stringify({ ...second, v: 2 })), 'newer version'],
    ['not an event at all', async () => writeFile(eventFile(1), '[]'), 'is not an event'],
  ])('%s: refuses to tell the run', async (_, damage, why) => {
    const journal = await withEvents()
    await damage()
    const error = await journal.read(run).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(UnreadableJournal)
    expect((error as Error).message).toContain(why)
  })

  it('refuses a run id that is a path', async () => {
    await expect(new FileJournal(root).read('../..' as never)).rejects.toThrow()
    expect(() => runFolder(root, 'run_/../../x' as never)).toThrow()
  })
})
