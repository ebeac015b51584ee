/** A value with the 95 % interval around it. */
export interface Interval {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** The quantile of the normal distribution that leaves 2.5 % on each side. */
const Z = 1.959964

/** A share with its score interval (E. B. Wilson 1927, "Probable inference, the law of succession, and statistical inference"): holds for few cases and for none or all. */
export function wilson(count: number, of: number): Interval {
  if (of === 0) return { value: 0, low: 0, high: 1 }
  const share = count / of
  const weight = 1 + Z ** 2 / of
  const middle = (share + Z ** 2 / (2 * of)) / weight
  const half = (Z / weight) * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2))
  return { value: share, low: count === 0 ? 0 : middle - half, high: count === of ? 1 : middle + half }
}

/** The value below which a share of them lies, between two by their distance; undefined for none. */
export function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const low = sorted[Math.floor(at)]
  const high = sorted[Math.ceil(at)]
  return low === undefined || high === undefined ? undefined : low + (high - low) * (at - Math.floor(at))
}

export function median(values: readonly number[]): number | undefined {
  return quantile(values, 0.5)
}

/**
 * How likely flips as one-sided as these are when both sides are equally good: the exact two-sided form of Q. McNemar's test (1947, "Note on
 * the sampling error of the difference between correlated proportions"), which is the sign test on the cases that flipped.
 */
export function exactMcNemar(gained: number, lost: number): number {
  const flips = gained + lost
  let tail = 0
  for (let k = 0; k <= Math.min(gained, lost); k += 1) tail += choose(flips, k)
  return Math.min(1, (2 * tail) / 2 ** flips)
}

function choose(n: number, k: number): number {
  let ways = 1
  for (let i = 1; i <= k; i += 1) ways = (ways * (n - k + i)) / i
  return ways
}

const RESAMPLES = 10_000
const SEED = 20_260_000

/**
 * The mean of paired differences with its percentile interval, by drawing the pairs anew (B. Efron and R. Tibshirani 1993, "An Introduction to
 * the Bootstrap", chapter 13). The seed is fixed: the same results give the same interval.
 */
export function pairedBootstrap(differences: readonly number[]): Interval {
  const count = differences.length
  const mean = (values: Iterable<number>) => [...values].reduce((sum, each) => sum + each, 0) / Math.max(1, count)
  if (count === 0) return { value: 0, low: 0, high: 0 }
  const random = mulberry32(SEED)
  const means = Array.from({ length: RESAMPLES }, () => mean(differences.map(() => differences[Math.floor(random() * count)] ?? 0)))
  return { value: mean(differences), low: quantile(means, 0.025) ?? 0, high: quantile(means, 0.975) ?? 0 }
}

/** Numbers in [0, 1) that are the same on every machine (T. Ettinger's mulberry32, public domain). */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
