import type { StackTrace } from '@fixpoint/core'
import { indentOf, isDigit } from './characters.ts'
import { customHeader, type ErrorHeader, engineMessage, headerAtStart, headerWithin } from './error-header.ts'
import type { Line } from './lines.ts'
import { nodeFrame } from './node-frame.ts'

export const MAXIMUM_FRAMES = 200
const MAXIMUM_MESSAGE = 4000
/** Lines between an error's name and its first frame: a message with a diff in it is long. */
const MAXIMUM_LOOKBACK = 60

export interface TraceBlock {
  readonly trace: StackTrace
  /** First line after the block. */
  readonly end: number
  /** The header said `Caused by:`. */
  readonly causedBy: boolean
}

/** The block whose first frame is line `at`; nothing before line `floor` belongs to it. */
export function nodeTraceAt(lines: readonly Line[], at: number, floor: number): TraceBlock {
  const found = headerBefore(lines, at, floor)
  const trace = opened(found?.header, found ? messageLines(lines, found.at + 1, at) : [])
  const banner = bannerBefore(lines, found?.at ?? at, floor)
  const end = new Properties(trace, nodeFrame(lines[at]?.text ?? '')?.indent ?? 4).read(lines, at)
  // A syntax error is not where it was thrown: V8 says the place in the lines above the header only.
  if (banner && trace.errorType === 'SyntaxError') trace.frames.unshift(banner)
  return { trace, end, causedBy: found?.header.causedBy ?? false }
}

/** `[AggregateError: All promises were rejected] {`: an error without frames whose members follow. */
export function framelessGroupAt(lines: readonly Line[], at: number): TraceBlock | undefined {
  const text = lines[at]?.text.trim() ?? ''
  if (!text.endsWith('] {')) return undefined
  const header = headerAtStart(text.slice(0, -2))
  if (!header) return undefined
  const trace = opened(header, [])
  const reader = new Properties(trace, indentOf(lines[at]?.text ?? '') + 4)
  reader.open()
  const end = reader.read(lines, at + 1)
  return trace.causes.length > 0 ? { trace, end, causedBy: false } : undefined
}

function opened(header: ErrorHeader | undefined, more: readonly string[]): StackTrace {
  const message = header && [header.message, ...more].join('\n').trimEnd().slice(0, MAXIMUM_MESSAGE)
  return { language: 'javascript', ...(header && { errorType: header.type }), ...(message && { message }), frames: [], causes: [] }
}

function headerBefore(lines: readonly Line[], first: number, floor: number): { header: ErrorHeader; at: number } | undefined {
  const lowest = Math.max(floor, first - MAXIMUM_LOOKBACK)
  const stampedFrames = lines[first]?.stamped === true
  let stop = lowest
  let custom: { header: ErrorHeader; at: number } | undefined
  for (let at = first - 1; at >= lowest; at -= 1) {
    const line = lines[at]
    if (!line || line.boundary) {
      stop = at + 1
      break
    }
    const afterBanner = isCaretLine(lines[at - 2]?.text) && (lines[at - 1]?.text.trim() ?? 'x') === ''
    const header = headerAtStart(line.text) ?? (afterBanner ? customHeader(line.text) : undefined)
    if (header) return { header, at }
    if (!custom && first - at <= 3) {
      const words = engineMessage(line.text)
      if (words) custom = { header: words, at }
    }
    if (!custom && isFirstOfParagraph(lines, at, lowest)) {
      const own = customHeader(line.text)
      if (own) custom = { header: own, at }
    }
    // A record of the log begins here: what stands above it is another one's.
    if (line.stamped && !stampedFrames) {
      stop = at
      break
    }
  }
  for (let at = first - 1; at >= stop; at -= 1) {
    const line = lines[at]
    const header = line && headerWithin(line.text)
    if (header && (at === first - 1 || line?.stamped)) return { header, at }
  }
  return custom
}

function isFirstOfParagraph(lines: readonly Line[], at: number, lowest: number): boolean {
  const above = lines[at - 1]
  return at === lowest || above === undefined || above.boundary || above.text.trim() === ''
}

function messageLines(lines: readonly Line[], from: number, to: number): string[] {
  const more: string[] = []
  for (let at = from; at < to; at += 1) {
    const text = lines[at]?.text ?? ''
    if (isCodeFrameLine(text)) break
    more.push(text.trimEnd())
  }
  return more
}

/** `> 12 | code` and `     |  ^`, which jest and babel put between the message and the frames. */
function isCodeFrameLine(text: string): boolean {
  let at = indentOf(text)
  if (text[at] === '>') at = at + 1 + indentOf(text.slice(at + 1))
  while (isDigit(text[at])) at += 1
  while (text[at] === ' ') at += 1
  return text[at] === '|' && at > 2
}

