import { asValue, type CallInput, keyOf, weightOfCall } from './call.ts'
import { changed, type TriedInput } from './mutate.ts'
import { type Answered, answers, type Replayed } from './replaying.ts'
import { shrink, shrinkWithControl } from './shrink.ts'
import { everything, valueAt } from './value.ts'

/** What failed as reported: first where the call without the change returns, and there the smallest change first; then the lightest, which shrink fastest. */
export function likeliest(
  inputs: readonly TriedInput[],
  outcomes: readonly Replayed[],
  fails: (replayed: Replayed | undefined) => boolean,
): readonly (TriedInput & { readonly controlled: boolean })[] {
  const returning = new Set(inputs.flatMap(({ input }, index) => (answers(outcomes[index]) ? [keyOf(input)] : [])))
  return inputs
    .filter((_, index) => fails(outcomes[index]))
    .map((each) => ({
      ...each,
      controlled: each.change !== undefined && returning.has(keyOf(each.change.control)),
      lost: lostBy(each),
      weight: weightOfCall(each.input),
    }))
    .sort((a, b) => Number(b.controlled) - Number(a.controlled) || (a.controlled ? a.lost - b.lost : 0) || a.weight - b.weight)
}

/** How many values the change took away: one for a value, more for an object that was emptied. */
function lostBy({ change }: TriedInput): number {
  const before = change === undefined ? undefined : valueAt(asValue(change.control), change.path)
  return before === undefined ? 0 : [...everything(before)].length
}

/** The smallest that still fails, again in a fresh process; with its control when it has one. */
export async function smallestOf(
  tried: TriedInput & { readonly controlled: boolean },
  language: 'javascript' | 'python',
  replay: (batch: readonly CallInput[]) => Promise<readonly Replayed[]>,
  fails: (replayed: Replayed | undefined) => boolean,
): Promise<{ input: CallInput; control?: Answered; again: Replayed } | undefined> {
  if (tried.change === undefined || !tried.controlled) {
    const input = await shrink(tried.input, language, async (batch) => (await replay(batch)).map(fails))
    const [again] = await replay([input])
    return again !== undefined && fails(again) ? { input, again } : undefined
  }
  const pair = await shrinkWithControl(tried.change, language, async (pairs) => {
    const ended = await replay([...pairs.map(changed), ...pairs.map(({ control }) => control)])
    return pairs.map((_, index) => fails(ended[index]) && answers(ended[pairs.length + index]))
  })
  const input = changed(pair)
  const [again, control] = await replay([input, pair.control])
  return again !== undefined && control !== undefined && fails(again) && answers(control)
    ? { input, control: { input: pair.control, replayed: control }, again }
    : undefined
}
