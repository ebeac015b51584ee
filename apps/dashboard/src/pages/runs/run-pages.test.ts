import { expect, test } from 'vitest'
import { type ListedRun, type RunPage, withRun } from './run-pages.ts'
import { runsSearch } from './search.ts'

const run = (number: number, changes: Partial<ListedRun> = {}): ListedRun => ({
  ...{ id: `run_${number}`, phase: 'opened', awaiting: false, report: 'digest', spent: { money: 0, tokens: 0 }, entries: 1 },
  ...{ openedAt: '2026-01-02T03:04:05.000Z', updatedAt: '2026-01-02T03:04:05.000Z', ...changes },
})
const pages = (...each: RunPage[]) => ({ pages: each, pageParams: each.map(() => '') })
const ids = ({ pages: each }: ReturnType<typeof pages>) => each.map(({ items }) => items.map(({ id }) => id))
const known = pages({ items: [run(9), run(7)], next: 'run_7' }, { items: [run(5), run(3)], next: 'run_3' })

test('a run that changed is changed in its place', () => {
  const changed = withRun(known, run(5, { phase: 'judged' }), {})
  expect(ids(changed)).toEqual(ids(known))
  expect(changed.pages[1]?.items[0]?.phase).toBe('judged')
  expect(changed.pages[0]).toBe(known.pages[0])
})

test('a new run comes in its order; one that is further than what was asked for does not', () => {
  expect(ids(withRun(known, run(10 ** 9 * 9.5), {}))[0]?.[0]).toBe('run_9500000000')
  expect(ids(withRun(known, run(6), {}))).toEqual([
    ['run_9', 'run_7'],
    ['run_6', 'run_5', 'run_3'],
  ])
  expect(withRun(known, run(1), {})).toEqual(known)
  expect(ids(withRun(pages({ items: [], next: null }), run(1), {}))).toEqual([['run_1']])
})

test('a run that is none of those asked for goes, and does not come', () => {
  const filter = { phase: 'opened', text: ' Type' } as const
  expect(ids(withRun(known, run(9, { phase: 'judged' }), filter))).toEqual([['run_7'], ['run_5', 'run_3']])
  expect(withRun(known, run(8), filter)).toBe(known)
  const owner = { id: 'rep_1', title: 'a TypeError', source: 'sentry' }
  expect(ids(withRun(known, run(8, { owner }), filter))[0]).toEqual(['run_9', 'run_8', 'run_7'])
})

test('an address of anything is an address of runs', () => {
  expect(runsSearch({ phase: 'judged', outcome: 'lost', awaiting: 'yes', text: 404, repository: '', source: ['a'], more: 1 })).toEqual({
    ...{ phase: 'judged', awaiting: 'yes', text: '404' },
  })
})
