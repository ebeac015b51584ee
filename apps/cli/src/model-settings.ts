import { Failure } from '@fixpoint/core'
import { ModelSettings } from '@fixpoint/models'
import type { Env } from './env.ts'

/** What is asked where the environment has a key and the settings name no lanes. */
const ANTHROPIC = { cheap: 'anthropic/claude-haiku-5-5', strong: 'anthropic/claude-opus-5-5' }
const OPENAI = { cheap: 'openai/gpt-6-luna', strong: 'openai/gpt-6.1-sol' }

export interface ChosenModels {
  readonly settings: ModelSettings
  /** `nothing`: only patterns draft. */
  readonly from: 'settings' | 'environment' | 'nothing'
  /** Why the environment chooses none although it says something. */
  readonly hint?: string
}

/** The models of the operator’s settings; without lanes there, those that the keys of the environment open. */
export function chooseModels(told: ModelSettings, env: Pick<Env, 'named'>): ChosenModels {
  if (Object.keys(told.lanes).length > 0) return { settings: told, from: 'settings' }
  const value = (name: string) => env.named?.(name)
  const served = value('FIXPOINT_MODEL')
  const provider = ownAddress(value, 'ANTHROPIC') ?? ownAddress(value, 'OPENAI')
  if (provider === undefined) return { settings: told, from: 'nothing' }
  if (provider.name === 'openai' && provider.baseUrl !== undefined && served === undefined)
    return { settings: told, from: 'nothing', hint: 'OPENAI_BASE_URL is set; say with FIXPOINT_MODEL which of its models is meant' }
  const lanes = served === undefined ? (provider.name === 'anthropic' ? ANTHROPIC : OPENAI) : { strong: `${provider.name}/${served}` }
  const { name, ...rest } = provider
  const settings = ModelSettings.safeParse({ ...told, providers: { ...told.providers, [name]: told.providers[name] ?? rest }, lanes })
  if (settings.success) return { settings: settings.data, from: 'environment' }
  throw new Failure(
    'settings-invalid',
    `the models that the environment names cannot be used: ${settings.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`,
    'Correct ANTHROPIC_BASE_URL, OPENAI_BASE_URL or FIXPOINT_MODEL; docs/models.md says what they may be.',
  )
}

/** A key or an address is enough: what runs in the house often wants no key. */
function ownAddress(value: (name: string) => string | undefined, prefix: 'ANTHROPIC' | 'OPENAI') {
  const [key, baseUrl] = [value(`${prefix}_API_KEY`), value(`${prefix}_BASE_URL`)]
  if (key === undefined && baseUrl === undefined) return undefined
  const kind = prefix === 'ANTHROPIC' ? ('anthropic' as const) : ('openai' as const)
  return { name: kind, kind, ...(baseUrl !== undefined && { baseUrl }), ...(key !== undefined && { keyFrom: `${prefix}_API_KEY` }) }
}
