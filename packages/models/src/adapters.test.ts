import Anthropic from '@anthropic-ai/sdk'
import { AnthropicDouble, aModelCard, languageModelContract, OpenAiDouble } from '@fixpoint/testkit'
import { describe } from 'vitest'
import { AnthropicModel } from './anthropic-model.ts'
import { guardedFetch } from './guarded-fetch.ts'
import { OpenAiModel } from './openai-model.ts'

const traits = { thinking: 'none', sampling: true, forcedTools: true } as const
const now = () => new Date()

describe('Anthropic', () => {
  languageModelContract(async (replies) => {
    const double = await AnthropicDouble.start(replies.map((reply) => ({ kind: 'reply', reply })))
    const client = new Anthropic({ apiKey: 'test', baseURL: double.baseUrl, maxRetries: 0, fetch: guardedFetch({ fetch }) })
    return {
      model: new AnthropicModel({ card: aModelCard(), traits, model: 'claude-test', client, now }),
      [Symbol.asyncDispose]: () => double[Symbol.asyncDispose](),
    }
  })
})

describe('OpenAI-compatible', () => {
  languageModelContract(async (replies) => {
    const double = await OpenAiDouble.start(replies.map((reply) => ({ kind: 'reply', reply })))
    return {
      model: new OpenAiModel({ card: aModelCard(), traits, model: 'gpt-test', baseUrl: double.baseUrl, fetch: guardedFetch({ fetch }), now }),
      [Symbol.asyncDispose]: () => double[Symbol.asyncDispose](),
    }
  })
})
