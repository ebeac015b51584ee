import { expect, test } from 'vitest'
import { keepingRows, type ListedProposal, type ProposalList } from './kept-rows.ts'

const at = '2026-01-02T03:04:05.000Z'
const row = (run: string, title = 'Fix it'): ListedProposal => ({
  ...{ run, proposal: 'digest', awaiting: true, title, spent: { money: 0, tokens: 0 }, openedAt: at, updatedAt: at },
  ...{ gates: [{ gate: 'applies', status: 'passed' }], files: [], risks: [] },
})
const list = (...items: ListedProposal[]): ProposalList => ({ items, next: null })

test('a row that says what it said is the same object in another place, and one that changed is not', () => {
  const before = list(row('run_1'), row('run_2'))
  const now = keepingRows(before, list(row('run_3'), row('run_1'), row('run_2', 'Fix it well')))
  expect(now).toEqual(list(row('run_3'), row('run_1'), row('run_2', 'Fix it well')))
  expect(now.items[1]).toBe(before.items[0])
  expect(now.items[2]).not.toBe(before.items[1])
})

test('a list that says what it said is the same object; one that is shorter, or goes on, is not', () => {
  const before = list(row('run_1'), row('run_2'))
  expect(keepingRows(before, list(row('run_1'), row('run_2')))).toBe(before)
  expect(keepingRows(before, list(row('run_1')))).toEqual(list(row('run_1')))
  expect(keepingRows(before, { ...before, next: 'run_2' })).toEqual({ ...before, next: 'run_2' })
  expect(keepingRows(undefined, before)).toEqual(before)
})
