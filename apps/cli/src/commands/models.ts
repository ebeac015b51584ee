import { type ListedModel, listedModels } from '@fixpoint/models'
import type { Env } from '../env.ts'
import { ExitCode } from '../exit-codes.ts'
import { type ChosenModels, chooseModels } from '../model-settings.ts'
import type { Screen } from '../present/terminal.ts'
import { readOperatorSettings } from '../serve/operator-settings.ts'

const NONE = 'No model is set up: patterns draft, and nothing else. Set ANTHROPIC_API_KEY, or name lanes under models in the settings: docs/models.md'

export async function listModels(options: { readonly json?: boolean }, env: Env, screen: Screen): Promise<ExitCode> {
  const { chosen, file } = await choose(env)
  const listed = listedModels(chosen.settings, (variable) => env.named?.(variable))
  for (const model of listed) {
    const { lane, card, known, address, keyFrom, keySet, isCritic } = model
    if (options.json) process.stdout.write(`${JSON.stringify({ ...lane, ...card, name: lane.name, known, address, keyFrom, keySet, critic: isCritic })}\n`)
    else process.stdout.write(`${lineOf(model)}\n`)
  }
  if (listed.length === 0) screen.line(chosen.hint ?? NONE)
  else screen.line(screen.colors.dim(chosen.from === 'settings' ? `from ${file}` : 'from the keys in the environment; no lanes are named in the settings'))
  return ExitCode.delivered
}

async function choose(env: Env): Promise<{ readonly chosen: ChosenModels; readonly file: string }> {
  const { settings, file } = await readOperatorSettings(env)
  return { chosen: chooseModels(settings.models, env), file }
}

function lineOf({ lane, card, known, keyFrom, keySet, isCritic }: ListedModel): string {
  const context = `${Math.round(card.contextTokens / 1000)}K context${known ? '' : ' (assumed)'}`
  const price = card.prices === undefined ? 'price unknown' : `$${card.prices.input} in, $${card.prices.output} out`
  const key = keyFrom === undefined ? 'no key' : `${keyFrom} ${keySet ? 'is set' : 'is NOT set'}`
  return `${lane.name.padEnd(10)} ${card.name.padEnd(34)} ${context.padEnd(20)} ${price.padEnd(22)} ${key}${isCritic ? '  (critic)' : ''}`
}
