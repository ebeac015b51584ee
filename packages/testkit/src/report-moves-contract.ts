import { ObjectId, type Reports, type Retention, RunId } from '@fixpoint/core'
import { describe, expect, it } from 'vitest'
import { aSighting, at, OTHER_REPORT } from './a-sighting.ts'

const RUN = RunId.parse(`run_${'1'.padStart(26, '0')}`)
const LATER = RunId.parse(`run_${'2'.padStart(26, '0')}`)

/** What every store of reports keeps of what became of them: states, runs, fixes. `make` gives an empty one. */
export function reportMovesContract(make: () => (Reports & Retention) | Promise<Reports & Retention>): void {
  describe('report moves contract', () => {
    it('a trace leaves a report that was moved where it stands', async () => {
      const reports = await make()
      const { report } = await reports.sight(aSighting({ hasTrace: false }))
      expect(await reports.move(report.id, { from: ['needs-trace'], to: 'muted', reason: 'noise' })).toBe(true)
      expect((await reports.sight(aSighting({ delivery: 'dlv_2', report: OTHER_REPORT }))).report).toMatchObject({
        state: 'muted',
        reason: 'noise',
        report: OTHER_REPORT,
      })
    })

    it('moves from where it stands only, and of many at once one moves', async () => {
      const reports = await make()
      const { report } = await reports.sight(aSighting())
      expect(await reports.move(report.id, { from: ['held', 'settled'], to: 'running' })).toBe(false)
      expect(await reports.move(report.id, { from: [], to: 'running' })).toBe(false)
      expect(await reports.move('rep_unknown', { from: ['new'], to: 'running' })).toBe(false)
      const moved = await Promise.all(Array.from({ length: 20 }, () => reports.move(report.id, { from: ['new'], to: 'running', reason: 'due' })))
      expect(moved.filter(Boolean)).toHaveLength(1)
      expect(await reports.get(report.id)).toMatchObject({ state: 'running', reason: 'due' })
      await reports.move(report.id, { from: ['new', 'running'], to: 'settled' })
      expect(await reports.get(report.id)).toMatchObject({ state: 'settled', reason: undefined })
    })

    it('keeps the runs of a report in order, each once, and none of a move that was not made', async () => {
      const reports = await make()
      const { report } = await reports.sight(aSighting())
      await reports.move(report.id, { from: ['new'], to: 'running', run: LATER })
      await reports.move(report.id, { from: ['new'], to: 'running', run: RunId.parse(`run_${'3'.padStart(26, '0')}`) })
      await reports.move(report.id, { from: ['running'], to: 'settled', run: LATER })
      await reports.move(report.id, { from: ['settled'], to: 'reopened', run: RUN })
      expect((await reports.get(report.id))?.runs).toEqual([LATER, RUN])
      expect((await reports.list({ limit: 1 }))[0]?.runs).toEqual([LATER, RUN])
    })

    it('is about another text when it is told anew, and stands where it stood', async () => {
      const reports = await make()
      const { report } = await reports.sight(aSighting())
      await reports.move(report.id, { from: ['new'], to: 'settled', run: RUN })
      expect(await reports.retell(report.id, { report: OTHER_REPORT, title: 'As approved' })).toBe(true)
      expect(await reports.get(report.id)).toEqual({ ...report, state: 'settled', runs: [RUN], report: OTHER_REPORT, title: 'As approved' })
      expect((await reports.sight(aSighting({ delivery: 'dlv_2' }))).report).toMatchObject({ report: OTHER_REPORT, title: 'As approved', sightings: 2 })
      expect(await reports.retell('rep_unknown', { report: OTHER_REPORT, title: 'x' })).toBe(false)
    })

    it('counts the runs that were opened since', async () => {
      const reports = await make()
      const start = new Date()
      const shop = await reports.sight(aSighting({ repository: 'shop' }))
      const other = await reports.sight(aSighting({ groupKey: 'group-2' }))
      await reports.move(shop.report.id, { from: ['new'], to: 'running', run: RUN })
      await reports.move(other.report.id, { from: ['new'], to: 'running', run: LATER })
      await new Promise((done) => setTimeout(done, 10))
      expect(await reports.runsSince(start)).toBe(2)
      expect(await reports.runsSince(start, 'shop')).toBe(1)
      expect(await reports.runsSince(start, 'nobody')).toBe(0)
      expect(await reports.runsSince(new Date())).toBe(0)
    })

    it('remembers who wants a run until there is one', async () => {
      const reports = await make()
      const { report } = await reports.sight(aSighting())
      await reports.move(report.id, { from: ['new'], to: 'new', reason: 'asked for', wantedBy: 'Ada' })
      await reports.move(report.id, { from: ['new'], to: 'held', reason: 'the emergency stop is on' })
      expect(await reports.get(report.id)).toMatchObject({ state: 'held', wantedBy: 'Ada' })
      await reports.move(report.id, { from: ['held'], to: 'running', run: RUN })
      await reports.move(report.id, { from: ['running'], to: 'held', reason: 'parked' })
      expect(await reports.get(report.id)).toMatchObject({ wantedBy: undefined, askedBy: 'Ada' })
      await reports.move(report.id, { from: ['held'], to: 'running', run: LATER })
      expect((await reports.get(report.id))?.askedBy).toBeUndefined()
    })

    it('tells its moves, the newest first, and no others', async () => {
      const reports = await make()
      const { report } = await reports.sight(aSighting())
      await reports.move(report.id, { from: ['new'], to: 'held', reason: 'cool-down' })
      await reports.move(report.id, { from: ['new'], to: 'muted' })
      await reports.move(report.id, { from: ['held'], to: 'running', run: RUN })
      expect(await reports.history(report.id, 5)).toEqual([
        { at: expect.any(Date), from: 'held', to: 'running', reason: undefined, run: RUN },
        { at: expect.any(Date), from: 'new', to: 'held', reason: 'cool-down', run: undefined },
      ])
      expect([(await reports.history(report.id, 1)).length, await reports.history('rep_unknown', 5)]).toEqual([1, []])
    })

    it('keeps the fix of the run that was settled last', async () => {
      const reports = await make()
      const { report } = await reports.sight(aSighting())
      const fix = { commit: ObjectId.parse('c'.repeat(40)), at: at(1), landedAt: undefined }
      await reports.move(report.id, { from: ['new'], to: 'running', run: RUN, fix })
      expect((await reports.get(report.id))?.fix).toBeUndefined()
      await reports.move(report.id, { from: ['running'], to: 'settled', fix })
      await reports.move(report.id, { from: ['settled'], to: 'reopened', reason: 'seen again' })
      expect((await reports.get(report.id))?.fix).toEqual(fix)
      await reports.move(report.id, { from: ['reopened'], to: 'running', run: LATER })
      await reports.move(report.id, { from: ['running'], to: 'settled' })
      expect((await reports.get(report.id))?.fix).toBeUndefined()
    })

    it('finds the report of a run', async () => {
      const reports = await make()
      const { report } = await reports.sight(aSighting())
      await reports.move(report.id, { from: ['new'], to: 'running', run: RUN })
      expect(await reports.ofRun(RUN)).toEqual(await reports.get(report.id))
      expect(await reports.ofRun(LATER)).toBeUndefined()
    })
  })
}
