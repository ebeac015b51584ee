import type { Room, TestImport, TestStyle } from '@fixpoint/core'
import { z } from 'zod'
import type { CallInput } from './call.ts'
import { type Callable, targetExpression } from './callable.ts'
import type { ClassFinder } from './class-finder.ts'
import { OUT, TOOLS } from './instrument.ts'
import { parseLines } from './recording.ts'
import { renderValue } from './render.ts'
import { Value } from './value.ts'

const MAXIMUM_BYTES = 8_000_000
/** Milliseconds that one call may take. */
const DEADLINE_MS = 2000
/** Processes that one batch may need: each call that hangs or kills costs one. */
const RESTARTS = 5

const ThrownError = z.object({ type: z.string(), message: z.string(), stack: z.string() })
const Line = z.object({
  index: z.number().int().nonnegative(),
  began: z.boolean().optional(),
  ended: z.enum(['returned', 'resolved', 'threw', 'rejected', 'late', 'unprepared']).optional(),
  value: Value.optional(),
  error: ThrownError.optional(),
  after: z.array(Value).optional(),
})

/** How one replayed call ended. `late`: not within its deadline, or its process died. `unprepared`: its arguments could not be made. `unknown`: never run. */
export interface Replayed {
  readonly ended: 'returned' | 'resolved' | 'threw' | 'rejected' | 'late' | 'unprepared' | 'unknown'
  readonly value?: Value | undefined
  readonly error?: z.infer<typeof ThrownError> | undefined
  /** The arguments as the call left them (a method's receiver first), when it changed them. */
  readonly after?: readonly Value[] | undefined
}

/** Whether the call ended as its caller may have wanted. */
export function answers(replayed: Replayed | undefined): boolean {
  return replayed?.ended === 'returned' || replayed?.ended === 'resolved'
}

/** A call and how it ended. */
export interface Answered {
  readonly input: CallInput
  readonly replayed: Replayed
}

/** One call as source text: for a method the first argument is the receiver. */
export interface TextCall {
  readonly callable: Callable
  readonly arguments: readonly string[]
}

export function textCallOf(callable: Callable, input: CallInput, classes: ClassFinder): TextCall {
  return { callable, arguments: [...receiverText(callable, input, classes), ...argumentTexts(callable, input, classes)] }
}

export function receiverText(callable: Callable, { receiver }: CallInput, classes: ClassFinder): readonly string[] {
  if (!callable.method) return []
  const { local } = callable.import
  const render = (value: Value) => renderValue(value, callable.language, classes.names)
  const python = callable.language === 'python'
  if (receiver?.how === 'fields') {
    const fields = render(receiver.fields)
    return [
      python
        ? `(lambda made: (made.__dict__.update(${fields}), made)[1])(object.__new__(${local}))`
        : `Object.assign(Object.create(${local}.prototype), ${fields})`,
    ]
  }
  const args = [...(receiver?.args ?? []).map(render), ...(receiver?.named ?? []).map(([name, value]) => `${name}=${render(value)}`)].join(', ')
  return [python ? `${local}(${args})` : `new ${local}(${args})`]
}

export function argumentTexts(callable: Callable, input: CallInput, classes: ClassFinder): readonly string[] {
  const render = (value: Value) => renderValue(value, callable.language, classes.names)
  const named =
    callable.language === 'python' ? input.named.filter(([name]) => /^[A-Za-z_]\w*$/.test(name)).map(([name, value]) => `${name}=${render(value)}`) : []
  return [...input.args.map(render), ...named]
}

export interface ReplayRequest {
  readonly room: Room
  readonly style: TestStyle
  readonly classes: ClassFinder
  /** A new name for each file: letters and digits. */
  readonly nonce: () => string
}

/**
 * Calls functions of one file in one process of the repository's own runner, in order, and says how each ended. A call that
 * hangs or kills its process loses only itself: the rest goes on in another.
 */
