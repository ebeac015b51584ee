import type { Reproduction } from '@fixpoint/core'
import type { Fix } from './fix.ts'

/** Patterns that change nothing where nothing is missing: what else the program does stays as it is. */
const CONSERVATIVE = new Set(['guard', 'fallback', 'early-exit', 'missing-await', 'missing-argument', 'copy-first'])

/** A root cause may be twenty times less likely than a guard and is still shown before it; what is odder than that is not. */
const SYMPTOM = 3

/**
 * Best first. A root cause before a fix of the symptom; then what was likely in the first place, small edits before large ones.
 * Where all that is known is that the crash must go, anything that avoids the line passes: then what keeps the rest of the behaviour comes first.
 */
export function rank(survivors: readonly Fix[], oracle: Reproduction['oracle']): readonly Fix[] {
  return survivors
    .map((fix) => ({ fix, score: scoreOf(fix, oracle) }))
    .sort((a, b) => b.score - a.score)
    .map(({ fix }) => fix)
}

export function scoreOf(fix: Fix, oracle: Reproduction['oracle']): number {
  const size = Math.max(1, Math.abs(fix.text.length - (fix.end - fix.start)), Math.min(fix.text.length, fix.end - fix.start))
  const likely = Math.log(fix.priority) - 0.5 * Math.log(size)
  if (oracle === 'no-crash') return likely + (CONSERVATIVE.has(fix.family) ? 4 : 0) - (fix.symptomOnly ? 1 : 0)
  return likely - (fix.symptomOnly ? SYMPTOM : 0)
}
