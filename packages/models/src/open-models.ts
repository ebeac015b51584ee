import { type Clock, Failure, type LanguageModel, type ModelCard } from '@fixpoint/core'
import { anthropicClient } from './anthropic-clients.ts'
import { AnthropicModel, type MessagesClient } from './anthropic-model.ts'
import { type Fetch, guardedFetch } from './guarded-fetch.ts'
import { cardOf, type LookedUp } from './model-cards.ts'
import { type ModelSettings, type Provider, protocolOf, providerOf } from './model-settings.ts'
import { OpenAiModel } from './openai-model.ts'
import { addressOf, isNear, keyVariableOf } from './provider-address.ts'
import { servedContext } from './served-context.ts'
import { withCircuit } from './with-circuit.ts'
import { withHiddenKey } from './with-hidden-key.ts'
import { ProviderGate, withLimits } from './with-limits.ts'
import { withRetry } from './with-retry.ts'
import { withProbedTools, withTextTools } from './with-tools.ts'

export interface ModelSurroundings {
  readonly fetch: Fetch
  readonly clock: Clock
  /** The key in a variable of the environment. */
  readonly key: (variable: string) => string | undefined
  readonly onWarning: (message: string) => void
  /** How often a call is made that may be repeated; 1 tells at once what is wrong. */
  readonly tries?: number
  /** Waits that are not those of real endpoints. */
  readonly timeouts?: { readonly firstByteMs?: number; readonly idleMs?: number }
}

export interface OpenedModels extends AsyncDisposable {
  /** Of every lane that can be asked: without its key, one is not. */
  readonly lanes: ReadonlyMap<string, LanguageModel>
  /** `provider/model`, whether a lane has it or not. Throws `Failure('settings-invalid')`. */
  open(name: string): Promise<LanguageModel>
}

/** An agent that reads code and test output fills less than this at once. */
const LEAST_CONTEXT = 32_768

/** The models of the settings, with retry, limits and circuit around each. What a run may spend is put around by whoever drives it. */
export async function openModels(settings: ModelSettings, surroundings: ModelSurroundings): Promise<OpenedModels> {
  const closing = new AbortController()
  const guarded = guardedFetch({ fetch: surroundings.fetch, allow: settings.allow, ...surroundings.timeouts })
  const fetch: Fetch = (url, init) => guarded(url, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, closing.signal]) : closing.signal })
  const opener = new Opener(settings, { ...surroundings, fetch })
  const lanes = new Map<string, LanguageModel>()
  for (const [lane, told] of Object.entries(settings.lanes)) {
    const name = typeof told === 'string' ? told : told.model
    const missing = opener.missingKey(name)
    if (missing === undefined) lanes.set(lane, await opener.open(name))
    else surroundings.onWarning(`the lane ${lane} is left out: ${missing} is not set, and ${name} wants a key`)
  }
  return {
    lanes,
    open: (name) => opener.open(name),
    async [Symbol.asyncDispose]() {
      closing.abort(new Error('the models were closed'))
    },
  }
}

/** One of each model and one gate for each provider, however many lanes share it. */
class Opener {
  readonly #settings: ModelSettings
  readonly #surroundings: ModelSurroundings
  readonly #gates = new Map<string, ProviderGate>()
  readonly #models = new Map<string, Promise<LanguageModel>>()

  constructor(settings: ModelSettings, surroundings: ModelSurroundings) {
    this.#settings = settings
    this.#surroundings = surroundings
  }

  /** The variable that would have to be set. */
  missingKey(name: string): string | undefined {
    const provider = providerOf(this.#settings.providers, name)
    const variable = provider && keyVariableOf(provider)
    return variable !== undefined && this.#surroundings.key(variable) === undefined ? variable : undefined
  }

  open(name: string): Promise<LanguageModel> {
    const model = this.#models.get(name) ?? this.#open(name)
    this.#models.set(name, model)
    return model
  }

  async #open(name: string): Promise<LanguageModel> {
    const provider = providerOf(this.#settings.providers, name)
    if (provider === undefined)
      throw new Failure(
        'settings-invalid',
        `no provider is called ${name.split('/')[0]}`,
        'Name a model as provider/model; add the provider under models.providers.',
      )
    const { clock, tries } = this.#surroundings
    const providerName = name.slice(0, name.indexOf('/'))
    const gate = this.#gates.get(providerName) ?? new ProviderGate(provider, clock)
    this.#gates.set(providerName, gate)
    return toolsOf(provider, withCircuit(withRetry(withLimits(await this.#adapter(name, provider), gate), { clock, tries }), clock))
  }

  async #adapter(name: string, provider: Provider): Promise<LanguageModel> {
    const { fetch, clock, key: keyIn } = this.#surroundings
    const model = name.slice(name.indexOf('/') + 1)
    const now = () => clock.now()
    const variable = keyVariableOf(provider)
    const key = variable === undefined ? undefined : keyIn(variable)
    const { card, traits } = await this.#lookUp(name, model, provider, key)
    if (provider.kind === 'openai') return withHiddenKey(new OpenAiModel({ card, traits, model, baseUrl: addressOf(provider), key, fetch, now }), key)
    let client: Promise<MessagesClient> | undefined
    const made = () => anthropicClient(provider, { fetch, key, variable: keyIn, closed: this.#settings.allow !== undefined })
    return withHiddenKey(new AnthropicModel({ card, traits, model, client: () => (client ??= made()), now }), key)
  }

  async #lookUp(name: string, model: string, provider: Provider, key: string | undefined): Promise<LookedUp> {
    const { fetch, onWarning } = this.#surroundings
    const told = this.#settings.cards[name] ?? {}
    const found = cardOf(name, protocolOf(provider), told)
    if (found.known) return found
    if (told.prices === undefined && !isNear(addressOf(provider)))
      onWarning(`what ${name} costs is not known, so its calls count as free: tell it under models.cards`)
    if (told.contextTokens !== undefined || provider.kind !== 'openai') return found
    const served = await servedContext(addressOf(provider), model, key, fetch)
    if (served === undefined)
      onWarning(`${name} does not tell how many tokens it is served with; ${found.card.contextTokens} are assumed: tell it under models.cards`)
    else if (served < LEAST_CONTEXT)
      onWarning(
        `${name} is served with a context of ${served} tokens, which is little: ${LEAST_CONTEXT} and more are good. docs/models.md says how to raise it`,
      )
    return served === undefined ? found : { ...found, card: withContext(found.card, served, told.maxOutputTokens) }
  }
}

function withContext(card: ModelCard, served: number, maxOutputTokens = Math.min(8192, Math.ceil(served / 4))): ModelCard {
  return { ...card, contextTokens: served, maxOutputTokens }
}

function toolsOf({ kind, tools = kind === 'openai' ? 'probe' : 'native' }: Provider, model: LanguageModel): LanguageModel {
  return tools === 'native' ? model : tools === 'text' ? withTextTools(model) : withProbedTools(model)
}
