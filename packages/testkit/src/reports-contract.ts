import type { ReportCursor, Reports, Retention } from '@fixpoint/core'
import { describe, expect, it } from 'vitest'
import { aSighting, at, OTHER_REPORT, REPORT } from './a-sighting.ts'
import { reportMovesContract } from './report-moves-contract.ts'
import { isKept, STRANGE_TEXTS } from './strange-text.ts'

/** What every store of reports keeps. `make` gives an empty one. */
export function reportsContract(make: () => (Reports & Retention) | Promise<Reports & Retention>): void {
  reportMovesContract(make)

  describe('reports contract', () => {
    it('makes a report of a first sighting', async () => {
      const reports = await make()
      const { report, created } = await reports.sight(aSighting({ repository: 'shop', service: 'cart', release: '1.2.3', url: 'https://x.example/1' }))
      expect(created).toBe(true)
      expect(report).toEqual({
        ...{ id: report.id, groupKey: 'group-1', title: 'TypeError', state: 'new', reason: undefined, wantedBy: undefined, askedBy: undefined },
        ...{
          severity: 'error',
          source: 'sentry',
          repository: 'shop',
          service: 'cart',
          environment: undefined,
          release: '1.2.3',
          commit: undefined,
          url: 'https://x.example/1',
        },
        ...{ missing: [], report: REPORT, sightings: 1, firstSeen: at(0), lastSeen: at(0), fix: undefined, runs: [] },
      })
      expect(await reports.get(report.id)).toEqual(report)
      expect(await reports.get('rep_unknown')).toBeUndefined()
    })

    it('counts another delivery of the same group', async () => {
      const reports = await make()
      const { report: first } = await reports.sight(aSighting({ release: '1', severity: 'fatal', url: 'one' }))
      const { report, created } = await reports.sight(
        aSighting({ delivery: 'dlv_2', at: at(5), release: '2', severity: 'warning', repository: 'shop', title: 'x', report: OTHER_REPORT }),
      )
      expect(created).toBe(false)
      expect(report).toEqual({ ...first, sightings: 2, lastSeen: at(5), release: '2', repository: 'shop' })
    })

    it('a sighting from the past moves the beginning, not the end', async () => {
      const reports = await make()
      await reports.sight(aSighting({ at: at(5), release: '2', repository: 'shop' }))
      const { report } = await reports.sight(aSighting({ delivery: 'dlv_2', at: at(1), release: '1', repository: 'other', environment: 'live' }))
      expect(report).toMatchObject({ firstSeen: at(1), lastSeen: at(5), release: '2', repository: 'shop', environment: 'live' })
    })

    it('twice for one delivery and group key is once, also at once', async () => {
      const reports = await make()
      const answers = await Promise.all(Array.from({ length: 20 }, () => reports.sight(aSighting())))
      expect(answers.filter((answer) => answer.created)).toHaveLength(1)
      expect(new Set(answers.map((answer) => answer.report.id)).size).toBe(1)
      const again = await reports.sight(aSighting({ at: at(9), severity: 'fatal' }))
      expect(again).toEqual({ report: expect.objectContaining({ sightings: 1, lastSeen: at(0), severity: 'error' }), created: false })
    })

    it('one delivery can be a sighting of many groups', async () => {
      const reports = await make()
      const answers = await Promise.all(['g1', 'g2', 'g3'].map((groupKey) => reports.sight(aSighting({ groupKey }))))
      expect(answers.map((answer) => answer.created)).toEqual([true, true, true])
      expect(await reports.list({ limit: 10 })).toHaveLength(3)
    })

    it('fifty sightings of a new group at once make one report', async () => {
      const reports = await make()
      const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => reports.sight(aSighting({ delivery: `dlv_${index}`, at: at(index) }))))
      expect(answers.filter((answer) => answer.created)).toHaveLength(1)
      const [report, ...more] = await reports.list({ limit: 10 })
      expect(report).toMatchObject({ sightings: 50, firstSeen: at(0), lastSeen: at(49) })
      expect(more).toEqual([])
    })

    it('waits for a trace, and takes the first sighting that has one', async () => {
      const reports = await make()
      const { report: bare } = await reports.sight(aSighting({ hasTrace: false, missing: ['a stack trace'] }))
      expect(bare).toMatchObject({ state: 'needs-trace', missing: ['a stack trace'], report: REPORT })
      await reports.sight(aSighting({ hasTrace: false, delivery: 'dlv_2', report: OTHER_REPORT }))
      expect(await reports.get(bare.id)).toMatchObject({ state: 'needs-trace', report: REPORT })
      const { report } = await reports.sight(aSighting({ delivery: 'dlv_3', report: OTHER_REPORT, title: 'TypeError: x' }))
      expect(report).toMatchObject({ state: 'new', missing: [], report: OTHER_REPORT, title: 'TypeError: x', sightings: 3 })
    })

    it('lists the newest sighting first, in pages that are stable while reports arrive', async () => {
      const reports = await make()
      for (let index = 0; index < 10; index += 1) {
        await reports.sight(aSighting({ groupKey: `n-${index}`, at: at(index % 5), repository: index % 2 === 0 ? 'shop' : 'bank' }))
      }
      const all = await reports.list({ limit: 20 })
      expect(all.map((report) => report.lastSeen)).toEqual([4, 4, 3, 3, 2, 2, 1, 1, 0, 0].map(at))
      const seen: string[] = []
      let before: ReportCursor | undefined
      for (let page = 0; page < 6; page += 1) {
        const reached = await reports.list({ limit: 3, ...(before === undefined ? {} : { before }) })
        seen.push(...reached.map((report) => report.groupKey))
        before = reached.at(-1) ?? before
        await reports.sight(aSighting({ groupKey: `late-${page}`, at: at(100 + page) }))
      }
      expect(seen).toEqual(all.map((report) => report.groupKey))
      expect((await reports.list({ limit: 20, repository: 'bank' })).every((report) => report.repository === 'bank')).toBe(true)
      expect(await reports.list({ limit: 20, state: 'held' })).toEqual([])
      expect(await reports.list({ limit: 20, before: { lastSeen: new Date(0), id: 'rep_unknown' } })).toEqual([])
    })

    it('a page goes on where the last one ended, though its last report is seen again meanwhile', async () => {
      const reports = await make()
      for (let index = 0; index < 6; index += 1) await reports.sight(aSighting({ groupKey: `n-${index}`, at: at(index) }))
      const first = await reports.list({ limit: 3 })
      await reports.sight(aSighting({ groupKey: 'n-3', delivery: 'dlv_2', at: at(50) }))
      const before = first.at(-1)
      const second = await reports.list({ limit: 3, ...(before && { before }) })
      expect([first, second].map((page) => page.map((report) => report.groupKey))).toEqual([
        ['n-5', 'n-4', 'n-3'],
        ['n-2', 'n-1', 'n-0'],
      ])
    })

    it('a report that was made before its service was mapped is taken over, once', async () => {
      const reports = await make()
      const { report: unmapped } = await reports.sight(aSighting({ groupKey: 'service', service: 'cart' }))
      const mapped = { groupKey: 'repository', formerKey: 'service', repository: 'shop', service: 'cart' }
      const { report, created } = await reports.sight(aSighting({ ...mapped, delivery: 'dlv_2' }))
      expect([created, report]).toEqual([false, { ...unmapped, groupKey: 'repository', repository: 'shop', sightings: 2 }])
      expect((await reports.sight(aSighting({ ...mapped, delivery: 'dlv_2' }))).report.sightings).toBe(2)
      expect((await reports.sight(aSighting({ groupKey: 'service', service: 'cart', delivery: 'dlv_3' }))).created).toBe(true)
      expect((await reports.sight(aSighting({ ...mapped, delivery: 'dlv_4' }))).report.id).toBe(unmapped.id)
    })

    it.each(STRANGE_TEXTS)('takes %s wherever text can be', async (_, text) => {
      const reports = await make()
      const texts = { groupKey: text, title: text, source: text, delivery: text, repository: text, service: text, environment: text, release: text }
      const sighting = aSighting({ ...texts, commit: text, url: text, missing: [text], hasTrace: false })
      const { report } = await reports.sight(sighting)
      expect(isKept(text, report.title)).toBe(true)
      expect(isKept(text, report.url ?? '')).toBe(true)
      expect(isKept(text, report.missing[0] ?? '')).toBe(true)
      expect(await reports.sight(sighting)).toEqual({ report, created: false })
      expect(await reports.move(report.id, { from: ['needs-trace'], to: 'held', reason: text })).toBe(true)
      expect(isKept(text, (await reports.get(report.id))?.reason ?? '')).toBe(true)
      expect(await reports.list({ limit: 5, repository: text })).toHaveLength(1)
      expect(await reports.runsSince(new Date(0), text)).toBe(0)
      expect(await reports.get(text)).toBeUndefined()
    })

    it('tells strange group keys apart', async () => {
      const reports = await make()
      const keys = [...STRANGE_TEXTS.map(([, text]) => text), 'before\ufffdafter', `${'Xy9 '.repeat(25_000)}!`]
      for (const groupKey of keys) expect((await reports.sight(aSighting({ groupKey }))).created).toBe(true)
    })

    it('tells how often each day saw it, in UTC, as far as that is kept', async () => {
      const reports = await make()
      const day = 86_400
      const { report } = await reports.sight(aSighting({ at: at(0) }))
      for (const [index, second] of [5, day, day + 7, 4 * day].entries()) await reports.sight(aSighting({ delivery: `dlv_${index + 2}`, at: at(second) }))
      await reports.sight(aSighting({ groupKey: 'another', at: at(day) }))
      expect(await reports.sightingsByDay(report.id, at(-day))).toEqual([
        { day: '2026-01-02', sightings: 2 },
        { day: '2026-01-03', sightings: 2 },
        { day: '2026-01-06', sightings: 1 },
      ])
      expect(await reports.sightingsByDay(report.id, at(day + 7))).toEqual([
        { day: '2026-01-03', sightings: 1 },
        { day: '2026-01-06', sightings: 1 },
      ])
      await reports.expire(at(2 * day))
      expect(await reports.sightingsByDay(report.id, at(0))).toEqual([{ day: '2026-01-06', sightings: 1 }])
      expect(await reports.sightingsByDay('rep_unknown', at(0))).toEqual([])
    })

    it('single sightings expire, the count stays', async () => {
      const reports = await make()
      for (let index = 0; index < 5; index += 1) await reports.sight(aSighting({ delivery: `dlv_${index}`, at: at(index) }))
      expect(await reports.expire(at(3))).toBe(3)
      expect(await reports.expire(at(3))).toBe(0)
      expect((await reports.sight(aSighting({ delivery: 'dlv_4', at: at(4) }))).report.sightings).toBe(5)
    })
  })
}
