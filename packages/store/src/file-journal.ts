import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf, IllegalEvent, type Journal, JournalEntry, type JournalLease, RunId, StaleRun } from '@fixpoint/core'
import { makeFolder, onDisk, publishFile, syncFolder, writeNewFile } from './durable.ts'
import { eventFileName, parseEntry, seqOfFileName } from './event-file.ts'
import { UnreadableJournal } from './unreadable-journal.ts'

/** Something in a journal's folder that is not an event: ignored, and worth a word to the owner. */
export interface Oddity {
  readonly run: RunId
  readonly file: string
  readonly problem: 'torn' | 'foreign'
}

const LEASE = /^lease-(\d{4,})(\.over)?$/

/**
 * A journal as files: `runs/<run>/events/000000.json` is one event. An event is written under another name, synced, and
 * then linked to its own name: so it is there whole or not at all, and of two drivers only one gets the number. That
 * gate is what keeps the sequence right whatever the leases do.
 *
 * A lease is a folder `runs/<run>/leases/lease-0001`; the highest number wins, and numbers are never used again. Events
 * are staged inside the lease's folder, and whoever takes a newer lease first renames the older folders: an append
 * that was already past its check then finds nothing to link. Should it slip through all the same, it took the next number
 * fairly, and the newer driver reads it or is refused by the gate; nothing is ever written twice.
 */
export class FileJournal implements Journal {
  readonly #root: string
  readonly #report: (oddity: Oddity) => void

  constructor(root: string, report: (oddity: Oddity) => void = () => undefined) {
    this.#root = root
    this.#report = report
  }

  async read(run: RunId): Promise<readonly JournalEntry[]> {
    const folder = eventsFolder(this.#root, run)
    const names = (await namesIn(folder)).sort()
    const entries: JournalEntry[] = []
    let torn: string | undefined
    for (const name of names) {
      const seq = seqOfFileName(name)
      if (seq === undefined) {
        this.#report({ run, file: join(folder, name), problem: 'foreign' })
        continue
      }
      if (torn !== undefined) throw new UnreadableJournal(run, `${torn} is torn, and ${name} follows it`)
      if (seq !== entries.length) throw new UnreadableJournal(run, `event ${entries.length} is missing, and ${name} is there`)
      const entry = parseEntry(run, seq, await readFile(join(folder, name), 'utf8'))
      if (entry === undefined) torn = name
      else entries.push(entry)
    }
    if (torn !== undefined) this.#report({ run, file: join(folder, torn), problem: 'torn' })
    return entries
  }

  async lease(run: RunId): Promise<JournalLease> {
    const events = eventsFolder(this.#root, run)
    const leases = join(runFolder(this.#root, run), 'leases')
    return onDisk(leases, async () => {
      await makeFolder(events)
      await makeFolder(leases)
      const number = await takeNumber(leases)
      await retireOlder(leases, number)
      await setTornTailAside(run, events)
      return new FileLease(run, events, leases, number)
    })
  }

  async list(): Promise<readonly RunId[]> {
    const names = await namesIn(join(this.#root, 'runs'))
    const runs = names.flatMap((name) => {
      const run = RunId.safeParse(name)
      return run.success ? [run.data] : []
    })
    const begun = await Promise.all(runs.map(async (run) => (await namesIn(eventsFolder(this.#root, run))).includes(eventFileName(0))))
    return runs
      .filter((_, index) => begun[index])
      .sort()
      .reverse()
  }
}

class FileLease implements JournalLease {
  readonly #run: RunId
  readonly #events: string
  readonly #leases: string
  readonly #number: number
  #released = false

  constructor(run: RunId, events: string, leases: string, number: number) {
    this.#run = run
    this.#events = events
    this.#leases = leases
    this.#number = number
  }

  async append(entry: JournalEntry): Promise<void> {
    const text = `${JSON.stringify(JournalEntry.parse(entry))}\n`
    await onDisk(this.#events, async () => {
      await this.assertHeld()
      await this.#assertNext(entry.seq)
      const staged = join(this.#leases, leaseName(this.#number), `${eventFileName(entry.seq)}.${randomUUID()}`)
      try {
        await writeNewFile(staged, text)
      } catch (error) {
        if (codeOf(error) === 'ENOENT') throw new StaleRun(this.#run)
        throw error
      }
      const outcome = await publishFile(staged, join(this.#events, eventFileName(entry.seq)))
      await unlink(staged).catch(() => undefined)
      if (outcome !== 'published') throw new StaleRun(this.#run)
    })
  }

  async assertHeld(): Promise<void> {
    if (this.#released) throw new StaleRun(this.#run)
    const newest = Math.max(0, ...(await namesIn(this.#leases)).map((name) => Number(LEASE.exec(name)?.[1] ?? 0)))
    if (newest !== this.#number) throw new StaleRun(this.#run)
  }

  /** The folder is kept under its retired name: a number that was given once is never given again. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#released) return
    this.#released = true
    await rename(join(this.#leases, leaseName(this.#number)), join(this.#leases, retiredName(this.#number))).catch(ignoreMissing)
  }

  async #assertNext(seq: number): Promise<void> {
    const taken = (await namesIn(this.#events)).flatMap((name) => seqOfFileName(name) ?? [])
    if (taken.includes(seq)) throw new StaleRun(this.#run)
    if (seq > 0 && !taken.includes(seq - 1)) throw new IllegalEvent(`event ${seq} of ${this.#run} would leave a gap after ${taken.length} events`)
  }
}

/** The folder of a run: its journal, and whatever a door puts beside it. */
export function runFolder(root: string, run: RunId): string {
  return join(root, 'runs', RunId.parse(run))
}

function eventsFolder(root: string, run: RunId): string {
  return join(runFolder(root, run), 'events')
}

function leaseName(number: number): string {
  return `lease-${String(number).padStart(4, '0')}`
}

function retiredName(number: number): string {
  return `${leaseName(number)}.over`
}

/** `mkdir` fails on what exists, so a number is taken once. A number that is over is as taken as one that is held. */
async function takeNumber(leases: string): Promise<number> {
  for (;;) {
    const number = Math.max(0, ...(await namesIn(leases)).map((name) => Number(LEASE.exec(name)?.[1] ?? 0))) + 1
    try {
      await mkdir(join(leases, leaseName(number)), { mode: 0o700 })
      await syncFolder(leases)
      return number
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    }
  }
}

/** Renames older leases, so that what they staged can no longer be linked, and empties them. */
async function retireOlder(leases: string, number: number): Promise<void> {
  for (const name of await namesIn(leases)) {
    const match = LEASE.exec(name)
    const older = Number(match?.[1] ?? number)
    if (older >= number) continue
    if (match?.[2] === undefined) await rename(join(leases, name), join(leases, retiredName(older))).catch(ignoreMissing)
    await emptyFolder(join(leases, retiredName(older)))
  }
}

async function emptyFolder(path: string): Promise<void> {
  for (const name of await namesIn(path)) await unlink(join(path, name)).catch(ignoreMissing)
}

/** Only a broken disk or a stranger leaves a torn event; as the last one it never counted, so its number is free again. */
async function setTornTailAside(run: RunId, events: string): Promise<void> {
  const last = (await namesIn(events))
    .filter((name) => seqOfFileName(name) !== undefined)
    .sort()
    .at(-1)
  if (last === undefined) return
  const entry = parseEntry(run, seqOfFileName(last) ?? 0, await readFile(join(events, last), 'utf8'))
  if (entry !== undefined) return
  await rename(join(events, last), join(events, `${last}.torn-${randomUUID()}`))
  await syncFolder(events)
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  }
}

function ignoreMissing(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error
}
