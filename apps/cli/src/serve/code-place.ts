import type { SourceSnapshot } from '@fixpoint/core'
import type { CodePlace } from '@fixpoint/server'
import type { Premises } from './premises.ts'

/** Lines that are shown of one place. */
const MOST_LINES = 30
const LONGEST_LINE = 400

/** Lines of a tree as people are shown them. Whoever names the path has asked whether it may be shown. */
export function codePlace(source: SourceSnapshot, path: string, lines: readonly [number, number], premises: Pick<Premises, 'linesPage'>): CodePlace {
  const [first, last] = lines
  const text = (source.text(path) ?? '').split('\n').slice(first - 1, Math.min(last, first - 1 + MOST_LINES))
  return { path, lines, text: text.map((line) => line.slice(0, LONGEST_LINE)).join('\n'), url: premises.linesPage(source.commit, path, lines) }
}
