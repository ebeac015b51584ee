import type { ModelCard } from '@fixpoint/core'

/** What else an adapter has to know of a model. */
export interface Traits {
  /** `budget`: thinks as many tokens as it is told; `adaptive`: as many as it finds right. */
  readonly thinking: 'none' | 'budget' | 'adaptive'
  /** Whether it takes a temperature. */
  readonly sampling: boolean
  /** Whether it can be made to call a tool. */
  readonly forcedTools: boolean
}

type Known = Omit<ModelCard, 'name' | 'thinking'> & Traits
type Prices = NonNullable<ModelCard['prices']>

const M = 1_000_000
const K = 1000
const OLDER: Traits = { thinking: 'budget', sampling: true, forcedTools: true }
const NEWER: Traits = { thinking: 'adaptive', sampling: false, forcedTools: true }
const NEWEST: Traits = { ...NEWER, forcedTools: false }
const PLAIN: Traits = { thinking: 'none', sampling: true, forcedTools: true }

const claude = (contextTokens: number, maxOutputTokens: number, prices: Prices, traits: Traits): Known => ({
  contextTokens,
  maxOutputTokens,
  prices,
  ...traits,
})
const gpt = (prices: Prices): Known => ({ contextTokens: 1_050_000, maxOutputTokens: 128 * K, prices: longer(prices), ...NEWER })

/** Dollars for a million tokens. Writing to the cache costs a quarter more than reading anew, unless said. */
function price(input: number, output: number, cacheRead: number, cacheWrite = input * 1.25): Prices {
  return { input, output, cacheRead, cacheWrite }
}

/** Requests with more than 272,000 tokens of input cost double, and half as much again for what comes out. */
function longer(prices: Prices): Prices {
  const { input, output, cacheRead, cacheWrite } = prices
  return { ...prices, longInput: { above: 272 * K, input: 2 * input, output: 1.5 * output, cacheRead: 2 * cacheRead, cacheWrite: 2 * cacheWrite } }
}

/** As their providers listed them in November 2026; `models.cards` of the settings overrides each. */
const KNOWN: Readonly<Record<string, Known>> = {
  'claude-fable-5-1': claude(M, 128 * K, price(10, 50, 0.25), NEWEST),
  'claude-fable-5': claude(M, 128 * K, price(10, 50, 1), NEWER),
  'claude-opus-5-5': claude(M, 128 * K, price(4, 20, 0.2), NEWEST),
  'claude-opus-5': claude(M, 128 * K, price(5, 25, 0.5), NEWER),
  'claude-opus-4-8': claude(M, 128 * K, price(5, 25, 0.5), NEWER),
  'claude-opus-4-7': claude(M, 128 * K, price(5, 25, 0.5), NEWER),
  'claude-opus-4-6': claude(M, 128 * K, price(5, 25, 0.5), { ...NEWER, sampling: true }),
  'claude-opus-4-5': claude(200 * K, 64 * K, price(5, 25, 0.5), OLDER),
  'claude-sonnet-5-5': claude(M, 128 * K, price(2, 10, 0.1), NEWEST),
  'claude-sonnet-5': claude(M, 128 * K, price(2, 10, 0.2), NEWER),
  'claude-sonnet-4-6': claude(M, 64 * K, price(3, 15, 0.3), { ...NEWER, sampling: true }),
  'claude-sonnet-4-5': claude(200 * K, 64 * K, price(3, 15, 0.3), OLDER),
  'claude-haiku-5-5': claude(M, 128 * K, { ...price(0.1, 0.5, 0.01), longInput: { above: 100 * K, ...price(0.5, 2.5, 0.05) } }, NEWEST),
  'claude-haiku-4-5': claude(200 * K, 64 * K, price(1, 5, 0.1), OLDER),
  'gpt-6.1-sol': gpt(price(2, 10, 0.1)),
  'gpt-6.1-terra': gpt(price(1, 5, 0.05)),
  'gpt-6-astra': gpt(price(10, 50, 1)),
  'gpt-6-sol': gpt(price(2, 10, 0.2)),
  'gpt-6-luna': gpt(price(0.1, 0.5, 0.01)),
  'gpt-5.6-sol': gpt(price(5, 30, 0.5)),
  'gpt-5.6-terra': gpt(price(2, 12, 0.2)),
  'gpt-5.6-luna': gpt(price(0.2, 1.2, 0.02)),
  'gpt-4.1': { contextTokens: 1_047_576, maxOutputTokens: 32_768, prices: price(2, 8, 0.5, 2), ...PLAIN },
  'gpt-4.1-mini': { contextTokens: 1_047_576, maxOutputTokens: 32_768, prices: price(0.4, 1.6, 0.1, 0.4), ...PLAIN },
}

/** Of a model that nobody told us of: little, so that nothing overflows. */
const UNKNOWN = {
  anthropic: { contextTokens: 200 * K, maxOutputTokens: 32 * K, ...NEWEST },
  openai: { contextTokens: 16_384, maxOutputTokens: 4096, ...PLAIN },
} satisfies Record<string, Known>

export interface LookedUp {
  readonly card: ModelCard
  readonly traits: Traits
  /** Whether the table has it. */
  readonly known: boolean
}

/** What somebody knows better. */
export type ToldOfCard = { readonly [Key in keyof Omit<ModelCard, 'name'>]?: ModelCard[Key] | undefined }

function given(told: ToldOfCard): Partial<Omit<ModelCard, 'name'>> {
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined))
}

/** `name`: `provider/model`. `protocol`: what is assumed of a model that is not in the table. */
export function cardOf(name: string, protocol: keyof typeof UNKNOWN, told: ToldOfCard = {}): LookedUp {
  const found = KNOWN[plainName(name.slice(name.indexOf('/') + 1))]
  const { thinking, sampling, forcedTools, ...rest } = found ?? UNKNOWN[protocol]
  const card: ModelCard = { name, ...rest, thinking: thinking !== 'none', ...given(told) }
  return { card, traits: { thinking: card.thinking ? thinking : 'none', sampling, forcedTools }, known: found !== undefined }
}

/** Without what clouds and dates add: `us.anthropic.claude-opus-5-5-20260922-v1:0` → `claude-opus-5-5`. */
function plainName(model: string): string {
  return model
    .replace(/^([a-z]+\.)?anthropic\./, '')
    .replace(/-v\d+(:\d+)?$/, '')
    .replace(/[-@](\d{8}|\d{4}-\d\d-\d\d)$/, '')
    .replace(/-latest$/, '')
}
