import { type CallInput, changeCall, keyOf, placesOf } from './call.ts'
import type { Hints } from './hints.ts'
import { array, NULL, number, type Path, text, UNDEFINED, type Value } from './value.ts'

/** One value of a call changed, and how promising that is. */
export interface Mutation {
  readonly input: CallInput
  readonly what: string
  readonly score: number
  /** What was changed: `input` is `control` with `value` at `path` (`undefined`: without it). */
  readonly change: ChangedCall
}

/** A call and one value of it that is changed. */
export interface ChangedCall {
  readonly control: CallInput
  readonly path: Path
  readonly value: Value | undefined
}

/** One call that is tried; `change` is missing for a call as it was recorded or made up. */
export interface TriedInput {
  readonly input: CallInput
  readonly what: string
  readonly change?: ChangedCall
}

export function changed({ control, path, value }: ChangedCall): CallInput {
  return changeCall(control, path, () => value)
}

type How = 'removed' | 'undefined' | 'null' | 'empty' | 'boundary' | 'unknown' | 'swapped'

/**
 * Every call that differs from `seed` in one value: removed, undefined, null, empty, at a boundary, of another type. Most
 * promising first: values on the way to what the message says is missing, then those that the failing line mentions. Equal
 * seeds and hints give equal lists.
 */
export function mutationsOf(seed: CallInput, hints: Hints, language: 'javascript' | 'python', names: readonly (string | undefined)[]): readonly Mutation[] {
  const found: Mutation[] = []
  for (const { path, value } of placesOf(seed)) {
    const near = closeness(path, value, names, hints)
    for (const change of changesOf(value, path, isLast(seed, path), language, hints)) {
      const made = { control: seed, path, value: change.value }
      found.push({
        input: changed(made),
        change: made,
        what: `${spoken(path, names)} ${change.how}`,
        score: near + (WEIGHTS[hints.kind][change.how] ?? 0) - (change.rank ?? 0) - path.length * 0.1,
      })
    }
  }
  const known = new Set([keyOf(seed)])
  return found.sort((a, b) => b.score - a.score).filter(({ input }) => !known.has(keyOf(input)) && known.add(keyOf(input)))
}

/** Seeds first, then their mutations in turn, best first, without repeats, at most `limit`. */
export function inputsFor(
  seeds: readonly CallInput[],
  hints: Hints,
  language: 'javascript' | 'python',
  names: readonly (string | undefined)[],
  limit: number,
): readonly TriedInput[] {
  const known = new Set<string>()
  const chosen: TriedInput[] = []
  const add = (each: TriedInput) => {
    const key = keyOf(each.input)
    if (chosen.length >= limit || known.has(key)) return
    known.add(key)
    chosen.push(each)
  }
  for (const seed of seeds) add({ input: seed, what: 'as recorded' })
  const mutations = seeds.flatMap((seed) => mutationsOf(seed, hints, language, names))
  for (const mutation of mutations.sort((a, b) => b.score - a.score)) add(mutation)
  return chosen
}

const WEIGHTS: Readonly<Record<Hints['kind'], Readonly<Record<How, number>>>> = {
  nullish: { removed: 12, undefined: 11, null: 11, empty: 8, unknown: 7, boundary: 3, swapped: 1 },
  'missing-key': { removed: 12, unknown: 11, empty: 8, null: 6, undefined: 6, boundary: 3, swapped: 2 },
  index: { empty: 12, boundary: 9, removed: 8, unknown: 5, null: 3, undefined: 3, swapped: 1 },
  range: { boundary: 12, empty: 10, unknown: 9, swapped: 7, removed: 6, null: 4, undefined: 4 },
  type: { swapped: 10, null: 10, removed: 9, undefined: 9, empty: 6, boundary: 5, unknown: 4 },
  other: { removed: 8, null: 8, undefined: 8, empty: 8, boundary: 7, unknown: 6, swapped: 5 },
}

/** How near a place is to what the failure is about: 0 (nothing known) to 60 (the very value). */
function closeness(path: Path, value: Value, names: readonly (string | undefined)[], hints: Hints): number {
  const steps = namedSteps(path, names)
  const last = steps.at(-1)
  const singular = (name: string) => name.replace(/(?:ies|es|s)$/, '')
  const isIn = (set: ReadonlySet<string>, name: string) => set.has(name) || (/s$/.test(name) && set.has(singular(name)))
  if (last !== undefined && isIn(hints.guilty, last)) return 60
  // What is taken apart in a function's head has no name there: it is known by what it holds.
  if (hints.kind === 'nullish' && value.is === 'object' && value.entries.some(([key]) => hints.missing.has(key))) return 55
  if (last === undefined) return 0
  if (hints.missing.has(last)) return 50
  if (steps.some((step) => isIn(hints.guilty, step))) return 35
  if (isIn(hints.mentioned, last)) return 30
  if (steps.some((step) => isIn(hints.mentioned, step))) return 20
  return isIn(hints.around, last) ? 10 : 0
}

