import { inert } from '@fixpoint/core'
import { type ListedModel, listedModels, openModels } from '@fixpoint/models'
import { clock } from '../compose.ts'
import type { Env } from '../env.ts'
import { ExitCode, exitCodeOfFailure, UsageError } from '../exit-codes.ts'
import { type ChosenModels, chooseModels } from '../model-settings.ts'
import { type Trial, tryModel } from '../model-trial.ts'
import type { Screen } from '../present/terminal.ts'
import { readOperatorSettings } from '../serve/operator-settings.ts'
import { interruptible } from './interruptible.ts'

const NONE = 'No model is set up: patterns draft, and nothing else. Set ANTHROPIC_API_KEY, or name lanes under models in the settings: docs/models.md'

export async function listModels(options: { readonly json?: boolean }, env: Env, screen: Screen): Promise<ExitCode> {
  const { chosen, file } = await choose(env)
  const listed = listedModels(chosen.settings, (variable) => env.named?.(variable))
  for (const model of listed) {
    const { lane, card, known, kind, address, keyFrom, keySet, isCritic } = model
    if (options.json) process.stdout.write(`${JSON.stringify({ lane, card, known, kind, address, keyFrom, keySet, critic: isCritic })}\n`)
    else process.stdout.write(`${lineOf(model)}\n`)
  }
  if (listed.length === 0) screen.line(chosen.hint ?? NONE)
  else screen.line(screen.colors.dim(chosen.from === 'settings' ? `from ${file}` : 'from the keys in the environment; no lanes are named in the settings'))
  return ExitCode.delivered
}

/** `wanted`: a lane or `provider/model`; without, every lane is tried. */
export async function testModels(wanted: string | undefined, options: { readonly json?: boolean }, env: Env, screen: Screen): Promise<ExitCode> {
  const { settings, hint } = (await choose(env)).chosen
  const names = wanted === undefined ? [...new Set(Object.values(settings.lanes).map(modelOf))] : [namedBy(settings.lanes, wanted)]
  if (names.length === 0) {
    screen.line(hint ?? NONE)
    return ExitCode.settings
  }
  return interruptible(screen, async (signal) => {
    let code: ExitCode = ExitCode.delivered
    for (const name of names) {
      screen.doing(`asking ${name}`)
      const trial = await tryNamed(name, settings, env, signal, (message) => screen.line(screen.colors.yellow(message)))
      screen.doing(undefined)
      process.stdout.write(options.json ? `${JSON.stringify(asData(trial))}\n` : `${told(trial)}\n`)
      if (trial.failure !== undefined && code === ExitCode.delivered) code = exitCodeOfFailure(trial.failure)
    }
    return code
  })
}

/** `name`: `provider/model`. Only what is tried is opened: a lane that is not asked for may have no key. */
export async function tryNamed(
  name: string,
  settings: ChosenModels['settings'],
  env: Env,
  signal: AbortSignal,
  warn: (message: string) => void,
): Promise<Trial> {
  const surroundings = { tries: 1, fetch, clock, key: (variable: string) => env.named?.(variable), onWarning: warn }
  await using models = await openModels({ ...settings, lanes: {}, critic: undefined }, surroundings)
  return await tryModel(await models.open(name), clock, signal)
}

async function choose(env: Env): Promise<{ readonly chosen: ChosenModels; readonly file: string }> {
  const { settings, file } = await readOperatorSettings(env)
  return { chosen: chooseModels(settings.models, env), file }
}

type Lanes = ChosenModels['settings']['lanes']

function modelOf(lane: Lanes[string]): string {
  return typeof lane === 'string' ? lane : lane.model
}

function namedBy(lanes: Lanes, wanted: string): string {
  const lane = Object.hasOwn(lanes, wanted) ? lanes[wanted] : undefined
  if (lane !== undefined) return modelOf(lane)
  if (wanted.includes('/')) return wanted
  throw new UsageError(`no lane is called ${JSON.stringify(wanted)}`, `Name a lane (${Object.keys(lanes).join(', ') || 'none is set up'}) or provider/model.`)
}

const CREDENTIALS = { anthropic: 'no key', openai: 'no key', bedrock: 'credentials of AWS', vertex: 'credentials of Google' }

function lineOf({ lane, card, known, kind, keyFrom, keySet, isCritic }: ListedModel): string {
  const context = `${Math.round(card.contextTokens / 1000)}K context${known ? '' : ' (assumed)'}`
  const price = card.prices === undefined ? 'price unknown' : `$${card.prices.input} in, $${card.prices.output} out`
  const key = keyFrom === undefined ? CREDENTIALS[kind] : `${keyFrom} ${keySet ? 'is set' : 'is NOT set'}`
  return `${lane.name.padEnd(10)} ${card.name.padEnd(34)} ${context.padEnd(20)} ${price.padEnd(22)} ${key}${isCritic ? '  (critic)' : ''}`
}

export function asData({ failure, ...trial }: Trial): Omit<Trial, 'failure'> & { failure?: { code: string; message: string; hint: string } } {
  return { ...trial, ...(failure && { failure: { code: failure.code, message: failure.message, hint: failure.hint } }) }
}

const TOOLS = { called: 'calls them', malformed: 'calls them wrongly', ignored: 'does not call them: try tools: text for its provider' }

function told(trial: Trial): string {
  const { model, servedBy, firstMs, wholeMs, pieces, said, tools, contextTokens, tokens, money, failure } = trial
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`
  const rows: [string, string][] = []
  if (servedBy !== undefined) rows.push(['served by', inert(servedBy, 80)])
  if (said !== undefined) rows.push(['said', inert(said.replace(/\s+/g, ' ').trim() || 'nothing', 80)])
  if (firstMs !== undefined && wholeMs !== undefined) rows.push(['latency', `${seconds(firstMs)} to the first of ${pieces} pieces, ${seconds(wholeMs)} in all`])
  if (tools !== undefined) rows.push(['tools', TOOLS[tools]])
  rows.push(['context', `${contextTokens} tokens`])
  if (tokens > 0) rows.push(['took', `${tokens} tokens, ${money === undefined ? 'price unknown' : `$${money.toFixed(6)}`}`])
  if (failure !== undefined) rows.push(['failed', `${failure.code}: ${inert(failure.message)}`], ['next', failure.hint])
  return [`${failure === undefined ? '✓' : '✗'} ${model}`, ...rows.map(([name, value]) => `  ${name.padEnd(10)} ${value}`)].join('\n')
}
