import type { Budget, Policy } from '@fixpoint/core'
import type { Instead } from '../compose.ts'
import { UsageError } from '../exit-codes.ts'
import { lanesFor, PATTERNS_ONLY } from '../lanes.ts'
import { policyFrom, type RepositorySettings } from '../settings.ts'
import type { EvaluationSettings } from './evaluation-result.ts'

/** How the runs of an evaluation are driven: what differs between two results that are compared. */
export interface RunWay {
  readonly settings: EvaluationSettings
  readonly policy: (settings: RepositorySettings) => Policy
  /** What a case's hands are besides those that everybody gets. */
  readonly hands: (caseId: string) => Instead
}

export interface RunWayOptions {
  readonly lane?: string
  readonly model?: string
  readonly minutes?: string
  readonly hideTests?: boolean
}

/** Throws `UsageError`. */
export function runWayFrom(options: RunWayOptions): RunWay {
  const lane = options.lane ?? 'patterns'
  if (lane !== 'patterns') throw new UsageError(`the lane ${lane} needs a model`, 'Use --lane patterns.')
  const minutes = options.minutes === undefined ? undefined : minutesFrom(options.minutes)
  const budget: Partial<Budget> = minutes === undefined ? {} : { minutes }
  return {
    settings: { lane, model: options.model ?? null, minutes: minutes ?? null, hideTests: options.hideTests ?? false, asked: 'live' },
    policy: (settings) => policyFrom(settings, budget, lanesFor(options, PATTERNS_ONLY)),
    hands: () => ({}),
  }
}

function minutesFrom(text: string): number {
  const minutes = Number(text)
  if (!(minutes > 0)) throw new UsageError(`--minutes ${text} is not a time`, 'Say how many minutes one case may take: --minutes 5.')
  return minutes
}
