import { plainOf } from './ansi.ts'

/** Lines of any number; an array of them will do. */
export interface Lines {
  readonly length: number
  at(index: number): string | undefined
}

/** The lines of one large text, which is kept whole: only what is on screen is cut out of it. */
export function linesOf(text: string): Lines {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  if (text.endsWith('\n')) starts.pop()
  return {
    length: text === '' ? 0 : starts.length,
    at: (index) => {
      const start = starts[index]
      return start === undefined ? undefined : text.slice(start, (starts[index + 1] ?? text.length + (text.endsWith('\n') ? 0 : 1)) - 1)
    },
  }
}

/** More are not counted. */
export const MOST_FOUND = 10_000

/** Numbers of the lines that say this, whatever its case. */
export function linesWith(lines: Lines, words: string): readonly number[] {
  const wanted = words.toLowerCase()
  const found: number[] = []
  if (wanted === '') return found
  for (let index = 0; index < lines.length && found.length < MOST_FOUND; index += 1) {
    if (
      plainOf(lines.at(index) ?? '')
        .toLowerCase()
        .includes(wanted)
    )
      found.push(index)
  }
  return found
}
