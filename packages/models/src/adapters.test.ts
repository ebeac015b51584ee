import Anthropic from '@anthropic-ai/sdk'
import { type LanguageModel, ModelFailure, type ModelReply, tokensOf } from '@fixpoint/core'
import { AnthropicDouble, aModelCard, aModelRequest, languageModelContract, modelFaults, OpenAiDouble, type WireTurn } from '@fixpoint/testkit'
import { describe, expect, it } from 'vitest'
import { AnthropicModel } from './anthropic-model.ts'
import { guardedFetch } from './guarded-fetch.ts'
import { OpenAiModel } from './openai-model.ts'

const traits = { thinking: 'none', sampling: true, forcedTools: true } as const
const now = () => new Date()
const guarded = guardedFetch({ fetch, firstByteMs: 400, idleMs: 400 })
const KEY = 'sk-test-0123456789abcdef'

interface Made extends AsyncDisposable {
  readonly model: LanguageModel
  readonly double: AnthropicDouble | OpenAiDouble
}

async function anthropic(turns: readonly WireTurn[]): Promise<Made> {
  const double = await AnthropicDouble.start(turns)
  const client = new Anthropic({ apiKey: KEY, baseURL: double.baseUrl, maxRetries: 0, fetch: guarded, logLevel: 'off' })
  const model = new AnthropicModel({ card: aModelCard(), traits, model: 'claude-test', client: async () => client, now })
  return { double, model, [Symbol.asyncDispose]: () => double[Symbol.asyncDispose]() }
}

async function openAi(turns: readonly WireTurn[]): Promise<Made> {
  const double = await OpenAiDouble.start(turns)
  const model = new OpenAiModel({ card: aModelCard(), traits, model: 'gpt-test', baseUrl: double.baseUrl, key: KEY, fetch: guarded, now })
  return { double, model, [Symbol.asyncDispose]: () => double[Symbol.asyncDispose]() }
}

async function ask(model: LanguageModel, signal = AbortSignal.timeout(20_000)): Promise<ModelReply> {
  for await (const event of model.ask(aModelRequest(), signal)) if (event.kind === 'reply') return event.reply
  throw new Error('no reply')
}

describe.each([
  ['Anthropic', anthropic],
  ['OpenAI-compatible', openAi],
])('%s', (_name, make) => {
  languageModelContract((replies) => make(replies.map((reply) => ({ kind: 'reply', reply }))))

  it.each(Object.entries(modelFaults))('knows what to make of %s', async (_fault, { turn, failure, reply }) => {
    await using made = await make([turn])
    const asked = ask(made.model)
    if (reply !== undefined) return expect(await asked).toMatchObject(reply)
    const error: ModelFailure = await asked.then(
      () => Promise.reject(new Error('it should have failed')),
      (reason) => reason,
    )
    expect(error).toBeInstanceOf(ModelFailure)
    expect({ code: error.code, againInMs: error.againInMs }).toEqual({ code: failure?.code, againInMs: failure?.againInMs })
    expect(error.usage === undefined ? 0 : tokensOf(error.usage)).toSatisfy((tokens) => (failure?.billed === true ? tokens > 100 : tokens === 0))
    expect(error.message).toContain(
      failure?.code === 'model-not-allowed' || turn.kind === 'silence' || turn.kind === 'idle' ? '127.0.0.1' : made.model.card.name,
    )
    expect(error.hint).not.toBe('')
    return expect(JSON.stringify([error.message, error.hint, error.stack])).not.toContain(KEY)
  })

  it('says that nobody is there', async () => {
    const made = await make([])
    await made[Symbol.asyncDispose]()
    await expect(ask(made.model)).rejects.toMatchObject({ code: 'model-unreachable', message: expect.stringContaining('ECONNREFUSED') })
  })

  it('hangs up when the question is taken back, when nobody reads on, and when it has heard enough', async () => {
    const endless: WireTurn = { kind: 'endless', text: 'and another line '.repeat(20), numbered: true }
    await using made = await make([endless, endless, endless])
    const controller = new AbortController()
    const takenBack = async () => {
      for await (const event of made.model.ask(aModelRequest(), controller.signal)) if (event.kind === 'text') controller.abort(new Error('never mind'))
    }
    await expect(takenBack()).rejects.toThrow('never mind')
    for await (const event of made.model.ask(aModelRequest(), AbortSignal.timeout(5000))) if (event.kind === 'text') break
    expect((await ask(made.model)).stop).toBe('cut')
    await expect.poll(() => made.double.abandoned).toBe(3)
  })

  it('sends the key where it belongs and nowhere else', async () => {
    await using made = await make([{ kind: 'reply', reply: {} }])
    await ask(made.model)
    const { headers, body, path } = made.double.requests[0] ?? { headers: {}, body: {}, path: '' }
    expect(headers.authorization).toBe(`Bearer ${KEY}`)
    expect(JSON.stringify([body, path, { ...headers, authorization: '' }])).not.toContain(KEY)
  })
})
