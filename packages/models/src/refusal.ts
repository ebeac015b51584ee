import { inert, ModelFailure, type ModelFailureCode, type Usage } from '@fixpoint/core'
import { afterMs } from './retry-after.ts'

/** How an endpoint says no: with a status, or with an error in the middle of its answer. */
export interface Refusal {
  readonly status?: number | undefined
  /** `rate_limit_error`, `insufficient_quota`, … */
  readonly type?: string | undefined
  readonly message: string
  readonly headers?: Headers | undefined
  /** False: it did not answer in the words of its protocol. */
  readonly understood: boolean
}

interface Asked {
  /** `provider/model`. */
  readonly name: string
  readonly now: Date
  readonly usage?: Usage | undefined
}

/** What either protocol calls it. */
const TYPES: Readonly<Record<string, ModelFailureCode>> = {
  authentication_error: 'model-key-refused',
  permission_error: 'model-key-refused',
  invalid_api_key: 'model-key-refused',
  billing_error: 'model-spend-limit',
  insufficient_quota: 'model-spend-limit',
  billing_hard_limit_reached: 'model-spend-limit',
  not_found_error: 'model-unknown',
  model_not_found: 'model-unknown',
  rate_limit_error: 'model-rate-limited',
  rate_limit_exceeded: 'model-rate-limited',
  overloaded_error: 'model-overloaded',
  timeout_error: 'model-overloaded',
  api_error: 'model-overloaded',
  server_error: 'model-overloaded',
  request_too_large: 'model-context-exceeded',
  context_length_exceeded: 'model-context-exceeded',
}

const HINTS: Readonly<Record<ModelFailureCode, string>> = {
  'model-unreachable': 'Check the address and that the endpoint runs: fixpoint models test',
  'model-overloaded': 'Wait a little and go on with fixpoint runs resume, or name another model in the settings.',
  'model-rate-limited': 'Wait, or lower requestsPerMinute, tokensPerMinute and concurrency of the provider in the settings.',
  'model-spend-limit': 'Raise the limit or add credit at the provider; it is not asked again by itself.',
  'model-key-refused': 'Set a valid key in the variable that fixpoint models list names.',
  'model-unknown': 'Correct the name of the model in the settings; the provider lists those that there are.',
  'model-context-exceeded': 'Use a model with a larger context, or tell its true size under models.cards in the settings.',
  'model-malformed': 'Check kind and baseUrl of the provider in the settings: fixpoint models test',
  'model-not-allowed': 'Add its host to models.allow in the settings, if your code may go there.',
}

export function modelFailure(
  code: ModelFailureCode,
  message: string,
  more: ErrorOptions & { readonly againInMs?: number | undefined; readonly usage?: Usage | undefined } = {},
): ModelFailure {
  return new ModelFailure(code, message, HINTS[code], more)
}

export function refusalFailure(refusal: Refusal, { name, now, usage }: Asked): ModelFailure {
  const code = codeOfRefusal(refusal)
  const said = refusal.message.trim() === '' ? 'no reason given' : inert(withoutSecrets(refusal.message), 300)
  const status = refusal.status === undefined ? '' : ` with ${refusal.status}`
  const message = refusal.understood
    ? `${name} was refused${status}: ${said}`
    : `${name}: what answers${status} does not speak the protocol of its kind: ${said}`
  return modelFailure(code, message, { againInMs: afterMs(refusal.headers, now), usage })
}

function codeOfRefusal({ status, type, message, headers, understood }: Refusal): ModelFailureCode {
  const named = type === undefined ? undefined : TYPES[type]
  // A limit of spending comes as a rate limit that names no time.
  if ((status === 429 || named === 'model-rate-limited' || status === 400 || status === 403) && !headers?.has('retry-after') && isAboutMoney(message))
    return 'model-spend-limit'
  if (status === 402) return 'model-spend-limit'
  if (status === 413 || ((status === 400 || status === undefined) && isAboutLength(message))) return 'model-context-exceeded'
  if (status === 404) return understood ? 'model-unknown' : 'model-malformed'
  if (named !== undefined) return named
  if (status === 401 || status === 403) return 'model-key-refused'
  if (status === 429) return 'model-rate-limited'
  return status === 408 || (status !== undefined && status >= 500) ? 'model-overloaded' : 'model-malformed'
}

function isAboutMoney(message: string): boolean {
  return /credit balance|spend(ing)? limit|spend cap|insufficient[ _](quota|credit|funds|balance)|exceeded your current quota|billing/i.test(message)
}

function isAboutLength(message: string): boolean {
  return /prompt is too long|context (length|window|size)|maximum context|too many tokens|exceeds? the (available )?context|input is too long/i.test(message)
}

/** Where an error began: what a client wraps around it says less. */
export function deepestCause(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? deepestCause(error.cause) : error
}

/** What looks like a key, in words of an endpoint. */
export function withoutSecrets(text: string): string {
  return text.replace(/\b(sk|rk|pk|key|gsk|xai|fw)[-_][\w*.-]{6,}/gi, '[key]').replace(/\b(bearer|basic)\s+[\w+/=.~-]{6,}/gi, '$1 [key]')
}