/** vitest shows the code of a frame before the next one: the first line after it when a frame follows, else `at`. */
function afterCodeFrame(lines: readonly Line[], at: number): number {
  let next = at
  while (next < at + 12 && isCodeFrameLine(lines[next]?.text ?? '')) next += 1
  return next > at && (lines[next]?.text.trimStart().startsWith('❯ ') ?? false) ? next : at
}

function isCaretLine(text: string | undefined): boolean {
  const trimmed = text?.trim() ?? ''
  return trimmed.length > 0 && trimmed.length < 200 && [...trimmed].every((character) => character === '^' || character === '~')
}

/** Node's banner above a header: `file:line`, the source line, a caret, an empty line. */
function bannerBefore(lines: readonly Line[], header: number, floor: number): StackTrace['frames'][number] | undefined {
  for (let at = header - 1; at >= Math.max(floor, header - 4); at -= 1) {
    if (!isCaretLine(lines[at]?.text)) continue
    const place = lines[at - 2]?.text.trim() ?? ''
    const frame = nodeFrame(`at ${place}:1`)?.frame()
    return frame?.place === 'code' ? withoutColumn(frame) : undefined
  }
  return undefined
}

function withoutColumn(frame: StackTrace['frames'][number]): StackTrace['frames'][number] {
  const { column: _, ...rest } = frame
  return rest
}

/** Frames, and after a `{` the error's properties with its causes and members, as `util.inspect` nests them. */
class Properties {
  private current: StackTrace
  /** What is open, outermost first: an error's braces, a list of members, or something of no interest. */
  private readonly stack: ({ kind: 'error' | 'list'; trace: StackTrace } | { kind: 'other' })[] = []
  private readonly frameIndent: number

  constructor(trace: StackTrace, frameIndent: number) {
    this.current = trace
    this.frameIndent = frameIndent
  }

  open(): void {
    this.stack.push({ kind: 'error', trace: this.current })
  }

  /** Returns the first line that does not belong to it. */
  read(lines: readonly Line[], from: number): number {
    let at = from
    for (; at < lines.length; at += 1) {
      const line = lines[at]
      if (!line || line.boundary) break
      const frame = nodeFrame(line.text)
      if (frame) {
        if (this.current.frames.length < MAXIMUM_FRAMES) this.current.frames.push(frame.frame())
        if (frame.opens) this.open()
        continue
      }
      const text = line.text.trim()
      if (isElision(text)) {
        if (text.endsWith('{')) this.open()
        continue
      }
      if (this.stack.length === 0) {
        const next = afterCodeFrame(lines, at)
        if (next === at) break
        at = next - 1
        continue
      }
      if (text !== '' && indentOf(line.text) < this.frameIndent - 2 && !text.startsWith('}')) break
      this.property(text)
      if (this.stack.length === 0) return at + 1
    }
    return at
  }

  private property(text: string): void {
    if (text.startsWith('}') || text.startsWith(']')) {
      this.stack.pop()
      this.current = this.owner() ?? this.current
      return
    }
    if (text.startsWith('[cause]: ')) {
      this.cause(text)
      return
    }
    if (text.startsWith('[errors]: [')) {
      const owner = this.owner()
      if (owner && !text.endsWith(']')) this.stack.push({ kind: 'list', trace: owner })
      return
    }
    const top = this.stack.at(-1)
    const header = top?.kind === 'list' ? (headerAtStart(text) ?? customHeader(text)) : undefined
    if (header && top?.kind === 'list') {
      this.child(header, 'member', text)
      return
    }
    if (text.endsWith('{') || text.endsWith('[') || text.endsWith('(')) {
      this.stack.push({ kind: 'other' })
      return
    }
    this.continueMessage(text)
  }

  private cause(text: string): void {
    const header = headerAtStart(text) ?? customHeader(text.slice('[cause]: '.length))
    if (header && !text.startsWith('[cause]: {')) this.child(header, 'cause', text)
    else if (text.endsWith('{')) this.stack.push({ kind: 'other' })
  }

  private child(header: ErrorHeader, relation: 'cause' | 'member', text: string): void {
    const owner = this.owner()
    if (!owner || this.stack.length > 32 || owner.causes.length >= 50) return
    const bracketed = text.includes(`[${header.type}`)
    const opensBraces = bracketed && text.endsWith('] {')
    const trace = opened(opensBraces ? { ...header, message: header.message.replace(/\] \{$/, '') } : header, [])
    owner.causes.push({ relation, trace })
    this.current = trace
    if (opensBraces) this.open()
  }

  private owner(): StackTrace | undefined {
    const top = this.stack.at(-1)
    return top && top.kind !== 'other' ? top.trace : undefined
  }

  /** A message of several lines, before its first frame. */
  private continueMessage(text: string): void {
    const { current } = this
    if (current === this.owner() || current.frames.length > 0 || current.message === undefined) return
    if (current.message.length < MAXIMUM_MESSAGE) current.message = `${current.message}\n${text}`
  }
}

function isElision(text: string): boolean {
  return text.startsWith('... ') && (text.includes(' lines matching ') || text.includes(' more line') || text.endsWith(' more'))
}
