import { expect, test } from 'vitest'
import type { Attempt, Step } from './run.ts'
import { stepLines, waterfallLines } from './step-lines.ts'

const at = (second: number) => new Date(Date.UTC(2026, 0, 2) + second * 1000).toISOString()
const step = (name: string, from: number, until?: number): Step => ({
  ...{ step: name, startedAt: at(from), facts: [], failed: false },
  ...(until !== undefined && { endedAt: at(until) }),
})
const attempt = (number: number, second: number): Attempt => ({ number, at: at(second), verdict: 'regressed', judgement: 'digest' })

test('bars follow each other; the one that is not done reaches until now', () => {
  const lines = stepLines([step('open-run', 0, 0), step('reproduce-bug', 0, 30), step('gather-dossier', 30)], [], Date.parse(at(40)))
  expect(lines.map(({ number, offset, width, ms }) => [number, offset, width, ms])).toEqual([
    [1, 0, 0, 0],
    [2, 0, 0.75, 30_000],
    [3, 0.75, 0.25, 10_000],
  ])
})

test('a weekend of waiting leaves the work its room, and tells its length all the same', () => {
  const [work, wait] = stepLines([step('judge-patch', 0, 100), step('await-decision', 100, 200_000)], [], 0)
  expect(wait?.ms).toBe(199_900_000)
  expect(work?.width).toBeGreaterThan(0.85)
  expect(stepLines([step('await-decision', 0, 10)], [], 0)[0]?.width).toBe(1)
})

test('steps know their attempt, and many of them are put together by it', () => {
  const attempts = Array.from({ length: 9 }, (_, index) => attempt(index + 1, index * 30 + 30))
  const steps = attempts.flatMap((_, index) =>
    ['draft-patch', 'minimise-patch', 'judge-patch'].map((name, part) => step(name, index * 30 + part * 10, index * 30 + part * 10 + 10)),
  )
  const lines = stepLines([step('open-run', 0, 0), ...steps, step('draft-patch', 270)], attempts, Date.parse(at(280)))
  expect(lines.map((line) => line.attempt?.number)).toEqual([undefined, ...attempts.flatMap(({ number }) => [number, number, number]), undefined])
  const kinds = (open: readonly number[]) => waterfallLines(lines, open).map((line) => line.kind)
  expect(kinds([])).toEqual(['step', ...attempts.map(() => 'attempt'), 'step'])
  expect(kinds([1]).slice(0, 6)).toEqual(['step', 'attempt', 'step', 'step', 'step', 'attempt'])
  expect(waterfallLines(lines.slice(0, 5), []).every(({ kind }) => kind === 'step')).toBe(true)
})
