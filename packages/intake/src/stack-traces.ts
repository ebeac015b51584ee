import type { StackTrace } from '@fixpoint/core'
import { indentOf } from './characters.ts'
import { consideredText } from './considered-text.ts'
import { type Line, linesOf } from './lines.ts'
import { nodeFrame } from './node-frame.ts'
import { framelessGroupAt, nodeTraceAt, type TraceBlock } from './node-trace.ts'
import { pythonSyntaxErrorAt, pythonTraceAt, TRACEBACK } from './python-trace.ts'
import { tapTraceAt } from './tap-trace.ts'

const MAXIMUM_TRACES = 50
/** `at x:1:1` is the shortest line that begins anything. */
const MINIMUM_LINE = 8

/**
 * The stack traces of Node/V8 and Python in any text: alone, in a log, in JSON records, in Markdown. One pass, linear in the length of
 * the text; of more than 256 KB only head, tail and windows around errors are read. Outermost errors, in the order of the text.
 */
export function parseStackTraces(text: string): StackTrace[] {
  return tracesOf(linesOf(consideredText(text).text))
}

function tracesOf(lines: readonly Line[]): StackTrace[] {
  const traces: StackTrace[] = []
  let floor = 0
  let at = 0
  while (at < lines.length && traces.length < MAXIMUM_TRACES) {
    const block = blockAt(lines, at, floor)
    if (!block) {
      at += 1
      continue
    }
    const previous = traces.at(-1)
    if (block.causedBy && previous && at - floor <= 40) innermost(previous).causes.push({ relation: 'cause', trace: block.trace })
    else if (block.trace.frames.length > 0 || block.trace.errorType !== undefined) traces.push(block.trace)
    at = Math.max(block.end, at + 1)
    floor = at
  }
  return traces
}

function blockAt(lines: readonly Line[], at: number, floor: number): TraceBlock | undefined {
  const text = lines[at]?.text ?? ''
  if (text.length < MINIMUM_LINE) return undefined
  const indent = indentOf(text)
  if (text.startsWith('stack: |', indent)) return tapTraceAt(lines, at, floor)
  if (text.startsWith('File "', indent)) return pythonSyntaxErrorAt(lines, at)
  if (text.includes(TRACEBACK)) return pythonTraceAt(lines, at)
  if (nodeFrame(text)) return nodeTraceAt(lines, at, floor)
  return text[indent] === '[' ? framelessGroupAt(lines, at) : undefined
}

function innermost(trace: StackTrace): StackTrace {
  let current = trace
  for (;;) {
    const next = current.causes.find((cause) => cause.relation === 'cause')
    if (!next) return current
    current = next.trace
  }
}