export async function replayCalls(request: ReplayRequest, calls: readonly TextCall[], signal: AbortSignal): Promise<readonly Replayed[]> {
  const outcomes: Replayed[] = calls.map(() => ({ ended: 'unknown' }))
  let next = 0
  for (let attempt = 0; attempt < RESTARTS && next < calls.length; attempt += 1) {
    signal.throwIfAborted()
    const from = next
    const nonce = request.nonce()
    const file = `${OUT}/probe-${nonce}.ndjson`
    const test = probeFile(request, calls.slice(from), from, nonce, file)
    await request.room.write([{ path: test.path, content: test.content }])
    try {
      await request.room.test({ kind: 'files', files: [test.path] }, signal, 60_000 + DEADLINE_MS * 2)
    } finally {
      await request.room.write([{ path: test.path, content: null }])
    }
    const bytes = (await request.room.read([file], MAXIMUM_BYTES)).get(file)
    for (const line of parseLines(bytes === undefined ? '' : new TextDecoder().decode(bytes), Line)) {
      if (line.index < from || line.index >= calls.length) continue
      outcomes[line.index] = line.ended === undefined ? { ended: 'late' } : { ended: line.ended, value: line.value, error: line.error, after: line.after }
      next = Math.max(next, line.index + 1)
    }
    // Nothing began: the file cannot be loaded, and a second try would end the same.
    if (next === from) break
  }
  return outcomes
}

function probeFile(
  { style, classes }: ReplayRequest,
  calls: readonly TextCall[],
  from: number,
  nonce: string,
  file: string,
): { path: string; content: string } {
  const [first] = calls
  if (first === undefined) throw new TypeError('no calls to replay')
  const python = first.callable.language === 'python'
  const targets = [...new Set(calls.map((call) => call.callable))]
  const imports = new Map<string, TestImport>()
  for (const each of [...targets.map((target) => target.import), ...classes.importsFor(calls.flatMap((call) => call.arguments))]) {
    if (!imports.has(each.local)) imports.set(each.local, each)
  }
  const name = (callable: Callable) => `target${targets.indexOf(callable)}`
  const entries = calls.map(
    (call, index) => `${from + index}, ${name(call.callable)}, ${python ? 'lambda call:' : '(call) =>'} call(${call.arguments.join(', ')})`,
  )
  const body = python
    ? [
        'import importlib.util',
        `spec = importlib.util.spec_from_file_location('fixpoint_calls', '${TOOLS}/fixpoint_calls.py')`,
        'calls = importlib.util.module_from_spec(spec)',
        'spec.loader.exec_module(calls)',
        ...targets.map((target) => `${name(target)} = ${targetExpression(target)}`),
        `calls.replay('${file}', ${DEADLINE_MS}, [`,
        ...entries.map((entry) => `    (${entry}),`),
        '])',
      ]
    : [
        `const calls = process.getBuiltinModule('node:module').createRequire('${TOOLS}/')('${TOOLS}/fixpoint-calls.cjs')`,
        ...targets.map((target) => `const ${name(target)} = ${targetExpression(target)}`),
        `await calls.replay({ file: '${file}', deadlineMs: ${DEADLINE_MS} }, [`,
        ...entries.map((entry) => `  [${entry}],`),
        '])',
      ]
  return style.testFile({ source: first.callable.path, title: `probe ${nonce}`, imports: [...imports.values()], body, async: !python, purpose: 'probe' })
}

/** The outcome of a call that missed its deadline. */
export const NEVER_ENDS = 'does not end'

/** An outcome as one stable line: "returns [1, 2]", "throws TypeError: …". */
export function outcomeText(replayed: Replayed, language: 'javascript' | 'python', classes: ClassFinder): string {
  const render = (value: Value | undefined) => (value === undefined ? 'undefined' : cut(renderValue(value, language, classes.names), 300))
  const changed = replayed.after === undefined ? '' : `; arguments afterwards: ${replayed.after.map(render).join(', ')}`
  const error = replayed.error === undefined ? 'Error' : `${replayed.error.type}: ${cut(withoutAddresses(replayed.error.message), 200)}`
  switch (replayed.ended) {
    case 'returned':
      return `returns ${render(replayed.value)}${changed}`
    case 'resolved':
      return `resolves to ${render(replayed.value)}${changed}`
    case 'threw':
      return `throws ${error}${changed}`
    case 'rejected':
      return `rejects with ${error}${changed}`
    case 'late':
      return NEVER_ENDS
    case 'unprepared':
      return `cannot be called: ${error}`
    case 'unknown':
      return 'was not run'
  }
}

function withoutAddresses(text: string): string {
  return text.replace(/\b0x[0-9a-f]{4,}\b/gi, '0x…').replace(/\s+/g, ' ')
}

function cut(text: string, maximum: number): string {
  return text.length <= maximum ? text : `${text.slice(0, maximum)}…`
}
