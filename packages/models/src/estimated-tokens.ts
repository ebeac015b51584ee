import type { ModelRequest } from '@fixpoint/core'

/** Fewer bytes than these to a token no tokenizer needs for code or prose, in whatever language. */
const BYTES_PER_TOKEN = 2
/** Roles, fences and what providers add for tools. */
const TOKENS_PER_MESSAGE = 16
const TOKENS_PER_TOOL = 64
const TOKENS_AROUND = 400

/** Tokens of input, guessed from above. */
export function estimatedTokens({ system, tools, messages }: ModelRequest): number {
  const around = TOKENS_AROUND + tools.length * TOKENS_PER_TOOL + messages.length * TOKENS_PER_MESSAGE
  const bytes = [system, JSON.stringify(tools), JSON.stringify(messages)].reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  return Math.ceil(around + bytes / BYTES_PER_TOKEN)
}
