import { array, changeAt, type Entry, everything, object, type Path, type Value, weightOf } from './value.ts'

/** What a method is called on: made by its class's constructor, or given its fields without running one. */
export type Receiver =
  | { readonly how: 'construct'; readonly args: readonly Value[]; readonly named: readonly Entry[] }
  | { readonly how: 'fields'; readonly fields: Value }

/** The arguments of one call, as data. `named` are Python's keyword arguments. */
export interface CallInput {
  readonly receiver?: Receiver
  readonly args: readonly Value[]
  readonly named: readonly Entry[]
}

/**
 * A call as one value, so that mutating and shrinking need one kind of path: `['args', 0, 'price']`, `['named', 'limit']`,
 * `['made', 0]` (constructor arguments), `['madeNamed', 'a']`, `['fields', 'total']`.
 */
export function asValue(input: CallInput): Value {
  const { receiver } = input
  const made: Entry[] =
    receiver?.how === 'construct'
      ? [
          ['made', array(receiver.args)],
          ['madeNamed', object(receiver.named)],
        ]
      : []
  const fields: Entry[] = receiver?.how === 'fields' ? [['fields', receiver.fields]] : []
  return object([['args', array(input.args)], ['named', object(input.named)], ...made, ...fields])
}

export function fromValue(value: Value): CallInput {
  const part = (name: string) => (value.is === 'object' ? value.entries.find(([key]) => key === name)?.[1] : undefined)
  const items = (found: Value | undefined) => (found?.is === 'array' ? found.items : [])
  const entries = (found: Value | undefined) => (found?.is === 'object' ? found.entries : [])
  const fields = part('fields')
  const made = part('made')
  const call = { args: items(part('args')), named: entries(part('named')) }
  if (fields !== undefined) return { ...call, receiver: { how: 'fields', fields } }
  if (made !== undefined) return { ...call, receiver: { how: 'construct', args: items(made), named: entries(part('madeNamed')) } }
  return call
}

export function changeCall(input: CallInput, path: Path, change: (found: Value) => Value | undefined): CallInput {
  return fromValue(changeAt(asValue(input), path, change) ?? asValue(input))
}

/** Every value in a call that may be changed: not the lists that hold the arguments themselves. */
export function* placesOf(input: CallInput): Generator<{ readonly path: Path; readonly value: Value }> {
  for (const place of everything(asValue(input))) {
    if (place.path.length >= 2 || place.path[0] === 'fields') yield place
  }
}

export function weightOfCall(input: CallInput): number {
  return weightOf(asValue(input))
}

/** The same for calls that are written the same. */
export function keyOf(input: CallInput): string {
  return JSON.stringify(asValue(input))
}
