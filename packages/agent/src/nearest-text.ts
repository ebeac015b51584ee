import { numbered } from './code-reading.ts'

const LONGEST_FILE = 20_000
const AROUND = 2
const LONGEST_BLOCK = 40

/** The lines that are most like the searched ones, with their numbers; undefined when nothing is like them. */
export function nearestText(text: string, search: string): string | undefined {
  const lines = text.split('\n').slice(0, LONGEST_FILE).map(wordsOf)
  const wanted = search.trim().split(/\r?\n/).slice(0, LONGEST_BLOCK).map(wordsOf)
  let best = { at: -1, likeness: 0 }
  for (let at = 0; at < lines.length; at += 1) {
    let likeness = 0
    for (const [index, words] of wanted.entries()) likeness += likenessOf(words, lines[at + index])
    if (likeness > best.likeness) best = { at, likeness }
  }
  if (best.at < 0 || best.likeness < 0.25 * wanted.filter((words) => words.size > 0).length) return undefined
  return numbered(text, Math.max(1, best.at + 1 - AROUND), best.at + wanted.length + AROUND)
}

function wordsOf(line: string): ReadonlySet<string> {
  return new Set(line.match(/[\p{L}\p{N}_$]+|[^\s\p{L}\p{N}_$]/gu) ?? [])
}

/** Shared words, 0 to 1. */
function likenessOf(a: ReadonlySet<string>, b: ReadonlySet<string> | undefined): number {
  if (b === undefined || a.size === 0 || b.size === 0) return 0
  let shared = 0
  for (const word of a) if (b.has(word)) shared += 1
  return (2 * shared) / (a.size + b.size)
}
