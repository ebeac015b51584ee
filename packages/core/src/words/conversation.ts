import { z } from 'zod'

/** What a model may call. `input` is a JSON schema. */
export const ToolSpec = z.object({ name: z.string(), description: z.string(), input: z.record(z.string(), z.unknown()) })
export type ToolSpec = z.infer<typeof ToolSpec>

const TextPart = z.object({
  kind: z.literal('text'),
  text: z.string(),
  /** All up to here is sent again unchanged with later requests: worth a provider's cache. */
  stable: z.literal(true).optional(),
})

/** `signature`: what the provider wants back with it, unread. */
const ThinkingPart = z.object({ kind: z.literal('thinking'), text: z.string(), signature: z.string().optional() })

/** `malformed`: the input as it came, when it is not the JSON of an object; `input` is empty then. */
export const ToolCall = z.object({
  kind: z.literal('tool-call'),
  id: z.string(),
  name: z.string(),
  input: z.record(z.string(), z.unknown()),
  malformed: z.string().optional(),
})
export type ToolCall = z.infer<typeof ToolCall>

const ToolResult = z.object({ kind: z.literal('tool-result'), id: z.string(), text: z.string(), failed: z.boolean().optional() })
export type ToolResult = z.infer<typeof ToolResult>

export const ReplyPart = z.discriminatedUnion('kind', [TextPart, ThinkingPart, ToolCall])
export type ReplyPart = z.infer<typeof ReplyPart>

export const ModelMessage = z.discriminatedUnion('role', [
  z.object({ role: z.literal('user'), content: z.array(z.discriminatedUnion('kind', [TextPart, ToolResult])) }),
  z.object({ role: z.literal('assistant'), content: z.array(ReplyPart) }),
])
export type ModelMessage = z.infer<typeof ModelMessage>

/** What a model is asked, in nobody's dialect. The same request has the same JSON: it is what an exchange is found again by. */
export const ModelRequest = z.object({
  system: z.string(),
  tools: z.array(ToolSpec),
  messages: z.array(ModelMessage),
  maxOutputTokens: z.number().int().positive(),
  temperature: z.number().optional(),
  stopSequences: z.array(z.string()).optional(),
  /** Tokens that it may think before it answers, where it can. */
  thinkingTokens: z.number().int().positive().optional(),
  /** `any`: it must call a tool, where its provider has a way to make it. */
  toolChoice: z.enum(['auto', 'any', 'none']).optional(),
})
export type ModelRequest = z.infer<typeof ModelRequest>

/** What one call took. `inputTokens` were neither read from nor written to the provider's cache. */
export const Usage = z.object({
  inputTokens: z.number().int().nonnegative(),
  cachedTokens: z.number().int().nonnegative(),
  cacheWriteTokens: z.number().int().nonnegative(),
  outputTokens: z.number().int().nonnegative(),
})
export type Usage = z.infer<typeof Usage>

/** `cut`: we ended it, because it had gone wrong. */
export const StopCause = z.enum(['end', 'tool-calls', 'output-limit', 'stop-sequence', 'refused', 'cut'])
export type StopCause = z.infer<typeof StopCause>

export const ModelReply = z.object({
  content: z.array(ReplyPart),
  stop: StopCause,
  usage: Usage,
  /** As the endpoint calls what answered. */
  servedBy: z.string(),
  /** Mean natural logarithm of the probability of its tokens, where the endpoint tells. */
  meanLogProbability: z.number().optional(),
})
export type ModelReply = z.infer<typeof ModelReply>

/** US dollars for a million tokens. */
const Price = z.object({
  input: z.number().nonnegative(),
  output: z.number().nonnegative(),
  cacheRead: z.number().nonnegative(),
  cacheWrite: z.number().nonnegative(),
})

/** `longInput`: what a request costs, the whole of it, whose input is larger. */
const Prices = Price.extend({ longInput: Price.extend({ above: z.number().int().positive() }).optional() })

/** What is known of a model before it is asked. */
export const ModelCard = z.object({
  /** `provider/model`, as settings name it. */
  name: z.string(),
  contextTokens: z.number().int().positive(),
  maxOutputTokens: z.number().int().positive(),
  /** Without: nobody told what it costs, or it costs nothing. */
  prices: Prices.optional(),
  thinking: z.boolean(),
})
export type ModelCard = z.infer<typeof ModelCard>

/** One request and its reply, as it is kept. */
export const Exchange = z.object({
  model: z.string(),
  request: ModelRequest,
  reply: ModelReply,
  at: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
})
export type Exchange = z.infer<typeof Exchange>

export function tokensOf(usage: Usage): number {
  return usage.inputTokens + usage.cachedTokens + usage.cacheWriteTokens + usage.outputTokens
}

/** In US dollars; nothing where no price is known. */
export function costOf(usage: Usage, { prices }: Pick<ModelCard, 'prices'>): number {
  if (prices === undefined) return 0
  const { longInput } = prices
  const isLong = longInput !== undefined && tokensOf(usage) - usage.outputTokens > longInput.above
  const { input, output, cacheRead, cacheWrite } = isLong ? longInput : prices
  return (usage.inputTokens * input + usage.outputTokens * output + usage.cachedTokens * cacheRead + usage.cacheWriteTokens * cacheWrite) / 1_000_000
}
