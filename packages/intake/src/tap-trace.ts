import type { StackTrace } from '@fixpoint/core'
import { indentOf } from './characters.ts'
import type { Line } from './lines.ts'
import { bareNodeFrame, nodeFrame } from './node-frame.ts'
import { MAXIMUM_FRAMES, type TraceBlock } from './node-trace.ts'

/** Lines of the YAML block above `stack:` in which the error's name and message are looked for. */
const MAXIMUM_LOOKBACK = 40

/** The failure of a test in TAP: a YAML block whose `stack: |-` holds frames without their `at`. Line `at` is the one with `stack:`. */
export function tapTraceAt(lines: readonly Line[], at: number, floor: number): TraceBlock | undefined {
  const margin = indentOf(lines[at]?.text ?? '')
  const frames: StackTrace['frames'] = []
  let end = at + 1
  for (; end < lines.length; end += 1) {
    const text = lines[end]?.text ?? ''
    if (text.trim() === '' || indentOf(text) <= margin) break
    const frame = nodeFrame(text)?.frame() ?? bareNodeFrame(text)
    if (frame && frames.length < MAXIMUM_FRAMES) frames.push(frame)
  }
  if (frames.length === 0) return undefined
  const type = fieldAbove(lines, at, floor, margin, 'name')
  const message = fieldAbove(lines, at, floor, margin, 'error')
  const trace: StackTrace = { language: 'javascript', ...(type && { errorType: type }), ...(message && { message }), frames, causes: [] }
  return { trace, end, causedBy: false }
}

/** `name: 'AssertionError'`, or a text of several lines after `error: |-`. */
function fieldAbove(lines: readonly Line[], from: number, floor: number, margin: number, name: string): string | undefined {
  for (let at = from - 1; at >= Math.max(floor, from - MAXIMUM_LOOKBACK); at -= 1) {
    const text = lines[at]?.text ?? ''
    if (text.trim() === '---') return undefined
    if (indentOf(text) !== margin || !text.startsWith(`${name}: `, margin)) continue
    const value = text.slice(margin + name.length + 2).trim()
    return value.startsWith('|') || value.startsWith('>') ? blockBelow(lines, at + 1, from, margin) : unquoted(value)
  }
  return undefined
}

function blockBelow(lines: readonly Line[], from: number, to: number, margin: number): string {
  const rows: string[] = []
  for (let at = from; at < to; at += 1) {
    const text = lines[at]?.text ?? ''
    if (text.trim() !== '' && indentOf(text) <= margin) break
    rows.push(text.slice(margin + 2).trimEnd())
  }
  return rows.join('\n').trim().slice(0, 4000)
}

function unquoted(value: string): string {
  const quote = value[0]
  const closed = value.length > 1 && (quote === "'" || quote === '"') && value.endsWith(quote)
  return closed ? value.slice(1, -1).replaceAll("''", "'") : value
}
