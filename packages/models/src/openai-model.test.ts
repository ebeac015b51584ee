import type { LanguageModel, ModelReply, ModelRequest } from '@fixpoint/core'
import { aModelCard, aModelRequest, OpenAiDouble, type WireTurn } from '@fixpoint/testkit'
import { describe, expect, it } from 'vitest'
import { guardedFetch } from './guarded-fetch.ts'
import { OpenAiModel } from './openai-model.ts'

const traits = { thinking: 'adaptive', sampling: true, forcedTools: true } as const
const modelOn = (double: OpenAiDouble) =>
  new OpenAiModel({ card: aModelCard(), traits, model: 'm', baseUrl: double.baseUrl, fetch: guardedFetch({ fetch }), now: () => new Date() })

async function ask(model: LanguageModel, request: ModelRequest = aModelRequest()): Promise<ModelReply | undefined> {
  let reply: ModelReply | undefined
  for await (const event of model.ask(request, AbortSignal.timeout(5000))) if (event.kind === 'reply') reply = event.reply
  return reply
}
const stream = (...chunks: readonly object[]): WireTurn => ({
  kind: 'raw',
  headers: { 'content-type': 'text/event-stream' },
  body: [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'].map((data) => `data: ${data}\r\n\r\n`).join(''),
})
const delta = (delta: object, more: object = {}) => ({ choices: [{ index: 0, delta, ...more }] })
const refusing = (message: string): WireTurn => ({ kind: 'refusal', status: 400, type: 'invalid_request_error', message })

describe('OpenAiModel', () => {
  it('does without the words that an endpoint refuses, and remembers them', async () => {
    await using double = await OpenAiDouble.start([
      refusing('logprobs are not supported with this model'),
      refusing("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
      { kind: 'reply', reply: {} },
      { kind: 'reply', reply: {} },
    ])
    const model = modelOn(double)
    await ask(model)
    await ask(model)
    const words = double.requests.map(({ body }) => Object.keys(body).filter((word) => /logprobs|max_/.test(word)))
    expect(words).toEqual([['max_tokens', 'logprobs'], ['max_tokens'], ['max_completion_tokens'], ['max_completion_tokens']])
  })

  it('a refusal of something that it cannot do without stays one', async () => {
    await using double = await OpenAiDouble.start([refusing('m does not support tools')])
    await expect(ask(modelOn(double))).rejects.toMatchObject({ code: 'model-malformed', message: expect.stringContaining('does not support tools') })
  })

  it('keeps how likely its tokens were', async () => {
    await using double = await OpenAiDouble.start([{ kind: 'reply', reply: {} }])
    double.probabilities = true
    expect(await ask(modelOn(double))).toMatchObject({ meanLogProbability: -0.5 })
  })

  it('reads calls that come whole, without an index, with the same for all, or without an id', async () => {
    const whole = (more: object) => ({ function: { name: 'read_file', arguments: '{"path":"a"}' }, ...more })
    const calls = [whole({ id: 'a' }), whole({ id: 'b' }), whole({ id: 'c', index: 0 }), whole({ id: 'd', index: 0 }), whole({})]
    await using double = await OpenAiDouble.start([stream(...calls.map((call) => delta({ tool_calls: [call] })), delta({}, { finish_reason: 'stop' }))])
    const reply = await ask(modelOn(double))
    expect(reply?.stop).toBe('tool-calls')
    expect(reply?.content.map((part) => part.kind === 'tool-call' && [part.id, part.input])).toEqual([
      ...['a', 'b', 'c', 'd'].map((id) => [id, { path: 'a' }]),
      [expect.stringMatching(/^call_/), { path: 'a' }],
    ])
  })

  it('takes arguments that are an object, thoughts in either spelling, and a reply that is not streamed', async () => {
    const message = { content: 'So.', reasoning: 'hm', tool_calls: [{ id: 'a', function: { name: 'read_file', arguments: { path: 'a' } } }] }
    const body = JSON.stringify({ model: 'm-1', choices: [{ index: 0, message, finish_reason: 'stop' }], usage: { prompt_tokens: 10, completion_tokens: 5 } })
    await using double = await OpenAiDouble.start([{ kind: 'raw', body, headers: { 'content-type': 'application/json' } }])
    expect(await ask(modelOn(double))).toEqual({
      content: [
        { kind: 'thinking', text: 'hm' },
        { kind: 'text', text: 'So.' },
        { kind: 'tool-call', id: 'a', name: 'read_file', input: { path: 'a' } },
      ],
      stop: 'tool-calls',
      usage: { inputTokens: 10, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 5 },
      servedBy: 'm-1',
    })
  })

  it.each([
    ['no usage', undefined],
    ['usage that is nonsense', { prompt_tokens: -5, completion_tokens: 'many' }],
  ])('%s is guessed from above', async (_name, usage) => {
    await using double = await OpenAiDouble.start([stream(delta({ content: 'So it is.' }, { finish_reason: 'stop' }), { choices: [], usage })])
    const reply = await ask(modelOn(double))
    expect(reply?.usage.inputTokens).toBeGreaterThan(100)
    expect(reply?.usage.outputTokens).toBe(5)
  })

  it('says what a request says, in its dialect', async () => {
    await using double = await OpenAiDouble.start([{ kind: 'reply', reply: {} }])
    const tool = { name: 'read_file', description: 'Reads.', input: { type: 'object' } }
    const messages: ModelRequest['messages'] = [
      {
        role: 'user',
        content: [
          { kind: 'text', text: 'one' },
          { kind: 'text', text: 'two' },
        ],
      },
      {
        role: 'assistant',
        content: [
          { kind: 'thinking', text: 'hm' },
          { kind: 'text', text: 'I look.' },
          { kind: 'tool-call', id: 'a', name: 'read_file', input: { path: 'a' } },
        ],
      },
      {
        role: 'user',
        content: [
          { kind: 'text', text: 'go on' },
          { kind: 'tool-result', id: 'a', text: 'x' },
        ],
      },
    ]
    await ask(modelOn(double), aModelRequest({ tools: [tool], messages, toolChoice: 'any', temperature: 0, stopSequences: ['END'], thinkingTokens: 2000 }))
    expect(double.requests[0]?.body).toEqual({
      model: 'm',
      messages: [
        { role: 'system', content: 'You fix bugs.' },
        { role: 'user', content: 'one\n\ntwo' },
        { role: 'assistant', content: 'I look.', tool_calls: [{ id: 'a', type: 'function', function: { name: 'read_file', arguments: '{"path":"a"}' } }] },
        { role: 'tool', tool_call_id: 'a', content: 'x' },
        { role: 'user', content: 'go on' },
      ],
      tools: [{ type: 'function', function: { name: 'read_file', description: 'Reads.', parameters: { type: 'object' } } }],
      ...{ tool_choice: 'required', temperature: 0, stop: ['END'], reasoning_effort: 'low', logprobs: true },
      ...{ max_tokens: 3024, stream: true, stream_options: { include_usage: true } },
    })
  })
})
