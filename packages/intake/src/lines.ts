import { indentOf, isDigit } from './characters.ts'
import { withoutColours } from './colours.ts'
import { embeddedTexts, mayHoldTrace } from './embedded-text.ts'
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
/** Lines that are looked at from each end: a text of 256 KB has fewer unless it was made to have more. */
const MAXIMUM_LINES = 6000
/** JSON records with a trace that are opened: more traces than that are never told. */
const MAXIMUM_RECORDS = 500
const BOUNDARY: Line = { text: '', stamped: false, boundary: true }
const BLANK: Line = { text: '', stamped: false, boundary: false }

export function linesOf(text: string): Line[] {
  const first = text.charCodeAt(indentOf(text))
  if (first === 0x7b || first === 0x5b) {
    // The whole report may be one JSON document, printed over many lines.
    const texts = mayHoldTrace(text) ? embeddedTexts(text.trim()) : []
    if (texts.length > 0) return texts.flatMap((embedded) => [BOUNDARY, ...plainLines(embedded), BOUNDARY])
  }
  let records = text.includes('\\n') ? MAXIMUM_RECORDS : 0
  const lines: Line[] = []
  for (const raw of rawLines(withoutColours(text))) {
    const texts = records > 0 && mayHoldTrace(raw) ? embeddedTexts(raw) : undefined
    if (texts) records -= 1
    if (texts && texts.length > 0) for (const embedded of texts) lines.push(BOUNDARY, ...plainLines(embedded), BOUNDARY)
    else lines.push(plain(raw))
  }
  return lines
}

function plainLines(text: string): Line[] {
  return rawLines(withoutColours(text)).map(plain)
}

/** The lines of both ends; a run of empty lines counts as two. */
function rawLines(text: string): string[] {
  const lines: string[] = []
  let at = 0
  let blanks = 0
  while (at <= text.length && lines.length < MAXIMUM_LINES) {
    const end = text.indexOf('\n', at)
    const stop = end < 0 ? text.length : end
    blanks = stop === at ? blanks + 1 : 0
    if (blanks <= 2) lines.push(text.slice(at, stop))
    at = stop + 1
  }
  if (at > text.length) return lines
  const tail: string[] = []
  let until = text.length
  blanks = 0
  while (until > at && tail.length < MAXIMUM_LINES) {
    const start = Math.max(at, text.lastIndexOf('\n', until - 1) + 1)
    blanks = start === until ? blanks + 1 : 0
    if (blanks <= 2) tail.push(text.slice(start, until))
    until = start - 1
  }
  return [...lines, ...tail.reverse()]
}

function plain(raw: string): Line {
  if (raw === '' || raw === '\r') return BLANK
  const line = unquoted(raw.length > MAXIMUM_LINE ? raw.slice(0, MAXIMUM_LINE) : raw)
  const clean = line.charCodeAt(line.length - 1) === 13 ? line.slice(0, -1) : line
  const indent = indentOf(clean)
  if (isFence(clean, indent) || isOmission(clean)) return BOUNDARY
  // What is indented continues something; no logger indents its prefix.
  if (indent > 0) return { text: clean, stamped: false, boundary: false }
  const prefix = afterLogPrefix(clean)
  return { text: prefix.length === 0 ? clean : clean.slice(prefix.length), stamped: prefix.stamped, boundary: false }
}

/** Python marks a part of a line with `~~~^^^`: that is no fence. */
function isFence(text: string, indent: number): boolean {
  return text.startsWith('```', indent) || (text.startsWith('~~~', indent) && !text.includes('^', indent))
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
