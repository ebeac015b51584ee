import type { ModelMessage, ModelRequest } from '@fixpoint/core'
import type { Traits } from './model-cards.ts'

type Message = Readonly<Record<string, unknown>>

/** What an endpoint can do without; one that refuses a word is asked again without it. */
const OPTIONAL = ['logprobs', 'stream_options', 'temperature', 'reasoning_effort', 'stop', 'tool_choice'] as const
export type Optional = (typeof OPTIONAL)[number] | 'max_tokens'

export interface Dialect {
  /** OpenAI’s own wants `max_completion_tokens`, most others know `max_tokens` only. */
  readonly isOpenAi: boolean
  /** What this endpoint does not take. */
  readonly refused: ReadonlySet<Optional>
}

export function openAiRequest(model: string, request: ModelRequest, traits: Traits, { isOpenAi, refused }: Dialect): Record<string, unknown> {
  const { tools, stopSequences, temperature, toolChoice, thinkingTokens } = request
  const completion = isOpenAi || refused.has('max_tokens')
  const optional: Partial<Record<Optional, unknown>> = {
    stream_options: { include_usage: true },
    ...(!isOpenAi && { logprobs: true }),
    ...(temperature !== undefined && traits.sampling && { temperature }),
    ...(stopSequences !== undefined && { stop: stopSequences }),
    ...(tools.length > 0 &&
      toolChoice !== undefined && { tool_choice: toolChoice === 'any' && traits.forcedTools ? 'required' : toolChoice === 'none' ? 'none' : 'auto' }),
    ...(thinkingTokens !== undefined &&
      traits.thinking !== 'none' && { reasoning_effort: thinkingTokens <= 4096 ? 'low' : thinkingTokens <= 16_384 ? 'medium' : 'high' }),
  }
  return {
    model,
    messages: [...(request.system === '' ? [] : [{ role: 'system', content: request.system }]), ...request.messages.flatMap(messagesOf)],
    stream: true,
    [completion ? 'max_completion_tokens' : 'max_tokens']: request.maxOutputTokens + (thinkingTokens ?? 0),
    ...(tools.length > 0 && { tools: tools.map(({ name, description, input }) => ({ type: 'function', function: { name, description, parameters: input } })) }),
    ...Object.fromEntries(Object.entries(optional).filter(([word]) => !refused.has(word as Optional))),
  }
}

/** Which of the words that were sent a refusal is about. */
export function wordRefused(message: string, sent: Readonly<Record<string, unknown>>): Optional | undefined {
  if ('max_tokens' in sent && message.includes('max_completion_tokens')) return 'max_tokens'
  return OPTIONAL.find((word) => word in sent && message.includes(word))
}

/** What it thought does not go back: endpoints differ in whether they want it, and none needs it. */
function messagesOf(message: ModelMessage): Message[] {
  if (message.role === 'assistant') {
    const text = message.content.flatMap((part) => (part.kind === 'text' ? [part.text] : [])).join('')
    const calls = message.content.flatMap((part) =>
      part.kind === 'tool-call' ? [{ id: part.id, type: 'function', function: { name: part.name, arguments: JSON.stringify(part.input) } }] : [],
    )
    return text === '' && calls.length === 0 ? [] : [{ role: 'assistant', content: text === '' ? null : text, ...(calls.length > 0 && { tool_calls: calls }) }]
  }
  const results = message.content.flatMap((part) => (part.kind === 'tool-result' ? [{ role: 'tool', tool_call_id: part.id, content: part.text }] : []))
  const text = message.content.flatMap((part) => (part.kind === 'text' && part.text !== '' ? [part.text] : [])).join('\n\n')
  return text === '' ? results : [...results, { role: 'user', content: text }]
}
