import { expect, test } from 'vitest'
import { exactMcNemar, median, pairedBootstrap, quantile, wilson } from './statistics.ts'

// The last one is the example of R. G. Newcombe 1998, method 3; the others are worked out by hand.
test.each([
  [0, 10, 0, 0.2775],
  [10, 10, 0.7225, 1],
  [4, 10, 0.1682, 0.6873],
  [81, 263, 0.2553, 0.3662],
])('Wilson: %i of %i lies between %f and %f', (count, of, low, high) => {
  const interval = wilson(count, of)
  expect(interval.value).toBeCloseTo(count / of)
  expect(interval.low).toBeCloseTo(low, 4)
  expect(interval.high).toBeCloseTo(high, 4)
})

test('of no case nothing is known', () => {
  expect(wilson(0, 0)).toEqual({ value: 0, low: 0, high: 1 })
})

test('quantiles lie between two values by their distance', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([1, 2, 3, 10])).toBe(2.5)
  expect(quantile([0, 10], 0.9)).toBe(9)
  expect(median([])).toBeUndefined()
})

// Twice the tail of a fair coin: 2 · (1 + 10 + 45) / 1024 for 8 and 2.
test.each([
  [0, 0, 1],
  [1, 0, 1],
  [5, 0, 0.0625],
  [6, 0, 0.03125],
  [8, 2, 0.109375],
  [12, 2, 0.012939],
  [3, 3, 1],
])('McNemar: %i gained and %i lost have p = %f', (gained, lost, p) => {
  expect(exactMcNemar(gained, lost)).toBeCloseTo(p, 5)
})

test('the bootstrap is the same every time, and near the normal interval of many pairs', () => {
  const differences = [...Array(30).fill(1), ...Array(10).fill(-1), ...Array(60).fill(0)]
  const interval = pairedBootstrap(differences)
  expect(pairedBootstrap(differences)).toEqual(interval)
  expect(interval.value).toBeCloseTo(0.2)
  // 0.2 ± 1.96 · √(0.36 / 100)
  expect(interval.low).toBeCloseTo(0.2 - 0.1176, 1)
  expect(interval.high).toBeCloseTo(0.2 + 0.1176, 1)
})
