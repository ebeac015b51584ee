import { Failure, fold, type JournalEntry, StaleRun } from '@fixpoint/core'
import { describe, expect, it } from 'vitest'
import { MortalJournal } from './mortal-journal.ts'
import { world } from './world.ts'

/** A journal without what may differ between two lives: times, and digests of values that hold times (a commit does) or output. */
function told(entries: readonly JournalEntry[]): string[] {
  return entries.map(({ seq, event }) => JSON.stringify({ seq, ...event }).replace(/"[0-9a-f]{64}"|"commit":"[0-9a-f]{40}"/g, '"…"'))
}

describe('a run that is cut off', () => {
  it('ends with the same journal and one proposal, wherever it was cut off', async () => {
    const whole = await world()
    await whole.driveOn()
    const expected = told(await whole.journal.read(whole.runId))
    expect(expected.at(-1)).toContain('delivered')
    for (let at = 1; at < expected.length; at++) {
      for (const when of ['before', 'after'] as const) {
        const cut = await world()
        await expect(cut.driveOn(new MortalJournal(cut.journal, { at, when }))).rejects.toThrow('killed')
        const run = await cut.driveOn()
        expect(run, `killed ${when} fact ${at}`).toMatchObject({ phase: 'settled', outcome: 'delivered' })
        expect(told(await cut.journal.read(cut.runId)), `killed ${when} fact ${at}`).toEqual(expected)
        expect(cut.codeHost.proposals.size, `killed ${when} fact ${at}`).toBe(1)
      }
    }
  }, 900_000)

  it('is driven by one of two drivers; the other goes home', async () => {
    const both = await world()
    const results = await Promise.allSettled([both.driveOn(), both.driveOn()])
    const lost = results.filter((result) => result.status === 'rejected')
    expect(lost).toHaveLength(1)
    expect(lost[0]?.reason).toBeInstanceOf(StaleRun)
    expect(fold(await both.journal.read(both.runId))).toMatchObject({ phase: 'settled', outcome: 'delivered' })
    expect(both.codeHost.proposals.size).toBe(1)
  }, 300_000)

  it('stops with a diagnosis when the world fails for good, and tries again when a room is lost', async () => {
    const lossy = await world()
    let losses = 0
    const open = lossy.tools.sandboxes.open.bind(lossy.tools.sandboxes)
    lossy.tools.sandboxes.open = (request, signal) => (losses++ === 0 ? Promise.reject(new Failure('room-lost', 'gone', 'again')) : open(request, signal))
    expect(await lossy.driveOn()).toMatchObject({ phase: 'settled', outcome: 'delivered' })
    expect((await lossy.journal.read(lossy.runId)).map((entry) => entry.event.kind)).toContain('step-failed')

    const away = await world()
    const back = away.tools.sandboxes.open
    away.tools.sandboxes.open = () => Promise.reject(new Failure('engine-unreachable', 'no engine', 'start it'))
    await expect(away.driveOn(away.journal, { patient: true })).rejects.toThrow('no engine')
    away.tools.sandboxes.open = back.bind(away.tools.sandboxes)
    expect(await away.driveOn(), 'whoever is patient finds it as it was').toMatchObject({ phase: 'settled', outcome: 'delivered' })

    const broken = await world()
    broken.tools.sandboxes.open = () => Promise.reject(new Failure('engine-unreachable', 'no engine', 'start it'))
    expect(await broken.driveOn()).toMatchObject({ phase: 'settled', outcome: 'abandoned' })
  }, 300_000)
})