function namedSteps(path: Path, names: readonly (string | undefined)[]): string[] {
  const [part, first, ...rest] = path
  const start = part === 'args' && typeof first === 'number' ? names[first] : typeof first === 'string' ? first : undefined
  return [...(start === undefined ? [] : [start]), ...rest.filter((step): step is string => typeof step === 'string')]
}

function spoken(path: Path, names: readonly (string | undefined)[]): string {
  const [part, first, ...rest] = path
  const start =
    part === 'args' && typeof first === 'number'
      ? (names[first] ?? `argument ${first + 1}`)
      : part === 'made'
        ? `constructor argument ${Number(first) + 1}`
        : String(first ?? 'this')
  return rest.reduce<string>((said, step) => (typeof step === 'number' ? `${said}[${step}]` : `${said}.${step}`), start)
}

interface Change {
  readonly how: How
  /** `undefined` removes the value. */
  readonly value: Value | undefined
  /** Later among its like. */
  readonly rank?: number
}

/** A text that was cut off, as logs and uploads are: without its last line, its last two, …; without its last character. */
function cutAtLines(value: string): readonly string[] {
  const lines = value.split('\n')
  const most = Math.min(lines.length - 1, 8)
  return [...Array.from({ length: most }, (_, cut) => lines.slice(0, lines.length - 1 - cut).join('\n')), value.slice(0, -1)]
}

/** An argument before others holds their place: without it each would be taken for its neighbour. */
function isLast(call: CallInput, path: Path): boolean {
  if (path.length !== 2) return true
  const made = call.receiver?.how === 'construct' ? call.receiver.args : []
  return !((path[0] === 'args' && path[1] !== call.args.length - 1) || (path[0] === 'made' && path[1] !== made.length - 1))
}

function changesOf(value: Value, path: Path, last: boolean, language: 'javascript' | 'python', hints: Hints): readonly Change[] {
  const changes: Change[] = []
  const isArgument = path.length === 2 && path[0] === 'args'
  const add = (how: How, ...values: readonly Value[]) => changes.push(...values.map((each, rank) => ({ how, value: each, rank: rank * 0.3 })))
  if (last && !(isArgument && language === 'python')) changes.push({ how: 'removed', value: undefined })
  if (language === 'javascript' && value.is !== 'undefined') add('undefined', UNDEFINED)
  if (value.is !== 'null') add('null', NULL)
  switch (value.is) {
    case 'string':
      add('empty', text(''))
      add('unknown', text('unknown'), ...hints.words.map(text))
      add(
        'boundary',
        text(' '),
        text('-1'),
        text('0'),
        text(value.value.slice(0, 1)),
        text(`${value.value} ${value.value}`),
        text('a'.repeat(2000)),
        text('é\u{1F600}'),
        text('%'),
        text('{'),
      )
      if (value.value.includes('\n')) add('boundary', ...cutAtLines(value.value).map(text), text(`${value.value}\n`), text(`\n${value.value}`))
      for (const [separator] of value.value.matchAll(/[,;:|/=.@\t -]/g))
        if (changes.length < 30) add('boundary', text(value.value.replace(separator, '')), text(value.value.split(separator)[0] ?? ''))
      if (/^-?\d+(\.\d+)?$/.test(value.value)) add('swapped', number(Number(value.value)))
      else add('swapped', number(1), array([]))
      break
    case 'number':
      add('empty', number(0, value.float))
      add(
        'boundary',
        number(-1, value.float),
        number(1, value.float),
        number(Number(value.value) + 1, value.float),
        number(Number(value.value) - 1, value.float),
        number(0.5),
        number(1e9),
        { is: 'number', value: 'NaN' },
        number(2 ** 53 - 1),
        { is: 'number', value: 'Infinity' },
      )
      add('swapped', text(String(value.value)), text('unknown'))
      break
    case 'boolean':
      add('swapped', { is: 'boolean', value: !value.value }, text(''), number(1))
      break
    case 'array':
    case 'tuple': {
      const [first] = value.items
      add('empty', { ...value, items: [] })
      if (value.items.length > 1) add('boundary', { ...value, items: value.items.slice(0, 1) }, { ...value, items: [...value.items].reverse() })
      if (first !== undefined) add('boundary', { ...value, items: [...value.items, first] }, { ...value, items: Array.from({ length: 200 }, () => first) })
      add('unknown', { ...value, items: [...value.items, NULL] })
      add('swapped', text('unknown'), { is: 'object', entries: [] })
      break
    }
    case 'set':
      add('empty', { ...value, items: [] })
      break
    case 'object':
      add('empty', { is: 'object', entries: [] })
      add('swapped', text('unknown'), array([]))
      break
    case 'map':
      add('empty', { is: 'map', entries: [] })
      break
    case 'date':
      add('boundary', { is: 'date', value: null }, { is: 'date', value: 0 }, { is: 'date', value: -1 })
      add('swapped', text('2020-01-01T00:00:00.000Z'), number(0))
      break
    case 'moment':
      add('boundary', { ...value, fields: [1, 1, 1] }, { ...value, fields: [2024, 2, 29] })
      break
    case 'null':
    case 'undefined':
      add('swapped', text(''), number(0), array([]), { is: 'object', entries: [] })
      break
    default:
      break
  }
  return changes
}
