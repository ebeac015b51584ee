import { isDigit } from './characters.ts'
import { withoutColours } from './colours.ts'
import { embeddedTexts } from './embedded-text.ts'
import { afterLogPrefix } from './log-prefix.ts'

/** One line of a report without what a logger, a quotation or a terminal put around it. */
export interface Line {
  readonly text: string
  /** A timestamp or level stood before it: a new record of a log begins here. */
  readonly stamped: boolean
  /** Nothing before this line belongs to what comes after it: a code fence, the edge of an embedded text. */
  readonly boundary: boolean
}

/** Characters of a line that are looked at. */
const MAXIMUM_LINE = 2048
const BOUNDARY: Line = { text: '', stamped: false, boundary: true }

export function linesOf(text: string): Line[] {
  const whole = embeddedTexts(text.trim())
  if (whole.length > 0) return whole.flatMap(embedded)
  return withoutColours(text)
    .split('\n')
    .flatMap((raw) => {
      const texts = embeddedTexts(raw)
      return texts.length > 0 ? texts.flatMap(embedded) : [plain(raw)]
    })
}

function embedded(text: string): Line[] {
  return [BOUNDARY, ...withoutColours(text).split('\n').map(plain), BOUNDARY]
}

function plain(raw: string): Line {
  const line = unquoted(raw.length > MAXIMUM_LINE ? raw.slice(0, MAXIMUM_LINE) : raw)
  const clean = line.endsWith('\r') ? line.slice(0, -1) : line
  const trimmed = clean.trimStart()
  if (trimmed.startsWith('```') || trimmed.startsWith('~~~') || isOmission(trimmed)) return BOUNDARY
  const prefix = afterLogPrefix(clean)
  return { text: clean.slice(prefix.length), stamped: prefix.stamped, boundary: false }
}

function isOmission(text: string): boolean {
  return text.startsWith('[') && text.endsWith(' characters left out]')
}

/** Without Markdown's `> `. A code frame (`> 12 | x`) is not a quotation. */
function unquoted(line: string): string {
  let at = 0
  while (line[at] === '>' && at < 8) {
    const next = line[at + 1]
    if (next !== ' ' && next !== '>' && next !== undefined) break
    if (next === ' ' && isCodeFrame(line, at + 2)) break
    at += next === ' ' ? 2 : 1
  }
  return at === 0 ? line : line.slice(at)
}

function isCodeFrame(line: string, from: number): boolean {
  let at = from
  while (line[at] === ' ') at += 1
  const digits = at
  while (isDigit(line[at])) at += 1
  if (at === digits) return false
  while (line[at] === ' ') at += 1
  return line[at] === '|'
}
