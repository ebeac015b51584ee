import type { LanguageModel, ModelReply } from '@fixpoint/core'
import { AnthropicDouble, aModelRequest, FixedClock, OpenAiDouble } from '@fixpoint/testkit'
import { describe, expect, it } from 'vitest'
import { lanesOf } from './lanes-of.ts'
import { listedModels } from './listed-models.ts'
import { cardOf } from './model-cards.ts'
import { ModelSettings } from './model-settings.ts'
import { openModels } from './open-models.ts'

const KEY = 'sk-test-0123456789abcdef'

async function opened(told: object, keys: Readonly<Record<string, string>> = {}) {
  const warnings: string[] = []
  const models = await openModels(ModelSettings.parse(told), {
    fetch,
    clock: new FixedClock(),
    key: (name) => keys[name],
    onWarning: (message) => void warnings.push(message),
    timeouts: { firstByteMs: 1000, idleMs: 1000 },
  })
  return { ...models, warnings }
}

async function ask(model: LanguageModel | undefined): Promise<ModelReply | undefined> {
  let reply: ModelReply | undefined
  for await (const event of model?.ask(aModelRequest(), AbortSignal.timeout(5000)) ?? []) if (event.kind === 'reply') reply = event.reply
  return reply
}

describe('openModels', () => {
  it('opens the lanes of the settings, with retry around each', async () => {
    await using anthropic = await AnthropicDouble.start([
      { kind: 'refusal', status: 529, type: 'overloaded_error' },
      { kind: 'reply', reply: {} },
    ])
    await using openAi = await OpenAiDouble.start([{ kind: 'hang-up' }, { kind: 'reply', reply: {} }])
    openAi.asides.set('/v1/models', { data: [{ id: 'qwen3:32b', max_model_len: 65_536 }] })
    const providers = {
      anthropic: { kind: 'anthropic', baseUrl: `${anthropic.baseUrl}/v1`, keyFrom: 'KEY' },
      house: { kind: 'openai', baseUrl: openAi.baseUrl },
    }
    const { lanes, warnings } = await opened({ providers, lanes: { cheap: 'house/qwen3:32b', strong: 'anthropic/claude-opus-5-5' } }, { KEY })
    expect([...lanes.keys()]).toEqual(['cheap', 'strong'])
    expect(await ask(lanes.get('cheap'))).toMatchObject({ stop: 'end' })
    expect(await ask(lanes.get('strong'))).toMatchObject({ stop: 'end' })
    expect(lanes.get('cheap')?.card).toMatchObject({ name: 'house/qwen3:32b', contextTokens: 65_536, maxOutputTokens: 8192 })
    expect(openAi.requests[0]?.headers.authorization).toBeUndefined()
    expect(warnings).toEqual([])
  })

  it('leaves out a lane whose key is not set, and says which', async () => {
    const { lanes, warnings } = await opened({ lanes: { strong: 'anthropic/claude-opus-5-5' } })
    expect(lanes.size).toBe(0)
    expect(warnings).toEqual(['the lane strong is left out: ANTHROPIC_API_KEY is not set, and anthropic/claude-opus-5-5 wants a key'])
  })

  it.each([
    ['vLLM', '/v1/models', { data: [{ id: 'm', max_model_len: 8192 }] }, 8192],
    ['llama.cpp', '/props', { default_generation_settings: { n_ctx: 8192 } }, 8192],
    ['LM Studio', '/api/v0/models/m', { loaded_context_length: 8192, max_context_length: 131_072 }, 8192],
    ['Ollama that was told', '/api/show', { parameters: 'stop "x"\nnum_ctx 16384', model_info: {} }, 16_384],
    ['Ollama as it comes', '/api/show', { model_info: { 'qwen3.context_length': 40_960 } }, 4096],
  ])('hears from %s how much it serves, and warns when that is little', async (_name, path, answer, served) => {
    await using double = await OpenAiDouble.start()
    double.asides.set(path, answer)
    const { lanes, warnings } = await opened({ providers: { house: { kind: 'openai', baseUrl: double.baseUrl } }, lanes: { cheap: 'house/m' } })
    expect(lanes.get('cheap')?.card.contextTokens).toBe(served)
    expect(warnings).toEqual([expect.stringContaining(`a context of ${served} tokens, which is little`)])
  })

  it('assumes little of a model that tells nothing, and believes what the settings tell', async () => {
    await using double = await OpenAiDouble.start()
    const told = {
      providers: { house: { kind: 'openai', baseUrl: double.baseUrl } },
      lanes: { cheap: 'house/m', strong: 'house/n' },
      cards: { 'house/n': { contextTokens: 100_000 } },
    }
    const { lanes, warnings } = await opened(told)
    expect([...lanes.values()].map(({ card }) => card.contextTokens)).toEqual([16_384, 100_000])
    expect(warnings).toEqual([expect.stringContaining('16384 are assumed')])
  })

  it('asks only hosts that are allowed, and only as long as it is open', async () => {
    await using double = await AnthropicDouble.start([{ kind: 'silence' }])
    const told = (allow: string[]) => ({
      providers: { anthropic: { kind: 'anthropic', baseUrl: double.baseUrl } },
      lanes: { strong: 'anthropic/claude-opus-5-5' },
      allow,
    })
    await expect(ask((await opened(told(['localhost:1']))).lanes.get('strong'))).rejects.toMatchObject({ code: 'model-not-allowed' })
    expect(double.requests).toHaveLength(0)
    const allowed = await opened(told([new URL(double.baseUrl).host]))
    const asking = ask(allowed.lanes.get('strong'))
    await expect.poll(() => double.requests.length).toBe(1)
    await allowed[Symbol.asyncDispose]()
    await expect(asking).rejects.toThrow()
  })

  it('says of a refusal what the endpoint says, but never the key that it repeats', async () => {
    const key = 'correct-horse-battery'
    await using double = await OpenAiDouble.start([{ kind: 'refusal', status: 401, type: 'invalid_api_key', message: `wrong key: ${key}` }])
    const providers = { house: { kind: 'openai', baseUrl: double.baseUrl, keyFrom: 'KEY' } }
    const { lanes } = await opened({ providers, lanes: { strong: 'house/m' } }, { KEY: key })
    await expect(ask(lanes.get('strong'))).rejects.toMatchObject({ code: 'model-key-refused', message: 'house/m was refused with 401: wrong key: [key]' })
  })

  it('warns of a model of somebody else whose price nobody knows', async () => {
    const { warnings } = await opened({ lanes: { strong: 'anthropic/claude-9' } }, { ANTHROPIC_API_KEY: KEY })
    expect(warnings).toEqual([expect.stringContaining('what anthropic/claude-9 costs is not known')])
  })
})

