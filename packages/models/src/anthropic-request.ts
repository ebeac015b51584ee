import type Anthropic from '@anthropic-ai/sdk'
import type { ModelMessage, ModelRequest, ReplyPart } from '@fixpoint/core'
import type { Traits } from './model-cards.ts'

type Block = Anthropic.ContentBlockParam
type Cacheable = { cache_control?: Anthropic.CacheControlEphemeral | null }

/** More breakpoints than this are an error. */
const MOST_BREAKPOINTS = 4
const LEAST_THINKING = 1024
/** What came encrypted goes back as it is, under this mark. */
const REDACTED = 'redacted_thinking:'

export function anthropicRequest(model: string, request: ModelRequest, traits: Traits): Anthropic.MessageCreateParamsStreaming {
  const messages = request.messages.map((message) => ({ role: message.role, content: blocksOf(message) })).filter(({ content }) => content.length > 0)
  const system: Anthropic.TextBlockParam[] = request.system === '' ? [] : [{ type: 'text', text: request.system }]
  const tools: Anthropic.Tool[] = request.tools.map(({ name, description, input }) => ({
    name,
    description,
    input_schema: { ...input, type: 'object' },
  }))
  setBreakpoints(request, system, tools, messages)
  const { thinkingTokens } = request
  const budget = traits.thinking === 'budget' && thinkingTokens !== undefined ? Math.max(LEAST_THINKING, thinkingTokens) : undefined
  const thinks = thinkingTokens !== undefined && traits.thinking !== 'none'
  const forced = request.toolChoice === 'any' && traits.forcedTools && !thinks
  return {
    model,
    messages,
    stream: true,
    max_tokens: request.maxOutputTokens + (thinks ? (budget ?? thinkingTokens) : 0),
    ...(system.length > 0 && { system }),
    ...(tools.length > 0 && { tools, tool_choice: { type: forced ? 'any' : request.toolChoice === 'none' ? 'none' : 'auto' } }),
    ...(request.stopSequences !== undefined && { stop_sequences: request.stopSequences }),
    ...(request.temperature !== undefined && traits.sampling && !thinks && { temperature: request.temperature }),
    ...(budget !== undefined && { thinking: { type: 'enabled', budget_tokens: budget } }),
    ...(traits.thinking === 'adaptive' && effortOf(thinkingTokens)),
  }
}

/** Those that decide themselves how long to think are told how hard to try. */
function effortOf(tokens: number | undefined): Partial<Anthropic.MessageCreateParamsStreaming> {
  if (tokens === undefined) return {}
  const effort = tokens <= 4096 ? 'low' : tokens <= 16_384 ? 'medium' : 'high'
  return { thinking: { type: 'adaptive', display: 'summarized' }, output_config: { effort } }
}

/** Without what a model thought: another model, or one whose earlier messages were changed, does not want it back. */
export function withoutThinking(request: ModelRequest): ModelRequest {
  const messages = request.messages.map((message) =>
    message.role === 'user' ? message : { ...message, content: message.content.filter((part) => part.kind !== 'thinking') },
  )
  return { ...request, messages }
}

function blocksOf(message: ModelMessage): Block[] {
  if (message.role === 'assistant') return message.content.flatMap(assistantBlocks)
  // Results have to come before anything else that is said.
  const results = message.content.filter((part) => part.kind === 'tool-result')
  const texts = message.content.filter((part) => part.kind === 'text' && part.text !== '')
  return [...results, ...texts].map((part) =>
    part.kind === 'text'
      ? { type: 'text', text: part.text }
      : { type: 'tool_result', tool_use_id: part.id, content: part.text, ...(part.failed === true && { is_error: true }) },
  )
}

function assistantBlocks(part: ReplyPart): Block[] {
  switch (part.kind) {
    case 'text':
      return part.text.trim() === '' ? [] : [{ type: 'text', text: part.text }]
    case 'tool-call':
      return [{ type: 'tool_use', id: part.id, name: part.name, input: part.input }]
    case 'thinking':
      if (part.signature === undefined) return []
      return part.signature.startsWith(REDACTED)
        ? [{ type: 'redacted_thinking', data: part.signature.slice(REDACTED.length) }]
        : [{ type: 'thinking', thinking: part.text, signature: part.signature }]
  }
}

export function redactedSignature(data: string): string {
  return REDACTED + data
}

/** One after tools and system, one at the end, and between them the last of the texts that stay as they are. */
function setBreakpoints(
  request: ModelRequest,
  system: Anthropic.TextBlockParam[],
  tools: Anthropic.Tool[],
  messages: readonly { readonly content: Block[] }[],
): void {
  const before: Cacheable | undefined = system.at(-1) ?? tools.at(-1)
  const last = messages.at(-1)?.content.findLast((block) => block.type !== 'thinking' && block.type !== 'redacted_thinking')
  const stable = new Set(
    request.messages.flatMap(({ content }) => content.flatMap((part) => (part.kind === 'text' && part.stable === true ? [part.text] : []))),
  )
  const between = messages.flatMap(({ content }) => content.filter((block) => block.type === 'text' && stable.has(block.text) && block !== last))
  const room = MOST_BREAKPOINTS - [before, last].filter((each) => each !== undefined).length
  for (const block of [before, ...between.slice(-room), last]) if (block !== undefined) Object.assign(block, { cache_control: { type: 'ephemeral' } })
}
