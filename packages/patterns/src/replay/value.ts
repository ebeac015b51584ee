import { z } from 'zod'

/**
 * A value that a recorded call received, as plain data: what it was, never the thing itself. `object` is a JavaScript object
 * literal or a Python dict with string keys; `instance` belongs to a class; `opaque` stands for what cannot be made again.
 */
export type Value =
  | { readonly is: 'undefined' | 'null' | 'function' | 'promise' }
  | { readonly is: 'boolean'; readonly value: boolean }
  | { readonly is: 'number'; readonly value: number | 'NaN' | 'Infinity' | '-Infinity' | '-0'; readonly float?: boolean | undefined }
  | { readonly is: 'bigint' | 'decimal' | 'string'; readonly value: string }
  | { readonly is: 'array' | 'tuple' | 'set'; readonly items: readonly Value[] }
  | { readonly is: 'bytes'; readonly items: readonly number[]; readonly buffer?: boolean | undefined }
  | { readonly is: 'object'; readonly entries: readonly Entry[] }
  | { readonly is: 'map'; readonly entries: readonly (readonly [Value, Value])[] }
  | {
      readonly is: 'instance'
      readonly type: string
      /** Python: where its class is defined. */
      readonly module?: string | undefined
      /** Python: its attributes are its constructor's parameters. */
      readonly made?: boolean | undefined
      readonly entries: readonly Entry[]
    }
  | { readonly is: 'date'; readonly value: number | null }
  | { readonly is: 'moment'; readonly kind: 'date' | 'datetime'; readonly fields: readonly number[]; readonly utc: boolean }
  | { readonly is: 'regexp'; readonly source: string; readonly flags: string }
  | { readonly is: 'error'; readonly type: string; readonly message: string }
  | { readonly is: 'opaque'; readonly type: string }

export type Entry = readonly [string, Value]

const Identifier = z.string().regex(/^[\p{L}_$][\p{L}\p{N}_$]*$/u)

/** What a room wrote is hostile: everything that would become source text has a shape here. */
export const Value: z.ZodType<Value> = z.lazy(() =>
  z.discriminatedUnion('is', [
    z.object({ is: z.enum(['undefined', 'null', 'function', 'promise']) }),
    z.object({ is: z.literal('boolean'), value: z.boolean() }),
    z.object({ is: z.literal('number'), value: z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity', '-0'])]), float: z.boolean().optional() }),
    z.object({ is: z.literal('bigint'), value: z.string().regex(/^-?\d+$/) }),
    z.object({ is: z.literal('decimal'), value: z.string().regex(/^[-+\w.]+$/) }),
    z.object({ is: z.literal('string'), value: z.string() }),
    z.object({ is: z.enum(['array', 'tuple', 'set']), items: z.array(Value) }),
    z.object({ is: z.literal('bytes'), items: z.array(z.number().int().min(0).max(255)), buffer: z.boolean().optional() }),
    z.object({ is: z.literal('object'), entries: z.array(z.tuple([z.string(), Value])) }),
    z.object({ is: z.literal('map'), entries: z.array(z.tuple([Value, Value])) }),
    z.object({
      is: z.literal('instance'),
      type: Identifier,
      module: z.string().optional(),
      made: z.boolean().optional(),
      entries: z.array(z.tuple([z.string(), Value])),
    }),
    z.object({ is: z.literal('date'), value: z.number().nullable() }),
    z.object({ is: z.literal('moment'), kind: z.enum(['date', 'datetime']), fields: z.array(z.number().int().nonnegative()).min(3).max(7), utc: z.boolean() }),
    z.object({ is: z.literal('regexp'), source: z.string(), flags: z.string().regex(/^[a-z]*$/) }),
    z.object({ is: z.literal('error'), type: z.string(), message: z.string() }),
    z.object({ is: z.literal('opaque'), type: z.string() }),
  ]),
)

export const UNDEFINED: Value = { is: 'undefined' }
export const NULL: Value = { is: 'null' }
export const text = (value: string): Value => ({ is: 'string', value })
export const number = (value: number, float?: boolean): Value => (float === undefined ? { is: 'number', value } : { is: 'number', value, float })
export const array = (items: readonly Value[]): Value => ({ is: 'array', items })
export const object = (entries: readonly Entry[]): Value => ({ is: 'object', entries })

/** One step into a value: a key of an object, an index of a list, the nth value of a map. */
export type Path = readonly (string | number)[]

/** The values directly inside, with the step that leads to each. */
export function inside(value: Value): readonly (readonly [string | number, Value])[] {
  if (value.is === 'array' || value.is === 'tuple' || value.is === 'set') return value.items.map((item, index) => [index, item] as const)
  if (value.is === 'object' || value.is === 'instance') return value.entries
  if (value.is === 'map') return value.entries.map(([, item], index) => [index, item] as const)
  return []
}

/** Replaces what is at `path` by what `change` makes of it; `undefined` removes it from its container. */
export function changeAt(value: Value, path: Path, change: (found: Value) => Value | undefined): Value | undefined {
  const [step, ...rest] = path
  if (step === undefined) return change(value)
  if (value.is === 'array' || value.is === 'tuple' || value.is === 'set') {
    return { ...value, items: value.items.flatMap((item, index) => (index === step ? only(changeAt(item, rest, change)) : [item])) }
  }
  if (value.is === 'object' || value.is === 'instance') {
    const entries = value.entries.flatMap(([key, item]): Entry[] => {
      if (key !== step) return [[key, item]]
      return only(changeAt(item, rest, change)).map((made) => [key, made])
    })
    return { ...value, entries }
  }
  if (value.is === 'map') {
    const entries = value.entries.flatMap(([key, item], index): (readonly [Value, Value])[] => {
      if (index !== step) return [[key, item]]
      return only(changeAt(item, rest, change)).map((made) => [key, made] as const)
    })
    return { ...value, entries }
  }
  return value
}

function only<T>(item: T | undefined): T[] {
  return item === undefined ? [] : [item]
}

/** How much there is to read: what shrinking makes smaller. Odd values (a long number, an old date) weigh more than plain ones. */
export function weightOf(value: Value): number {
  const below = inside(value).reduce((sum, [, item]) => sum + 1 + weightOf(item), 0)
  switch (value.is) {
    case 'string':
      return 1 + value.value.length + (value.value === '' || value.value === 'a' ? 0 : 1)
    case 'number':
      return value.value === 0 ? 1 : value.value === 1 ? 1.1 : 1.5 + String(value.value).length / 10
    case 'undefined':
    case 'null':
      return 0.8
    // No lighter than an object: an emptied list stays a list.
    case 'array':
      return 1 + below
    case 'object':
      return 1 + below + value.entries.reduce((sum, [key]) => sum + key.length / 20, 0)
    case 'map':
      return 2 + below + value.entries.reduce((sum, [key]) => sum + weightOf(key), 0)
    case 'instance':
    case 'function':
      return 3 + below
    case 'date':
      return value.value === 0 ? 2 : 3
    default:
      return 1.2 + below
  }
}

/** Depth first, the value itself included. */
export function* everything(value: Value, path: Path = []): Generator<{ readonly path: Path; readonly value: Value }> {
  yield { path, value }
  for (const [step, item] of inside(value)) yield* everything(item, [...path, step])
}

export function valueAt(value: Value, path: Path): Value | undefined {
  let found: Value | undefined = value
  for (const step of path) found = found === undefined ? undefined : inside(found).find(([key]) => key === step)?.[1]
  return found
}
