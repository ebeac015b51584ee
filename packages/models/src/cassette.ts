import { canonicalJson, type Hash, ModelReply, ModelRequest, Usage } from '@fixpoint/core'
import { z } from 'zod'

/** One call on a cassette: a line of JSON. */
const Recorded = z.object({
  version: z.literal(1),
  /** SHA-256 of model and request. */
  key: z.string(),
  /** The how manieth of the same request: 0, 1, … */
  ordinal: z.number().int().nonnegative(),
  model: z.string(),
  request: ModelRequest,
  reply: ModelReply.optional(),
  failure: z.object({ code: z.string(), message: z.string(), hint: z.string(), againInMs: z.number().optional(), usage: Usage.optional() }).optional(),
})
export type Recorded = z.infer<typeof Recorded>

/** Keys that providers, code hosts and clouds give out, and private keys, wherever they stand. */
const SECRETS = [
  /\b(?:sk|rk|gsk|xai|hf|fw)[-_][A-Za-z0-9_-]{16,}/g,
  /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}|npm_[A-Za-z0-9]{30,})/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bAIza[\w-]{30,}/g,
  /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g,
]
const REDACTED = '[redacted]'

/** The same value without secrets: those that are known, and what looks like one. */
export function withoutSecretsIn<T>(value: T, known: readonly string[]): T {
  if (typeof value === 'string') {
    const without = known.filter((secret) => secret.length >= 6).reduce((text: string, secret) => text.replaceAll(secret, REDACTED), value)
    return SECRETS.reduce((text, pattern) => text.replace(pattern, REDACTED), without) as T
  }
  if (Array.isArray(value)) return value.map((each) => withoutSecretsIn(each, known)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutSecretsIn(each, known)])) as T
}

export function keyOf(model: string, request: ModelRequest, hash: Hash): string {
  return hash(canonicalJson({ model, request: ModelRequest.parse(request) }))
}

/** Throws what is wrong with which line. */
export function readCassette(text: string): readonly Recorded[] {
  return text
    .split('\n')
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, number }) => {
      const parsed = z.preprocess(lenient, Recorded).safeParse(line)
      if (parsed.success) return parsed.data
      const issue = parsed.error.issues[0]
      throw new Error(`line ${number} of the cassette cannot be read: ${issue?.path.join('.')} ${issue?.message}`)
    })
}

function lenient(line: unknown): unknown {
  try {
    return JSON.parse(String(line))
  } catch {
    return undefined
  }
}
