import { IllegalEvent, type Journal, type JournalEntry, RunId, StaleRun } from '@fixpoint/core'
import { describe, expect, it } from 'vitest'
import { aPolicy } from './builders.ts'

const RUN = RunId.parse(`run_${'1'.padStart(26, '0')}`)
const LATER = RunId.parse(`run_${'2'.padStart(26, '0')}`)

/** What every journal keeps. `makeJournal` gives an empty journal; `reopen`, where there is a disk, gives the same one to a new process. */
export function journalContract(makeJournal: () => Journal | Promise<Journal>, reopen?: (journal: Journal) => Journal): void {
  describe('journal contract', () => {
    it('knows nothing of a run that was never opened', async () => {
      const journal = await makeJournal()
      expect(await journal.read(RUN)).toEqual([])
      expect(await journal.list()).toEqual([])
    })

    it('reads back what was appended, in order', async () => {
      const journal = await makeJournal()
      const lease = await journal.lease(RUN)
      for (const entry of [opened(0), failed(1), failed(2)]) await lease.append(entry)
      expect(await journal.read(RUN)).toEqual([opened(0), failed(1), failed(2)])
    })

    it('a lease alone is no run', async () => {
      const journal = await makeJournal()
      await journal.lease(RUN)
      expect(await journal.list()).toEqual([])
      expect(await journal.read(RUN)).toEqual([])
    })

    it('lists runs newest first', async () => {
      const journal = await makeJournal()
      for (const run of [RUN, LATER]) await (await journal.lease(run)).append(opened(0))
      expect(await journal.list()).toEqual([LATER, RUN])
    })

    it('keeps runs apart', async () => {
      const journal = await makeJournal()
      const one = await journal.lease(RUN)
      const other = await journal.lease(LATER)
      await one.append(opened(0))
      await other.append(opened(0))
      await one.append(failed(1))
      expect(await journal.read(LATER)).toEqual([opened(0)])
    })

    it('refuses a sequence number that is taken, and writes nothing', async () => {
      const journal = await makeJournal()
      const lease = await journal.lease(RUN)
      await lease.append(opened(0))
      await lease.append(failed(1))
      await expect(lease.append(cancelled(1))).rejects.toThrow(StaleRun)
      await expect(lease.append(failed(0))).rejects.toThrow(StaleRun)
      expect(await journal.read(RUN)).toEqual([opened(0), failed(1)])
    })

    it('refuses a gap', async () => {
      const journal = await makeJournal()
      const lease = await journal.lease(RUN)
      await expect(lease.append(failed(1))).rejects.toThrow(IllegalEvent)
      await lease.append(opened(0))
      await expect(lease.append(failed(2))).rejects.toThrow(IllegalEvent)
      expect(await journal.read(RUN)).toEqual([opened(0)])
    })

    it('refuses what is not an entry', async () => {
      const journal = await makeJournal()
      const lease = await journal.lease(RUN)
      await expect(lease.append({ ...opened(0), at: 'yesterday' })).rejects.toThrow()
      expect(await journal.read(RUN)).toEqual([])
    })

    it('lets the newest lease win: the older holder is refused before effects and at its next append', async () => {
      const journal = await makeJournal()
      const older = await journal.lease(RUN)
      await older.append(opened(0))
      await older.assertHeld()
      const newer = await journal.lease(RUN)
      await expect(older.assertHeld()).rejects.toThrow(StaleRun)
      await expect(older.append(failed(1))).rejects.toThrow(StaleRun)
      await newer.assertHeld()
      await newer.append(cancelled(1))
      expect(await journal.read(RUN)).toEqual([opened(0), cancelled(1)])
    })

    it('a lease that was let go appends no more, and the next one carries on', async () => {
      const journal = await makeJournal()
      const first = await journal.lease(RUN)
      await first.append(opened(0))
      await first[Symbol.asyncDispose]()
      await first[Symbol.asyncDispose]()
      await expect(first.append(failed(1))).rejects.toThrow(StaleRun)
      await expect(first.assertHeld()).rejects.toThrow(StaleRun)
      const second = await journal.lease(RUN)
      await second.append(failed(1))
      expect(await journal.read(RUN)).toHaveLength(2)
    })

    it('letting an old lease go does not disturb the newer one', async () => {
      const journal = await makeJournal()
      const older = await journal.lease(RUN)
      const newer = await journal.lease(RUN)
      await older[Symbol.asyncDispose]()
      await newer.assertHeld()
      await newer.append(opened(0))
      expect(await journal.read(RUN)).toHaveLength(1)
    })

    it('of many appends at once under one number, exactly one wins', async () => {
      const journal = await makeJournal()
      const lease = await journal.lease(RUN)
      await lease.append(opened(0))
      const results = await Promise.allSettled(Array.from({ length: 16 }, () => lease.append(failed(1))))
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
      for (const result of results) if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(StaleRun)
      expect(await journal.read(RUN)).toEqual([opened(0), failed(1)])
    })

    it('many drivers at once: one is left, no event is lost or doubled', async () => {
      const journal = await makeJournal()
      await (await journal.lease(RUN)).append(opened(0))
      const drivers = await Promise.all(Array.from({ length: 8 }, () => journal.lease(RUN)))
      const held = await Promise.allSettled(drivers.map((lease) => lease.assertHeld()))
      expect(held.filter((result) => result.status === 'fulfilled')).toHaveLength(1)
      const appended = await Promise.allSettled(drivers.map((lease) => lease.append(failed(1))))
      expect(appended.map((result) => result.status)).toEqual(held.map((result) => result.status))
      expect(await journal.read(RUN)).toEqual([opened(0), failed(1)])
    })

    it('what is read is a copy', async () => {
      const journal = await makeJournal()
      await (await journal.lease(RUN)).append(opened(0))
      const [entry] = await journal.read(RUN)
      if (entry?.event.kind !== 'run-opened') throw new Error('expected run-opened')
      entry.event.policy.protectedPaths.push('mine')
      expect(await journal.read(RUN)).toEqual([opened(0)])
    })

    // A journal that lives in one process has no second one.
    if (reopen === undefined) return
    it('a new process reads the same and takes over', async () => {
      const journal = await makeJournal()
      const before = await journal.lease(RUN)
      await before.append(opened(0))
      const again = reopen(journal)
      expect(await again.read(RUN)).toEqual([opened(0)])
      const lease = await again.lease(RUN)
      await expect(before.append(failed(1))).rejects.toThrow(StaleRun)
      await lease.append(failed(1))
      expect(await journal.read(RUN)).toHaveLength(2)
    })
  })
}

const digest = 'a'.repeat(64)

function entry(seq: number, event: unknown): JournalEntry {
  return { v: 1, seq, at: `2026-01-02T03:04:0${seq}.000Z`, event: event as JournalEntry['event'] }
}

function opened(seq: number): JournalEntry {
  return entry(seq, { kind: 'run-opened', report: digest, workspace: digest, base: 'b'.repeat(40), policy: aPolicy() })
}

function failed(seq: number): JournalEntry {
  return entry(seq, { kind: 'step-failed', step: 'reproduce-bug', code: 'room-lost', detail: digest })
}

function cancelled(seq: number): JournalEntry {
  return entry(seq, { kind: 'run-cancelled' })
}
