import type { Policy } from '@fixpoint/core'
import type { Instead } from '../compose.ts'
import { UsageError } from '../exit-codes.ts'
import { type LaneWish, lanesFor, PATTERNS_ONLY } from '../lanes.ts'
import { parseBudget, policyFrom, type RepositorySettings } from '../settings.ts'
import type { EvaluationSettings } from './evaluation-result.ts'

/** How the runs of an evaluation are driven: what differs between two results that are compared. */
export interface RunWay {
  readonly settings: EvaluationSettings
  readonly policy: (settings: RepositorySettings) => Policy
  /** What a case's hands are besides those that everybody gets. */
  readonly hands: (caseId: string) => Instead
}

export interface RunWayOptions extends LaneWish {
  readonly budget?: string
  readonly minutes?: string
  readonly hideTests?: boolean
}

/** Throws `UsageError`. */
export function runWayFrom(options: RunWayOptions): RunWay {
  const lanes = lanesFor(options, PATTERNS_ONLY)
  const minutes = options.minutes === undefined ? {} : { minutes: minutesFrom(options.minutes) }
  const budget = { ...parseBudget(options.budget), ...minutes }
  return {
    settings: {
      lanes: lanes.lanes.map(({ name, model }) => (model === undefined ? name : `${name} (${model})`)),
      budget,
      hideTests: options.hideTests ?? false,
      asked: 'live',
    },
    policy: (settings) => policyFrom(settings, budget, lanes),
    hands: () => ({}),
  }
}

function minutesFrom(text: string): number {
  const minutes = Number(text)
  if (!(minutes > 0)) throw new UsageError(`--minutes ${text} is not a time`, 'Say how many minutes one case may take: --minutes 5.')
  return minutes
}
