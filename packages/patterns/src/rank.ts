import type { Reproduction } from '@fixpoint/core'
import type { Fix } from './fix.ts'

/** Patterns that bring what was forgotten, at the place where it was: what else the program does stays as it is. */
const FORGOTTEN = new Set(['missing-await', 'missing-argument', 'copy-first'])
/** Patterns that change nothing where nothing is missing, and let the rest of the function run. */
const LOCAL = new Set(['guard', 'fallback', 'api-default'])

/** A root cause may be twenty times less likely than a guard and is still shown before it; what is odder than that is not. */
const SYMPTOM = 3
/** How much the suspicion of a line counts among what passed. */
const PLACE = 0.35

/**
 * Best first. A root cause before a fix of the symptom; then what was likely in the first place, small edits before large ones.
 * Where all that is known is that the crash must go, anything that avoids the line passes: then what keeps the rest of the function
 * running comes first, then what leaves one round or one statement out, and answers that are made up come last.
 */
export function rank(survivors: readonly Fix[], oracle: Reproduction['oracle']): readonly Fix[] {
  return survivors
    .map((fix) => ({ fix, score: scoreOf(fix, oracle) }))
    .sort((a, b) => b.score - a.score)
    .map(({ fix }) => fix)
}

export function scoreOf(fix: Fix, oracle: Reproduction['oracle']): number {
  const size = Math.max(1, Math.abs(fix.text.length - (fix.end - fix.start)), Math.min(fix.text.length, fix.end - fix.start))
  const likely = Math.log(fix.likely) + PLACE * Math.log(fix.weight) - 0.5 * Math.log(size)
  return oracle === 'no-crash' ? likely + standingOf(fix) : likely - (fix.symptomOnly ? SYMPTOM : 0)
}

/** For a crash without a stated answer: steps that outweigh how likely an edit is. */
function standingOf(fix: Fix): number {
  if (FORGOTTEN.has(fix.family)) return 9
  if (LOCAL.has(fix.family)) return 8
  if (fix.family !== 'early-exit') return 0
  return fix.operation === 'skip' ? 4 : 2
}

/** Whether a repair leaves alone what worked: the others may pass a test that only wants the crash gone by going another way. */
export function keepsTheRest(fix: Fix): boolean {
  return standingOf(fix) > 0
}

/** At most `most`, best first, and not three of one kind: a second of the same pattern on the same line waits until all others had their turn. */
export function diverse(ranked: readonly Fix[], most: number): readonly Fix[] {
  const seen = new Map<string, number>()
  // `a < b` and `a <= b - 1` say the same of whole numbers: the plainer one is enough.
  const flipped = new Set(ranked.flatMap((fix) => (fix.family === 'comparison' ? [`${fix.path}:${fix.line}`] : [])))
  const told = ranked.filter((fix) => fix.family !== 'boundary' || !flipped.has(`${fix.path}:${fix.line}`))
  const turns = told.map((fix, at) => {
    const lane = `${fix.path}:${fix.line}:${fix.family}`
    const turn = seen.get(lane) ?? 0
    seen.set(lane, turn + 1)
    return { fix, turn, at }
  })
  return turns
    .sort((a, b) => a.turn - b.turn || a.at - b.at)
    .slice(0, most)
    .sort((a, b) => a.at - b.at)
    .map(({ fix }) => fix)
}
