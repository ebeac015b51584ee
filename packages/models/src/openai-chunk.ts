import { z } from 'zod'

const ChunkCall = z.object({
  index: z.number().optional(),
  id: z.string().nullish(),
  function: z.object({ name: z.string().nullish(), arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish() }).nullish(),
})

export type ChunkCall = z.infer<typeof ChunkCall>

/** A piece of a message, or the whole of one from an endpoint that does not stream. */
const Delta = z.object({
  content: z.string().nullish(),
  refusal: z.string().nullish(),
  /** Two spellings of the same. */
  reasoning_content: z.string().nullish(),
  reasoning: z.string().nullish(),
  tool_calls: z.array(ChunkCall).nullish(),
})

/** No number of tokens is no number, whatever is written there. */
const Tokens = z.number().int().nonnegative().optional().catch(undefined)

export const ChunkUsage = z.object({
  prompt_tokens: Tokens,
  completion_tokens: Tokens,
  prompt_tokens_details: z.object({ cached_tokens: Tokens, cache_write_tokens: Tokens }).nullish().catch(undefined),
})
export type ChunkUsage = z.infer<typeof ChunkUsage>

export const Chunk = z.object({
  model: z.string().nullish(),
  choices: z
    .array(
      z.object({
        delta: Delta.nullish(),
        message: Delta.nullish(),
        finish_reason: z.string().nullish(),
        /** Of vLLM: the sequence that ended it. */
        stop_reason: z.union([z.string(), z.number()]).nullish(),
        logprobs: z
          .object({ content: z.array(z.object({ logprob: z.number() })).nullish() })
          .nullish()
          .catch(undefined),
      }),
    )
    .nullish(),
  usage: ChunkUsage.nullish().catch(undefined),
  error: z.unknown().optional(),
})
export type Chunk = z.infer<typeof Chunk>

/** An error as any of these endpoints write it. */
export const ErrorBody = z
  .union([
    z.object({ error: z.object({ message: z.string().catch(''), type: z.string().nullish(), code: z.union([z.string(), z.number()]).nullish() }) }),
    z.object({ error: z.string() }).transform(({ error }) => ({ error: { message: error, type: undefined, code: undefined } })),
    z.object({ message: z.string(), type: z.string().nullish(), code: z.union([z.string(), z.number()]).nullish() }).transform((error) => ({ error })),
  ])
  .transform(({ error }) => ({ message: error.message, type: [error.code, error.type].find((each): each is string => typeof each === 'string') }))
