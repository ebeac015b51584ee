import type { StackFrame } from '@fixpoint/core'
import { indentOf, isDigit } from './characters.ts'
import { framePlace } from './frame-place.ts'

export interface NodeFrameLine {
  /** Made when it is wanted: a text may hold thousands that are not. */
  frame(): StackFrame
  /** Column of `at`. */
  readonly indent: number
  /** The error's own properties follow: V8's printer put `{` after its last frame. */
  readonly opens: boolean
}

/** What a line says, before it is judged whose code it is. */
interface Seen {
  readonly name: string | undefined
  readonly location: Location
  readonly async: boolean
  readonly eval?: boolean
}

interface Location {
  readonly file: string
  readonly line?: number
  readonly column?: number
}

/** One line as V8 (`at f (file:1:2)`) or vitest (`❯ f file:1:2`) writes a frame; undefined for any other line. */
export function nodeFrame(text: string): NodeFrameLine | undefined {
  const indent = frameColumn(text)
  if (indent < 0) return undefined
  const vitest = text[indent] === '❯'
  const { body, opens } = withoutTail(text.slice(indent + (vitest ? 2 : 3)))
  const frame = vitest ? vitestFrame(body) : frameOf(body)
  return frame && { frame: () => made(frame), indent, opens }
}

/** A frame without its `at`, as node:test writes them in TAP: only with a line and a column, since nothing else tells it from prose. */
export function bareNodeFrame(text: string): StackFrame | undefined {
  const seen = frameOf(text.trim())
  return seen?.location.line !== undefined && seen.location.column !== undefined ? made(seen) : undefined
}

function frameColumn(text: string): number {
  const indent = indentOf(text)
  if (text.startsWith('at ', indent) || text.startsWith('❯ ', indent)) return indent
  // Behind a prefix that no rule knows.
  const inside = text.indexOf('    at ')
  return inside < 0 ? -1 : inside + 4
}

function withoutTail(text: string): { body: string; opens: boolean } {
  let body = text.trimEnd()
  let opens = false
  for (;;) {
    const last = body.at(-1)
    if (last === '{' && body.at(-2) === ' ') opens = true
    else if (last !== ',' && last !== '"' && last !== "'" && last !== '`') return { body, opens }
    body = body.slice(0, -1).trimEnd()
  }
}

function vitestFrame(body: string): Seen | undefined {
  const space = body.lastIndexOf(' ')
  const location = locationOf(body.slice(space + 1))
  if (location?.line === undefined || location.column === undefined) return undefined
  return { name: space > 0 ? body.slice(0, space) : undefined, location, async: false }
}

function frameOf(text: string): Seen | undefined {
  const async = text.startsWith('async ')
  const body = async ? text.slice(6) : text
  if (body.endsWith(')')) {
    const frame = calledFrame(body, body.indexOf(' ('), async)
    return frame ?? calledFrame(body, body.lastIndexOf(' ('), async)
  }
  if (body === '<anonymous>' || body === 'native' || body === '<Jasmine>') return { name: undefined, location: { file: body }, async }
  const location = locationOf(body)
  return location && isBelievable(location) ? { name: undefined, location, async } : undefined
}

function calledFrame(body: string, open: number, async: boolean): Seen | undefined {
  if (open < 0) return undefined
  const name = functionName(body.slice(0, open))
  const inner = body.slice(open + 2, -1)
  if (inner.startsWith('eval at ')) return evalFrame(name, inner, async)
  if (inner === '<anonymous>' || inner === 'native' || inner.startsWith('index ')) return { name, location: { file: inner }, async }
  const location = locationOf(inner)
  return location && isBelievable(location) ? { name, location, async } : undefined
}

/** `eval at f (/app/a.js:1:2), <anonymous>:1:1`: the file is the one that called `eval`, innermost first. */
function evalFrame(name: string | undefined, inner: string, async: boolean): Seen {
  const comma = inner.lastIndexOf('), ')
  const origin = comma < 0 ? inner : inner.slice(0, comma)
  const open = origin.lastIndexOf(' (')
  const location = locationOf(trimmedRight(open < 0 ? origin.slice('eval at '.length) : origin.slice(open + 2)))
  return { name, location: location ?? { file: '<anonymous>' }, async, eval: true }
}

function trimmedRight(text: string): string {
  let end = text.length
  while (text[end - 1] === ')') end -= 1
  return text.slice(0, end)
}

/** `Object.<anonymous> [as handler]` is `Object.handler`; any other alias says less than the name before it. */
function functionName(text: string): string | undefined {
  const alias = text.lastIndexOf(' [as ')
  if (alias < 0) return text === '' ? undefined : text
  const name = text.slice(0, alias)
  const other = text.slice(alias + 5, text.endsWith(']') ? -1 : undefined)
  return name.endsWith('<anonymous>') ? `${name.slice(0, -'<anonymous>'.length)}${other}` : name
}

function wasmLocation(text: string): Location | undefined {
  return text.startsWith('wasm://') && !text.includes(' ') ? { file: text } : undefined
}

/** `file:line:column` or `file:line`, read from its end: a file's name may hold anything. */
function locationOf(text: string): Location | undefined {
  if (text.startsWith('wasm:')) return wasmLocation(text)
  const last = numberBefore(text, text.length)
  if (!last) return undefined
  const first = numberBefore(text, last.start)
  if (first) return located(text.slice(0, first.start), first.value, last.value)
  return located(text.slice(0, last.start), last.value)
}

function located(file: string, line: number, column?: number): Location | undefined {
  if (file === '') return undefined
  return { file, ...(line > 0 && { line }), ...(column !== undefined && column > 0 && { column }) }
}

function numberBefore(text: string, end: number): { value: number; start: number } | undefined {
  let at = end
  while (end - at < 9 && isDigit(text[at - 1])) at -= 1
  if (at === end || text[at - 1] !== ':') return undefined
  return { value: Number(text.slice(at, end)), start: at - 1 }
}

/** `at 10:30` is a time and `at step 3:1` is prose. */
function isBelievable(location: Location): boolean {
  const { file } = location
  if (file.startsWith('wasm:')) return true
  const slash = file.includes('/') || file.includes('\\')
  if (location.column !== undefined && !file.includes(' ')) return ![...file].every(isDigit)
  return slash || (!file.includes(' ') && file.includes('.'))
}

function made({ name, location, async, eval: evaluated }: Seen): StackFrame {
  const place = framePlace(location.file)
  return {
    ...(name !== undefined && { function: name }),
    ...(place !== 'anonymous' && place !== 'native' && { file: location.file }),
    ...(location.line !== undefined && { line: location.line }),
    ...(location.column !== undefined && { column: location.column }),
    async,
    place: evaluated ? 'eval' : place,
  }
}
