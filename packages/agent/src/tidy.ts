import type { DraftTools } from '@fixpoint/core'
import { type Hunk, hunksBetween, withHunks } from './line-hunks.ts'

type Reading = Pick<DraftTools, 'sameTokens' | 'syntaxError'>

/** A comment so near to a change explains it. */
const NEAR = 3
/** More than this is not a repair, and is refused elsewhere. */
const MOST_HUNKS = 60
const DEBUG_PRINT = [
  /^\s*console\.(?:log|debug|info|warn|error|trace|dir)\(.*\);?\s*$/,
  /^\s*(?:debugger|breakpoint\(\)|import pdb; *pdb\.set_trace\(\)|pdb\.set_trace\(\));?\s*$/,
  /^\s*print\(.*\)\s*$/,
]

/** The text after an edit without what does not belong to a repair: white space, comments far from any change, debug prints. */
export function tidied(path: string, before: string, after: string, reading: Reading): string {
  const hunks = hunksBetween(before, after)
  if (hunks.length > MOST_HUNKS) return after
  const silent = hunks.filter((hunk) => reading.sameTokens(path, before, withHunks(before, [hunk])))
  const said = hunks.filter((hunk) => !silent.includes(hunk))
  const kept = hunks.filter((hunk) => said.includes(hunk) || (saysMore(hunk) && said.some((other) => distance(hunk, other) <= NEAR)))
  const clean = withHunks(before, kept.map(withoutDebugPrints).filter(changes))
  // Where a print was all there was in a block, it has to stay.
  return reading.syntaxError(path, clean) === undefined ? clean : withHunks(before, kept)
}

/** Not only white space: a comment. */
function saysMore({ removed, added }: Hunk): boolean {
  const words = (lines: readonly string[]) => lines.join('').replace(/\s+/g, '')
  return words(removed) !== words(added)
}

function distance(a: Hunk, b: Hunk): number {
  const [first, second] = a.at <= b.at ? [a, b] : [b, a]
  return second.at - (first.at + first.removed.length)
}

/** Prints that were there before stay. */
function withoutDebugPrints(hunk: Hunk): Hunk {
  if (hunk.removed.some((line) => DEBUG_PRINT.some((print) => print.test(line)))) return hunk
  return { ...hunk, added: hunk.added.filter((line) => !DEBUG_PRINT.some((print) => print.test(line))) }
}

function changes({ removed, added }: Hunk): boolean {
  return removed.length > 0 || added.length > 0
}
