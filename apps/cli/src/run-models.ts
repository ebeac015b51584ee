import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { createAgentDrafter, createAgentReproducer, createCritic, createExplainer, promptFolder, readPrompts } from '@fixpoint/agent'
import { Failure, type JournalEntry, type Lane, type LanguageModel, type Ledger, type RunId, type Spending, tokensOf } from '@fixpoint/core'
import type { EngineTools } from '@fixpoint/engine'
import { lanesOf, type ModelSettings, openModels, withBudget } from '@fixpoint/models'
import { clock } from './compose.ts'
import type { Env } from './env.ts'
import { PATTERNS_ONLY, type RunLanes } from './lanes.ts'
import { chooseModels } from './model-settings.ts'
import { RunLedger } from './run-ledger.ts'
import { readOperatorSettings } from './serve/operator-settings.ts'

/** The operator's models, or those that the keys of the environment open; and what one run may spend on them. */
export async function operatorsModels(env: Env): Promise<{ readonly models: ModelSettings; readonly perRun: Spending['perRun'] }> {
  const { settings } = await readOperatorSettings(env)
  return { models: chooseModels(settings.models, env).settings, perRun: settings.spending.perRun }
}

/** The lanes that the settings make. Without a model among them, patterns alone. */
export function lanesSetUp(settings: ModelSettings): RunLanes {
  const lanes = lanesOf(settings)
  return lanes.some((lane) => lane.model !== undefined) ? { lanes, ...(settings.critic === undefined ? {} : { critic: settings.critic }) } : PATTERNS_ONLY
}

export interface RunModelsOptions {
  readonly env: Env
  readonly settings: ModelSettings
  readonly warn: (message: string) => void
  /** Of a service: money is shared between all its runs. */
  readonly ledger?: Pick<Ledger, 'reserve' | 'settle'>
  /** The operator's ceiling for a run that is driven alone. */
  readonly perRun?: Spending['perRun']
  /** Recorders and players come nearest to the model. */
  readonly around?: (model: LanguageModel, lane: string) => LanguageModel
  /** By lane, in place of what the settings open: models that answer from a cassette. */
  readonly opened?: ReadonlyMap<string, LanguageModel>
}

export interface RunModels extends AsyncDisposable {
  /** The hands of a run with the models of its lanes among them. */
  readonly tools: EngineTools
}

/** Opens the models that a run's policy names, each call of them reserved against the run's budget. A run without such lanes gets its hands back as they are. */
export async function openRunModels(
  tools: EngineTools,
  runId: RunId,
  entries: readonly JournalEntry[],
  repository: string,
  options: RunModelsOptions,
): Promise<RunModels> {
  const first = entries[0]?.event
  const lanes = first?.kind === 'run-opened' ? first.policy.lanes.filter(hasModel) : []
  if (first?.kind !== 'run-opened' || lanes.length === 0) return { tools, [Symbol.asyncDispose]: async () => undefined }
  const { money, tokens } = first.policy.budget
  const answered = entries.flatMap(({ event }) => (event.kind === 'model-answered' ? [event] : []))
  const before = { money: answered.reduce((sum, each) => sum + each.money, 0), tokens: answered.reduce((sum, each) => sum + tokensOf(each.usage), 0) }
  const ledger = options.ledger ?? new RunLedger(before, options.perRun)
  const opened = options.opened === undefined ? await openLanes(lanes, options) : { lanes: options.opened, [Symbol.asyncDispose]: async () => undefined }
  const around = options.around ?? ((model: LanguageModel) => model)
  const models = new Map(
    [...opened.lanes].map(([lane, model]) => [lane, withBudget(around(model, lane), { ledger, run: runId, repository, budget: { money, tokens } })]),
  )
  return {
    tools: { ...tools, ...(await agents(tools, lanes)), models },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  }
}

/** A model for each of these lanes, whatever lanes the settings make. */
export function openLanes(lanes: readonly (Lane & { model: string })[], { env, settings, warn }: Pick<RunModelsOptions, 'env' | 'settings' | 'warn'>) {
  return openModels(
    { ...settings, lanes: Object.fromEntries(lanes.map(({ name, model }) => [name, model])) },
    { fetch, clock, key: (variable) => env.named?.(variable), onWarning: warn },
  )
}

/** Those who ask a model, with their prompts. */
async function agents(tools: EngineTools, lanes: readonly Lane[]): Promise<Partial<EngineTools>> {
  const words = await loadAgentWords()
  return {
    drafters: [...tools.drafters, ...lanes.map(({ name }) => createAgentDrafter({ name, ...words }))],
    reproducers: [...tools.reproducers, createAgentReproducer(words)],
    critic: createCritic(words),
    explainer: createExplainer(words),
  }
}

export async function loadAgentWords() {
  const hash = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')
  const names = (await readdir(promptFolder)).filter((name) => name.endsWith('.md'))
  const files = await Promise.all(names.map(async (name) => [name, await readFile(new URL(name, promptFolder), 'utf8')] as const))
  return { prompts: readPrompts(new Map(files)), hash }
}

function hasModel(lane: Lane): lane is Lane & { model: string } {
  return lane.model !== undefined
}

/**
 * The lanes that can be asked here. One without its key is left out with a warning; when it was wished for by name that is an error. Throws
 * `Failure('settings-invalid')`.
 */
export async function openableLanes(wanted: RunLanes, wished: boolean, options: Pick<RunModelsOptions, 'env' | 'settings' | 'warn'>): Promise<RunLanes> {
  const withModels = wanted.lanes.filter(hasModel)
  if (withModels.length === 0) return wanted
  await using opened = await openLanes(withModels, options)
  const closed = withModels.find((lane) => !opened.lanes.has(lane.name))
  if (closed !== undefined && wished)
    throw new Failure('settings-invalid', `${closed.model} cannot be asked: its key is not set`, 'fixpoint models list shows which variable it wants.')
  const lanes = wanted.lanes.filter((lane) => lane.model === undefined || opened.lanes.has(lane.name))
  const critic = lanes.some((lane) => lane.name === wanted.critic) ? wanted.critic : undefined
  return { lanes, ...(critic === undefined ? {} : { critic }) }
}
