import { Budget, inert, type Lane, type Policy } from '@fixpoint/core'
import { UsageError } from './exit-codes.ts'

/** What a run may spend on models when nobody says: several times what a simple bug takes. */
const MODEL_BUDGET = { tokens: 2_000_000, money: 2, minutes: 45 }

/** What works with no model and no key. */
export const PATTERNS_ONLY: RunLanes = { lanes: [{ name: 'patterns', share: 1 }] }

/** The lanes of a run, and who reads its patch before it is proposed. */
export type RunLanes = Pick<Policy, 'lanes' | 'critic'>

export interface LaneWish {
  /** `auto`, `patterns`, or the name of a lane. */
  readonly lane?: string | undefined
  /** `provider/model`. */
  readonly model?: string | undefined
}

/** Which of the lanes that are set up a run gets. Throws `UsageError`. */
export function lanesFor({ lane = 'auto', model }: LaneWish, setUp: RunLanes): RunLanes {
  const patterns: Lane = setUp.lanes.find((each) => each.name === 'patterns') ?? { name: 'patterns', share: 1 }
  if (lane === 'patterns') {
    if (model !== undefined) throw new UsageError('--lane patterns asks no model, and --model names one', 'Leave one of them away.')
    return { lanes: [patterns] }
  }
  if (model !== undefined) {
    const chosen: Lane = { name: lane === 'auto' ? 'chosen' : lane, model, share: 1 }
    return withReader(lane === 'auto' ? [patterns, chosen] : [chosen], chosen, setUp)
  }
  if (lane === 'auto') return setUp
  const one = setUp.lanes.find((each) => each.name === lane)
  if (one === undefined)
    throw new UsageError(
      `there is no lane ${JSON.stringify(inert(lane, 60))}`,
      `There is ${['auto', ...setUp.lanes.map((each) => each.name)].join(', ')}. fixpoint models list shows them; docs/models.md says how to set one up.`,
    )
  return withReader([{ ...one, share: 1 }], one, setUp)
}

/** Who was chosen drafts alone; the critic that is set up still reads, and drafts nothing. */
function withReader(drafting: readonly Lane[], chosen: Lane, setUp: RunLanes): RunLanes {
  const critic = setUp.lanes.find((each) => each.name === setUp.critic)
  if (critic === undefined) return { lanes: [...drafting] }
  if (critic.name === chosen.name || critic.model === undefined) return { lanes: [...drafting], critic: chosen.name }
  return { lanes: [...drafting, { ...critic, attempts: 0 }], critic: critic.name }
}

/** What is given and, for a run that may ask models, what one of them takes. */
export function budgetFor({ lanes }: Pick<RunLanes, 'lanes'>, given: { readonly [K in keyof Budget]?: Budget[K] | undefined }): Budget {
  return Budget.parse(lanes.some((lane) => lane.model !== undefined) ? { ...MODEL_BUDGET, ...given } : given)
}
