import { asValue, type CallInput, changeCall, keyOf, placesOf, weightOfCall } from './call.ts'
import { type ChangedCall, changed } from './mutate.ts'
import { inside, NULL, number, type Path, text, UNDEFINED, type Value, valueAt, weightOf } from './value.ts'

/** Every call that is one step simpler: something left out, or a value replaced by a plainer, synthetic one. Simplest first. */
export function simplerCalls(input: CallInput, language: 'javascript' | 'python', limit: number): readonly CallInput[] {
  const known = new Set([keyOf(input)])
  const weight = weightOfCall(input)
  const found: { call: CallInput; weight: number }[] = []
  for (const { path, value } of placesOf(input)) {
    for (const simpler of simplerValues(value, path, input, language)) {
      const call = changeCall(input, path, () => simpler)
      const lighter = weightOfCall(call)
      if (lighter >= weight || known.has(keyOf(call))) continue
      known.add(keyOf(call))
      found.push({ call, weight: lighter })
    }
  }
  return found
    .sort((a, b) => a.weight - b.weight)
    .slice(0, limit)
    .map(({ call }) => call)
}

function simplerValues(value: Value, path: Path, input: CallInput, language: 'javascript' | 'python'): readonly (Value | undefined)[] {
  const isArgument = path.length === 2 && path[0] === 'args'
  const simpler: (Value | undefined)[] = []
  // An argument before others holds their place.
  if (!isArgument || path[1] === input.args.length - 1) simpler.push(undefined)
  if (value.is === 'string') {
    simpler.push(text(''), text('a'), text('1'), ...halves(value.value))
    if (/^\d{4}-\d\d-\d\d/.test(value.value)) simpler.push(text('2020-01-01'))
  }
  if (value.is === 'number') simpler.push(number(0, value.float), number(1, value.float), number(10, value.float), number(-1, value.float))
  if (value.is === 'date') simpler.push({ is: 'date', value: 0 })
  if (value.is === 'array' || value.is === 'tuple' || value.is === 'set') {
    simpler.push({ ...value, items: [] })
    if (value.items.length > 1)
      simpler.push({ ...value, items: value.items.slice(0, 1) }, { ...value, items: value.items.slice(Math.ceil(value.items.length / 2)) })
  }
  if (value.is === 'object') simpler.push({ is: 'object', entries: [] })
  if (value.is === 'map') simpler.push({ is: 'map', entries: [] })
  if (inside(value).length > 0 || value.is === 'instance' || value.is === 'opaque' || value.is === 'function') {
    simpler.push(language === 'python' ? NULL : UNDEFINED, { is: 'object', entries: [] })
  }
  if (inside(value).length === 1) for (const [, only] of inside(value)) simpler.push(only)
  return simpler
}

function halves(value: string): Value[] {
  if (value.length < 2) return []
  const middle = Math.ceil(value.length / 2)
  const without = value.length > 24 ? [] : Array.from({ length: value.length }, (_, at) => text(value.slice(0, at) + value.slice(at + 1)))
  return [text(value.slice(0, middle)), text(value.slice(middle)), ...without]
}

/**
 * The smallest call found that still fails as reported. `fails` answers for a batch, in its order: one process each. A round that
 * helps nothing, or the twelfth, ends it.
 */
export async function shrink(
  start: CallInput,
  language: 'javascript' | 'python',
  fails: (calls: readonly CallInput[]) => Promise<readonly boolean[]>,
): Promise<CallInput> {
  let best = start
  let leap: CallInput | undefined
  for (let round = 0; round < 12; round += 1) {
    const steps = simplerCalls(best, language, 150)
    const calls = leap === undefined ? steps : [leap, ...steps]
    if (calls.length === 0) return best
    const answers = await fails(calls)
    const failing = calls.filter((_, index) => answers[index] === true).sort((a, b) => weightOfCall(a) - weightOfCall(b))
    const [lightest] = failing
    if (lightest === undefined) return best
    leap = together(best, failing)
    best = lightest
  }
  return best
}

/**
 * Shrinks a call and its control together: what is left fails as reported with the one value changed and returns without the change,
 * so that everything a repaired function goes on to need is still there. `holds` answers whether both are so, for a batch.
 */
export async function shrinkWithControl(
  start: ChangedCall,
  language: 'javascript' | 'python',
  holds: (pairs: readonly ChangedCall[]) => Promise<readonly boolean[]>,
): Promise<ChangedCall> {
  let best = start
  for (let round = 0; round < 12; round += 1) {
    const steps = simplerPairs(best, language, 100)
    if (steps.length === 0) return best
    const answers = await holds(steps)
    const holding = steps.filter((_, index) => answers[index] === true)
    const [lightest] = holding
    if (lightest === undefined) return best
    // All that each could do without at once, if that holds too; else the lightest of them.
    const leap = leapOf(best, holding)
    best = leap !== undefined && (await holds([leap]))[0] === true ? leap : lightest
  }
  return best
}

function leapOf(start: ChangedCall, holding: readonly ChangedCall[]): ChangedCall | undefined {
  if (holding.length < 2) return undefined
  const [first] = holding
  const control = together(
    start.control,
    holding.map((pair) => pair.control),
  )
  const value = first?.value
  if (control === undefined || valueAt(asValue(control), start.path) === undefined) return undefined
  const leap = { control, path: start.path, value }
  return keyOf(changed(leap)) === keyOf(control) ? undefined : leap
}

function simplerPairs(pair: ChangedCall, language: 'javascript' | 'python', limit: number): readonly ChangedCall[] {
  const { path, value, control } = pair
  const plainer =
    value === undefined ? [] : simplerValues(value, path, control, language).filter((each) => each !== undefined && weightOf(each) < weightOf(value))
  const pairs = [
    ...plainer.map((each) => ({ control, path, value: each })),
    ...simplerCalls(control, language, limit).map((call) => ({ control: call, path, value })),
  ]
  // The place of the change must still be there, and still be a change.
  return pairs.filter((each) => valueAt(asValue(each.control), path) !== undefined && keyOf(changed(each)) !== keyOf(each.control))
}

/** All changes at once: values of `start` that some failing, lighter call could do without or had plainer. */
function together(start: CallInput, failing: readonly CallInput[]): CallInput | undefined {
  if (failing.length < 2) return undefined
  let call = failing[0] ?? start
  const places = [...placesOf(start)]
  for (const other of failing.slice(1)) {
    const whole = asValue(other)
    const missing = places.find(({ path }) => valueAt(whole, path) === undefined)
    const place = missing ?? places.findLast(({ path, value }) => !same(valueAt(whole, path), value))
    if (place === undefined || valueAt(asValue(call), place.path) === undefined) continue
    // Leaving out an element moves its neighbours, so only keys are left out together.
    if (missing !== undefined && typeof place.path.at(-1) === 'number') continue
    const wanted = valueAt(whole, place.path)
    const changed = changeCall(call, place.path, () => wanted)
    if (weightOfCall(changed) < weightOfCall(call)) call = changed
  }
  return call
}

function same(a: Value | undefined, b: Value): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
