import { RunId, type WorkerBeat, type WorkerRoster } from '@fixpoint/core'
import { describe, expect, it } from 'vitest'

const RUN = RunId.parse(`run_${'1'.padStart(26, '0')}`)

/** What every roster of workers tells. `make` gives an empty one. */
export function workerRosterContract(make: () => WorkerRoster | Promise<WorkerRoster>): void {
  describe('worker roster contract', () => {
    it('is empty where nobody works', async () => {
      expect(await (await make()).seen()).toEqual([])
    })

    it('tells the last thing that each worker said, the newest worker first', async () => {
      const roster = await make()
      await roster.beat(aBeat('one', { startedAt: new Date('2026-01-01T00:00:00Z') }))
      await roster.beat(aBeat('two', { startedAt: new Date('2026-01-02T00:00:00Z') }))
      await roster.beat(aBeat('one', { startedAt: new Date('2026-01-01T00:00:00Z'), runs: [RUN], state: 'draining' }))
      const seen = await roster.seen()
      expect(seen.map(({ id, runs, state }) => ({ id, runs, state }))).toEqual([
        { id: 'two', runs: [], state: 'working' },
        { id: 'one', runs: [RUN], state: 'draining' },
      ])
      expect(seen[1]?.startedAt).toEqual(new Date('2026-01-01T00:00:00Z'))
      for (const { silentMs } of seen) expect(silentMs).toBeLessThan(30_000)
    })

    it('knows for how long somebody has been silent', async () => {
      const roster = await make()
      await roster.beat(aBeat('one'))
      await new Promise((done) => setTimeout(done, 60))
      expect((await roster.seen())[0]?.silentMs).toBeGreaterThanOrEqual(50)
    })

    it('forgets who left, and leaving twice or never having been does no harm', async () => {
      const roster = await make()
      await roster.beat(aBeat('one'))
      await roster.leave('one')
      await roster.leave('one')
      expect(await roster.seen()).toEqual([])
    })
  })
}

function aBeat(id: string, changes: Partial<WorkerBeat> = {}): WorkerBeat {
  return { id, host: 'host', pid: 7, startedAt: new Date(), state: 'working', runs: [], concurrency: 2, memoryBytes: 1_000_000, ...changes }
}
