const SHOWN = 160
const BEFORE = 40

interface Leaf {
  readonly place: string
  readonly value: string
}

/** How many values in a row, from the beginning, are the same in both; letters of the first that is not decide a draw. */
export function likeness(recorded: unknown, asked: unknown): number {
  const [one, other] = [leavesOf(recorded), leavesOf(asked)]
  const same = sameUntil(one, other, (a, b) => a?.place === b?.place && a?.value === b?.value)
  const letters = sameUntil([...(one[same]?.value ?? '')], [...(other[same]?.value ?? '')], Object.is)
  return same + letters / (letters + 1)
}

/** Where two values part, as both say it from shortly before there on. */
export function firstDifference(recorded: unknown, asked: unknown): { readonly place: string; readonly recorded: string; readonly asked: string } {
  const [one, other] = [leavesOf(recorded), leavesOf(asked)]
  const at = sameUntil(one, other, (a, b) => a?.place === b?.place && a?.value === b?.value)
  const [first, second] = [one[at], other[at]]
  if (first?.place !== second?.place)
    return {
      place: first?.place ?? second?.place ?? 'its end',
      recorded: shown(first, 0),
      asked: second === undefined ? 'nothing' : `${second.place}: ${shown(second, 0)}`,
    }
  const from = Math.max(0, sameUntil([...(first?.value ?? '')], [...(second?.value ?? '')], Object.is) - BEFORE)
  return { place: first?.place ?? 'its end', recorded: shown(first, from), asked: shown(second, from) }
}

function shown(leaf: Leaf | undefined, from: number): string {
  return leaf === undefined ? 'nothing' : `${from > 0 ? '…' : ''}${JSON.stringify(leaf.value.slice(from, from + SHOWN))}`
}

/** Every value that is not made of others, in a fixed order: `messages[2].content[0].text`. */
function leavesOf(value: unknown, place = ''): readonly Leaf[] {
  if (Array.isArray(value)) return value.flatMap((each, index) => leavesOf(each, `${place}[${index}]`))
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([key, each]) => leavesOf(each, place === '' ? key : `${place}.${key}`))
  return [{ place, value: String(value) }]
}

function sameUntil<T>(one: readonly T[], other: readonly T[], same: (a: T | undefined, b: T | undefined) => boolean): number {
  const end = Math.min(one.length, other.length)
  for (let index = 0; index < end; index++) if (!same(one[index], other[index])) return index
  return end
}
