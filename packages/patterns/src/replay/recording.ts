import type { Project, Room } from '@fixpoint/core'
import { z } from 'zod'
import type { CallInput } from './call.ts'
import { keyOf, weightOfCall } from './call.ts'
import type { Callable, Program } from './callable.ts'
import { idOf, instrument, OUT, recordedFor } from './instrument.ts'
import { spread } from './spread.ts'
import { Value } from './value.ts'

const MAXIMUM_BYTES = 8_000_000
const Entries = z.array(z.tuple([z.string(), Value]))
const Line = z.object({
  id: z.string(),
  role: z.enum(['call', 'constructor']),
  args: z.array(Value).max(50),
  named: Entries.optional(),
  self: Value.optional(),
  made: z.array(Value).max(50).optional(),
  madeNamed: Entries.optional(),
  call: z.string().optional(),
})
type Line = z.infer<typeof Line>
const Reach = z.object({ id: z.string(), call: z.string(), reached: z.string() })

/** A call that the tests make. `reached` counts the functions further in that were called after it, before its like was called again. */
export interface RecordedCall {
  readonly input: CallInput
  readonly reached: number
}

export interface RecordingRequest {
  readonly room: Room
  readonly program: Program
  readonly project: Project
  readonly callables: readonly Callable[]
  /** Letters and digits; names the file that the room writes. */
  readonly nonce: string
  readonly timeoutMs: number
  /** What the whole suite takes. A quick one is run whole: functions are often called by tests that do not mention their file. */
  readonly suiteMs: number
}

const QUICK_MS = 20_000

/**
 * The arguments with which the repository's own tests call some functions (outermost first), by function, lightest first. Runs all tests
 * of a quick suite; of a slow one those that mention the files, then all when those recorded nothing. The room's tree is as before when it returns.
 */
export async function recordCalls(request: RecordingRequest, signal: AbortSignal): Promise<ReadonlyMap<Callable, readonly RecordedCall[]>> {
  const { room, program, project, callables, nonce } = request
  const out = `${OUT}/calls-${nonce}.ndjson`
  const wanted = recordedFor(program, callables)
  const files = [...new Set(wanted.map((each) => each.path))].flatMap((path) => {
    const text = program.source.text(path)
    const functions = wanted.filter((each) => each.path === path)
    return text === undefined ? [] : [{ path, content: instrument(program, path, text, functions, out) }]
  })
  if (files.length === 0) return new Map()
  await room.write(files)
  try {
    const related =
      request.suiteMs <= QUICK_MS
        ? []
        : relatedTests(
            program,
            project,
            files.map((file) => file.path),
          )
    if (related.length > 0 && related.length < project.testFiles.length) {
      await room.test({ kind: 'files', files: [...related] }, signal, request.timeoutMs)
      const found = collect(await readText(room, out), callables)
      if (callables.every((callable) => (found.get(callable)?.length ?? 0) > 0)) return found
    }
    await room.test({ kind: 'all' }, signal, request.timeoutMs)
    return collect(await readText(room, out), callables)
  } finally {
    await room.reset()
  }
}

/** Calls that went furthest along the trace, for they are nearest to the one that failed; among equals light ones and heavy ones. */
export function furthest(calls: readonly RecordedCall[], limit: number): readonly CallInput[] {
  const depths = [...new Set(calls.map(({ reached }) => reached))].sort((a, b) => b - a)
  const seeds: CallInput[] = []
  for (const depth of depths) {
    const alike = calls.filter(({ reached }) => reached === depth)
    seeds.push(...spread(alike, limit - seeds.length).map(({ input }) => input))
  }
  return seeds
}

function relatedTests(program: Program, project: Project, paths: readonly string[]): readonly string[] {
  const stems = paths.map((path) => (path.split('/').at(-1) ?? path).replace(/\.\w+$/, ''))
  return project.testFiles.filter((file) => {
    const text = program.source.text(file) ?? ''
    return stems.some((stem) => text.includes(stem))
  })
}

async function readText(room: Room, file: string): Promise<string> {
  const bytes = (await room.read([file], MAXIMUM_BYTES)).get(file)
  return bytes === undefined ? '' : new TextDecoder().decode(bytes)
}

/** What can be understood of a file of JSON lines: a cut or hostile line is left out. */
export function parseLines<T>(text: string, shape: z.ZodType<T>): readonly T[] {
  return text.split('\n').flatMap((line) => {
    if (line === '' || line.length > 100_000) return []
    try {
      const parsed = shape.safeParse(JSON.parse(line))
      return parsed.success ? [parsed.data] : []
    } catch {
      // Not JSON, or nested beyond what can be walked.
      return []
    }
  })
}

function collect(text: string, callables: readonly Callable[]): ReadonlyMap<Callable, readonly RecordedCall[]> {
  const lines = parseLines(text, Line)
  const ids = callables.map(({ path, span }) => idOf(path, span))
  const reached = new Map<string, number>()
  for (const { id, call, reached: other } of parseLines(text, Reach)) {
    if (ids.indexOf(other) > ids.indexOf(id)) reached.set(`${id} ${call}`, (reached.get(`${id} ${call}`) ?? 0) + 1)
  }
  const found = new Map<Callable, readonly RecordedCall[]>()
  for (const callable of callables) {
    const calls = new Map<string, RecordedCall>()
    for (const line of lines.filter((each) => each.id === idOf(callable.path, callable.span))) {
      const depth = reached.get(`${line.id} ${line.call}`) ?? 0
      for (const input of inputsOf(line, callable)) {
        const key = keyOf(input)
        calls.set(key, { input, reached: Math.max(depth, calls.get(key)?.reached ?? 0) })
      }
    }
    found.set(
      callable,
      [...calls.values()].sort((a, b) => weightOfCall(a.input) - weightOfCall(b.input)),
    )
  }
  return found
}

function inputsOf(line: Line, callable: Callable): readonly CallInput[] {
  const call = { args: line.args, named: line.named ?? [] }
  if (!callable.method) return [call]
  const made: CallInput[] = line.made === undefined ? [] : [{ ...call, receiver: { how: 'construct', args: line.made, named: line.madeNamed ?? [] } }]
  // State that came after construction is only in the fields.
  const fields: CallInput[] =
    line.self?.is === 'instance' ? [{ ...call, receiver: { how: 'fields', fields: { is: 'object', entries: line.self.entries } } }] : []
  if (made.length === 0 && line.self?.is === 'instance' && line.self.entries.length === 0)
    return [{ ...call, receiver: { how: 'construct', args: [], named: [] } }]
  return [...made, ...fields]
}