describe('lanesOf', () => {
  it('puts patterns first, and gives each lane its share', () => {
    const { lanes } = ModelSettings.parse({ lanes: { cheap: 'anthropic/a', strong: { model: 'openai/b', share: 0.5 }, last: 'openai/c' } })
    expect(lanesOf({ lanes })).toEqual([
      { name: 'patterns', share: 1 },
      { name: 'cheap', model: 'anthropic/a', attempts: 2, share: 0.3 },
      { name: 'strong', model: 'openai/b', attempts: 4, share: 0.5 },
      { name: 'last', model: 'openai/c', attempts: 4, share: 1 },
    ])
  })
})

describe('ModelSettings', () => {
  it.each([
    [{ lanes: { cheap: 'claude' } }, 'provider/model'],
    [{ lanes: { cheap: 'house/claude' } }, 'no provider is called house; there are anthropic, openai'],
    [{ lanes: { patterns: 'anthropic/claude' } }, 'the one without a model'],
    [{ critic: 'strong' }, 'no lane is called strong'],
    [{ providers: { a: { kind: 'anthropic', keyFrom: KEY } } }, 'not the key itself'],
    [{ providers: { a: { kind: 'gemini' } } }, 'kind'],
    [{ providers: { a: { kind: 'openai', baseUrl: 'file:///etc' } } }, 'an address like'],
    [{ providers: { a: { kind: 'openai', apiKey: 'x' } } }, 'apiKey'],
  ])('%j is answered with what is wrong: %s', (told, words) => {
    const { error } = ModelSettings.safeParse(told)
    expect(JSON.stringify(error?.issues)).toContain(words)
  })
})

describe('listedModels', () => {
  it('says where keys come from and whether they are set, never what they are', () => {
    const settings = ModelSettings.parse({ lanes: { cheap: 'openai/gpt-6-luna', strong: 'anthropic/claude-opus-5-5' }, critic: 'strong' })
    const listed = listedModels(settings, (name) => (name === 'OPENAI_API_KEY' ? KEY : undefined))
    expect(listed).toMatchObject([
      { keyFrom: 'OPENAI_API_KEY', keySet: true, isCritic: false, known: true },
      { keyFrom: 'ANTHROPIC_API_KEY', keySet: false, isCritic: true },
    ])
    expect(JSON.stringify(listed)).not.toContain(KEY)
  })
})

describe('cardOf', () => {
  it.each(['claude-opus-5-5', 'claude-opus-5-5-20260922', 'us.anthropic.claude-opus-5-5-20260922-v1:0', 'claude-opus-5-5@20260922'])('knows %s', (model) => {
    expect(cardOf(`p/${model}`, 'anthropic')).toMatchObject({
      known: true,
      card: { name: `p/${model}`, contextTokens: 1_000_000, prices: { input: 4, output: 20 } },
    })
  })

  it('lets settings say otherwise', () => {
    expect(cardOf('p/claude-opus-5-5', 'anthropic', { contextTokens: 200_000, thinking: false })).toMatchObject({
      card: { contextTokens: 200_000, maxOutputTokens: 128_000 },
      traits: { thinking: 'none' },
    })
  })
})
