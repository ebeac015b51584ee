import type { Budget, JournalEntry, Policy, RunId } from '@fixpoint/core'
import type { Composed } from '../compose.ts'
import type { Env } from '../env.ts'
import { UsageError } from '../exit-codes.ts'
import { type LaneWish, lanesFor, type RunLanes } from '../lanes.ts'
import type { Screen } from '../present/terminal.ts'
import { lanesSetUp, openableLanes, openRunModels, operatorsModels, type RunModels, type RunModelsOptions } from '../run-models.ts'
import { parseBudget, policyFrom, type RepositorySettings } from '../settings.ts'
import { recordCase, recordedLanes, replayCase } from './cassettes.ts'
import type { EvaluationSettings } from './evaluation-result.ts'

/** How the runs of an evaluation are driven: what differs between two results that are compared. */
export interface RunWay {
  readonly settings: EvaluationSettings
  readonly policy: (settings: RepositorySettings) => Policy
  /** The hands of a case's run, with the models of its lanes. */
  readonly open: (caseId: string, hands: Composed, runId: RunId, entries: readonly JournalEntry[]) => Promise<RunModels>
}

export interface RunWayOptions extends LaneWish {
  readonly budget?: string
  readonly minutes?: string
  readonly hideTests?: boolean
  /** Folders of cassettes. */
  readonly record?: string
  readonly replay?: string
}

/** Throws `UsageError`, and `Failure('settings-invalid')` for a model that cannot be asked. */
export async function runWayFrom(options: RunWayOptions, env: Env, screen: Screen): Promise<RunWay> {
  const { record, replay } = options
  if (record !== undefined && replay !== undefined) throw new UsageError('--record and --replay at once', 'Record first; then replay what was recorded.')
  const warn = (text: string) => screen.line(screen.colors.yellow(text))
  const { models, perRun } = await operatorsModels(env)
  const asking: RunModelsOptions = { env, settings: models, perRun, warn }
  const minutes = options.minutes === undefined ? {} : { minutes: minutesFrom(options.minutes) }
  const told = { ...parseBudget(options.budget), ...minutes }
  const { lanes, budget, around } = replay === undefined ? await liveLanes(options, told, asking) : await replayedLanes(options, told, replay)
  return {
    settings: {
      lanes: lanes.lanes.map(({ name, model }) => (model === undefined ? name : `${name} (${model})`)),
      budget,
      hideTests: options.hideTests ?? false,
      asked: replay !== undefined ? 'replayed' : record !== undefined ? 'recorded' : 'live',
    },
    policy: (settings) => policyFrom(settings, budget, lanes),
    async open(caseId, hands, runId, entries) {
      return openRunModels(hands.tools, runId, entries, hands.tools.repository.workTree, { ...asking, ...(await around(caseId, hands)) })
    },
  }
}

interface WayOfAsking {
  readonly lanes: RunLanes
  readonly budget: Partial<Budget>
  readonly around: (caseId: string, hands: Composed) => Promise<Pick<RunModelsOptions, 'around' | 'opened'>>
}

async function liveLanes(options: RunWayOptions, budget: Partial<Budget>, asking: RunModelsOptions): Promise<WayOfAsking> {
  const wished = options.lane !== undefined || options.model !== undefined
  const lanes = await openableLanes(lanesFor(options, lanesSetUp(asking.settings)), wished, asking)
  const { record } = options
  return { lanes, budget, around: async (caseId, { tools }) => (record === undefined ? {} : recordCase(record, caseId, tools.hash, { ...lanes, budget })) }
}

async function replayedLanes({ lane, model }: RunWayOptions, told: Partial<Budget>, folder: string): Promise<WayOfAsking> {
  if (lane !== undefined || model !== undefined) throw new UsageError('--replay asks whom the cassettes recorded', 'Leave --lane and --model away.')
  const { version, cards, budget, ...lanes } = await recordedLanes(folder)
  return {
    lanes,
    budget: { ...budget, ...told } as Partial<Budget>,
    around: async (caseId, { tools }) => ({ opened: await replayCase(folder, caseId, tools.hash, cards) }),
  }
}

function minutesFrom(text: string): number {
  const minutes = Number(text)
  if (!(minutes > 0)) throw new UsageError(`--minutes ${text} is not a time`, 'Say how many minutes one case may take: --minutes 5.')
  return minutes
}
