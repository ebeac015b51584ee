import Anthropic from '@anthropic-ai/sdk'
import type { LanguageModel, ModelReply, ModelRequest } from '@fixpoint/core'
import { AnthropicDouble, aModelCard, aModelRequest } from '@fixpoint/testkit'
import { describe, expect, it } from 'vitest'
import { AnthropicModel } from './anthropic-model.ts'
import { guardedFetch } from './guarded-fetch.ts'

const traits = { thinking: 'budget', sampling: true, forcedTools: true } as const
function modelOn(double: AnthropicDouble): AnthropicModel {
  const client = new Anthropic({ apiKey: 'test', baseURL: double.baseUrl, maxRetries: 0, fetch: guardedFetch({ fetch }) })
  return new AnthropicModel({ card: aModelCard(), traits, model: 'claude-test', client: async () => client, now: () => new Date() })
}

async function ask(model: LanguageModel, request: ModelRequest = aModelRequest()): Promise<ModelReply | undefined> {
  let reply: ModelReply | undefined
  for await (const event of model.ask(request, AbortSignal.timeout(5000))) if (event.kind === 'reply') reply = event.reply
  return reply
}

const thought = { kind: 'thinking', text: 'The loop, I think.', signature: 'c2lnbmVk' } as const
const again = aModelRequest({ messages: [...aModelRequest().messages, { role: 'assistant', content: [thought, { kind: 'text', text: 'So.' }] }] })

describe('AnthropicModel', () => {
  it('keeps thoughts with their signatures', async () => {
    await using double = await AnthropicDouble.start([{ kind: 'reply', reply: { content: [thought, { kind: 'text', text: 'So.' }] } }])
    expect(await ask(modelOn(double), aModelRequest({ thinkingTokens: 2000 }))).toMatchObject({ content: [thought, { kind: 'text', text: 'So.' }] })
    expect(double.requests[0]?.body).toMatchObject({ thinking: { type: 'enabled', budget_tokens: 2000 }, stream: true })
  })

  it('asks again without thoughts that are not taken back', async () => {
    const refusal = {
      kind: 'refusal',
      status: 400,
      type: 'invalid_request_error',
      message: 'messages.1.content.0: Invalid `signature` in `thinking` block',
    } as const
    await using double = await AnthropicDouble.start([refusal, { kind: 'reply', reply: {} }, refusal])
    expect(await ask(modelOn(double), again)).toMatchObject({ stop: 'end' })
    expect(double.requests.map(({ body }) => JSON.stringify(body).includes('c2lnbmVk'))).toEqual([true, false])
    await expect(ask(modelOn(double))).rejects.toMatchObject({ code: 'model-malformed' })
  })

  it('counts tokens where its endpoint does, and else guesses from above without asking twice', async () => {
    await using double = await AnthropicDouble.start()
    const model = modelOn(double)
    expect(await model.countTokens(aModelRequest(), AbortSignal.timeout(5000))).toBe(42)
    double.counts = undefined
    expect(await model.countTokens(aModelRequest(), AbortSignal.timeout(5000))).toBeGreaterThan(400)
    double.counts = 42
    expect(await model.countTokens(aModelRequest(), AbortSignal.timeout(5000))).toBeGreaterThan(400)
  })
})
