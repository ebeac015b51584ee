import type { StackTrace } from '@fixpoint/core'
import { indentOf, isDigit } from './characters.ts'
import type { Line } from './lines.ts'
import { MAXIMUM_FRAMES, type TraceBlock } from './node-trace.ts'
import { pythonFrame } from './python-frame.ts'

export const TRACEBACK = 'Traceback (most recent call last):'
const DIRECT_CAUSE = 'The above exception was the direct cause'
const CONTEXT = 'During handling of the above exception'
const MAXIMUM_MESSAGE_LINES = 20
const MAXIMUM_DEPTH = 12

/** The chain of tracebacks that starts at line `at`: the last error is the one that surfaced, earlier ones led to it. */
export function pythonTraceAt(lines: readonly Line[], at: number): TraceBlock {
  let { trace, end } = oneTraceback(lines, at)
  for (let link = 0; link < 50; link += 1) {
    const next = nextInChain(lines, end)
    if (!next) break
    const later = oneTraceback(lines, next.at)
    later.trace.causes.unshift({ relation: next.relation, trace })
    trace = later.trace
    end = later.end
  }
  return { trace, end, causedBy: false }
}

/** A syntax error of the file that was started: its frame and caret without a `Traceback` line. */
export function pythonSyntaxErrorAt(lines: readonly Line[], at: number): TraceBlock | undefined {
  const text = lines[at]?.text ?? ''
  const indent = indentOf(text)
  for (let next = at + 1; next < Math.min(lines.length, at + 5); next += 1) {
    const line = lines[next]?.text ?? ''
    if (line.trim() === '' || indentOf(line) >= indent) continue
    const header = exceptionHeader(line.trim())
    const frame = header?.type.endsWith('Error') ? pythonFrame(text.trim()) : undefined
    return header && frame?.function === undefined && frame ? { trace: made(header, [frame]), end: next + 1, causedBy: false } : undefined
  }
  return undefined
}

function nextInChain(lines: readonly Line[], end: number): { at: number; relation: 'cause' | 'context' } | undefined {
  const link = afterBlank(lines, end)
  const text = lines[link]?.text ?? ''
  const relation = text.includes(DIRECT_CAUSE) ? 'cause' : text.includes(CONTEXT) ? 'context' : undefined
  if (!relation) return undefined
  const at = afterBlank(lines, link + 1)
  return lines[at]?.text.includes(TRACEBACK) ? { at, relation } : undefined
}

function afterBlank(lines: readonly Line[], from: number): number {
  let at = from
  while (at < from + 3 && lines[at] && !lines[at]?.boundary && marginless(lines[at]?.text ?? '').trim() === '') at += 1
  return at
}

/** Lines between chained tracebacks inside of a group carry its margin. */
function marginless(text: string): string {
  const indent = indentOf(text)
  return text[indent] === '|' ? text.slice(indent + 1) : text
}

function oneTraceback(lines: readonly Line[], at: number): { trace: StackTrace; end: number } {
  const text = lines[at]?.text ?? ''
  const column = text.indexOf(TRACEBACK)
  const plus = text.indexOf('+ Exception Group ')
  if (plus >= 0 && plus < column && text.slice(0, plus).trim() === '') return exceptionGroup(lines, at, plus)
  const block = columnsFrom(lines, at, column)
  const read = readTraceback(block, 1)
  return { trace: read.trace, end: at + read.end }
}

interface Row {
  readonly text: string
  readonly stamped: boolean
  readonly boundary: boolean
}

/** Rows of a traceback relative to its own left edge: the prefix before `Traceback` may or may not be repeated. */
function columnsFrom(lines: readonly Line[], at: number, column: number): { row(index: number): Row | undefined } {
  const first = lines[at]?.text ?? ''
  const prefix = first.slice(0, column)
  const blank = prefix.trim() === ''
  return {
    row(index) {
      const line = lines[at + index]
      if (!line || index === 0 || column === 0) return line
      const repeats = blank ? line.text.slice(0, column).trim() === '' : line.text.startsWith(prefix)
      return repeats ? { ...line, text: line.text.slice(column) } : line
    },
  }
}

function readTraceback(rows: { row(index: number): Row | undefined }, from: number): { trace: StackTrace; end: number } {
  const frames: StackTrace['frames'] = []
  const stampedRows = rows.row(from)?.stamped === true
  let at = from
  for (; ; at += 1) {
    const row = rows.row(at)
    if (!row || row.boundary || row.text.trim() === '' || (row.stamped && !stampedRows)) break
    const indent = indentOf(row.text)
    const frame = indent > 0 ? pythonFrame(row.text.trim()) : undefined
    if (frame) frames.push(frame)
    else if (indent === 0) {
      const header = exceptionHeader(row.text.trimEnd())
      if (!header) break
      const more = stampedRows ? [] : messageRows(rows, at + 1)
      const message = [header.message, ...more].join('\n').trimEnd()
      return { trace: made({ ...header, message }, frames), end: at + 1 + more.length }
    }
  }
  return { trace: made(undefined, frames), end: Math.max(at, from) }
}

/** A message may have more lines and an exception may have notes: they go on to the next empty line. */
function messageRows(rows: { row(index: number): Row | undefined }, from: number): string[] {
  const more: string[] = []
  for (let at = from; more.length < MAXIMUM_MESSAGE_LINES; at += 1) {
    const row = rows.row(at)
    const text = row?.text ?? ''
    if (!row || row.boundary || row.stamped || text.trim() === '' || text.includes(TRACEBACK) || text.trimStart().startsWith('File "')) break
    if (text.includes(DIRECT_CAUSE) || text.includes(CONTEXT) || isAccessLog(text)) break
    more.push(text.trimEnd())
  }
  return more
}

/** `127.0.0.1 - - [21/Nov/2026 …`, which servers print right after it. */
function isAccessLog(text: string): boolean {
  return /^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}[ :]/.test(text)
}

/** `package.module.SomeError: message`, or the name alone. */
function exceptionHeader(text: string): { type: string; message: string } | undefined {
  let end = 0
  while (isNamePart(text[end])) end += 1
  const type = text.slice(0, end)
  if (type === '' || isDigit(type[0]) || type.endsWith('.')) return undefined
  const rest = text.slice(end)
  if (rest.trim() === '' || rest.trim() === ':') return { type, message: '' }
  return rest.startsWith(': ') ? { type, message: rest.slice(2) } : undefined
}

function isNamePart(character: string | undefined): boolean {
  if (character === undefined) return false
  return /[\p{L}\p{N}_.]/u.test(character) || character === '<' || character === '>'
}

/** Frames come outermost first in Python and leave innermost first; of a very deep stack both ends stay. */
function made(header: { type: string; message: string } | undefined, frames: StackTrace['frames']): StackTrace {
  return {
    language: 'python',
    ...(header && { errorType: header.type }),
    ...(header && header.message !== '' && { message: header.message.slice(0, 4000) }),
    frames: frames.reverse().slice(0, MAXIMUM_FRAMES),
    causes: [],
  }
}

/** `  + Exception Group Traceback …` with its margin of bars and the numbered members inside. */
function exceptionGroup(lines: readonly Line[], at: number, margin: number): { trace: StackTrace; end: number } {
  const rows: Row[] = []
  let end = at
  for (; end < lines.length; end += 1) {
    const line = lines[end]
    if (!line || line.boundary || (end > at && !isMargin(line.text, margin))) break
    rows.push(line)
  }
  return { trace: groupOf(rows, margin, 0), end }
}

function isMargin(text: string, margin: number): boolean {
  const indent = indentOf(text)
  return indent >= margin && (text[indent] === '|' || (text[indent] === '+' && text[indent + 1] === '-'))
}

function groupOf(rows: readonly Row[], margin: number, depth: number): StackTrace {
  const own: Row[] = []
  const members: Row[][] = []
  for (const row of rows) {
    const indent = indentOf(row.text)
    const sign = row.text[indent]
    if (indent === margin && sign === '|') own.push({ ...row, text: row.text.slice(margin + 2) })
    else if (isMemberRule(row.text, indent, margin)) members.push([])
    else if (indent > margin) members.at(-1)?.push(row)
    else if (own.length === 0) own.push({ ...row, text: row.text.slice(margin + 2) })
  }
  const trace = ownTrace(own)
  if (depth < MAXIMUM_DEPTH) {
    for (const member of members.slice(0, 50)) if (member.length > 0) trace.causes.push({ relation: 'member', trace: groupOf(member, margin + 2, depth + 1) })
  }
  return trace
}

/** `+-+---- 1 ----` opens the first member, `  +---- 2 ----` the next; the last rule has no number. */
function isMemberRule(text: string, indent: number, margin: number): boolean {
  if (text[indent] !== '+') return false
  if (indent === margin) return text.startsWith('+-+', indent)
  if (indent !== margin + 2) return false
  const number = text
    .slice(indent + 1)
    .replaceAll('-', '')
    .trim()
  return number !== '' && [...number].every(isDigit)
}

function ownTrace(own: readonly Row[]): StackTrace {
  const row = (index: number) => own[index]
  const start = own.findIndex((line) => line.text.includes(TRACEBACK))
  if (start >= 0) {
    const lines = own.map((line) => ({ ...line, text: line.text.replace('Exception Group ', '') }))
    return pythonTraceAt(lines, start).trace
  }
  return readTraceback({ row }, 0).trace
}
