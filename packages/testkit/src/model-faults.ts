import type { ModelFailureCode, ModelReply, ReplyPart } from '@fixpoint/core'
import { aUsage } from './scripted-model.ts'
import type { WireTurn } from './wire-double.ts'

export interface ModelFault {
  readonly turn: WireTurn
  /** What has to become of it: a failure, or a reply like this. */
  readonly failure?: { readonly code: ModelFailureCode; readonly againInMs?: number /** Tokens that are known to be paid for. */; readonly billed?: true }
  readonly reply?: Partial<ModelReply>
}

const text: ReplyPart = { kind: 'text', text: 'The loop ends one item early.' }
const call: ReplyPart = { kind: 'tool-call', id: 'call_1', name: 'edit_file', input: { path: 'src/shop.ts', search: 'index < last', replace: 'index <= last' } }
const refusal = (status: number, type: string, message = '', headers: Readonly<Record<string, string>> = {}): WireTurn => ({
  kind: 'refusal',
  status,
  type,
  message,
  headers,
})
const date = 'Sat, 21 Nov 2026 12:00:00 GMT'

/** Everything that an endpoint of a model is known to do to its callers, in either protocol. */
export const modelFaults: Readonly<Record<string, ModelFault>> = {
  '429 with retry-after in seconds': {
    turn: refusal(429, 'rate_limit_error', 'slow down', { 'retry-after': '7' }),
    failure: { code: 'model-rate-limited', againInMs: 7000 },
  },
  '429 with retry-after as a date': {
    turn: refusal(429, 'rate_limit_error', 'slow down', { date, 'retry-after': 'Sat, 21 Nov 2026 12:00:09 GMT' }),
    failure: { code: 'model-rate-limited', againInMs: 9000 },
  },
  '429 without retry-after': { turn: refusal(429, 'rate_limit_error', 'slow down'), failure: { code: 'model-rate-limited' } },
  '429 for a limit of spending': {
    turn: refusal(429, 'rate_limit_error', 'This request would exceed your workspace spend limit.'),
    failure: { code: 'model-spend-limit' },
  },
  'no credit': { turn: refusal(400, 'invalid_request_error', 'Your credit balance is too low to use this API.'), failure: { code: 'model-spend-limit' } },
  '529 overloaded': { turn: refusal(529, 'overloaded_error', 'Overloaded'), failure: { code: 'model-overloaded' } },
  '500': { turn: refusal(500, 'api_error', 'Internal server error'), failure: { code: 'model-overloaded' } },
  '503 with a page instead of JSON': { turn: { kind: 'raw', status: 503, body: '<html>Service unavailable</html>' }, failure: { code: 'model-overloaded' } },
  'the wrong key': { turn: refusal(401, 'authentication_error', 'invalid x-api-key'), failure: { code: 'model-key-refused' } },
  'a key without the right': { turn: refusal(403, 'permission_error', 'no access'), failure: { code: 'model-key-refused' } },
  'an unknown model': { turn: refusal(404, 'not_found_error', 'model: claude-9'), failure: { code: 'model-unknown' } },
  'a prompt that is too long': {
    turn: refusal(400, 'invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum'),
    failure: { code: 'model-context-exceeded' },
  },
  'a request that is too large': { turn: refusal(413, 'request_too_large', 'too large'), failure: { code: 'model-context-exceeded' } },
  'a request that is refused': { turn: refusal(400, 'invalid_request_error', 'messages: roles must alternate'), failure: { code: 'model-malformed' } },
  'an endpoint that speaks something else': { turn: { kind: 'raw', body: '<!doctype html><title>Sign in</title>' }, failure: { code: 'model-malformed' } },
  'a path that is not there': { turn: { kind: 'raw', status: 404, body: '404 page not found' }, failure: { code: 'model-malformed' } },
  'a redirect to somewhere else': {
    turn: { kind: 'raw', status: 307, body: '', headers: { location: 'http://elsewhere.example/v1' } },
    failure: { code: 'model-not-allowed' },
  },
  'a connection that is hung up': { turn: { kind: 'hang-up' }, failure: { code: 'model-unreachable' } },
  'an endpoint that takes the question and is silent': { turn: { kind: 'silence' }, failure: { code: 'model-overloaded' } },
  'a reply that falls silent': { turn: { kind: 'idle', reply: { content: [text, call] } }, failure: { code: 'model-overloaded', billed: true } },
  'a reply that breaks off in the middle of a tool call': {
    turn: { kind: 'cut', reply: { content: [text, call] } },
    failure: { code: 'model-unreachable', billed: true },
  },
  'HTTP 200, then an error': {
    turn: { kind: 'error-event', type: 'overloaded_error', message: 'Overloaded' },
    failure: { code: 'model-overloaded', billed: true },
  },
  'invalid JSON in a tool call': {
    turn: { kind: 'reply', reply: { content: [{ ...call, input: {}, malformed: '{"path": src/shop.ts}' }] } },
    reply: { content: [{ ...call, input: {}, malformed: '{"path": src/shop.ts}' }], stop: 'tool-calls' },
  },
  'an empty reply': { turn: { kind: 'reply', reply: { content: [] } }, reply: { content: [], stop: 'end' } },
  'a reply that ends at its limit within a tool call': {
    turn: { kind: 'reply', reply: { content: [{ ...call, input: {}, malformed: '{"path": "src/shop.ts", "sea' }], stop: 'output-limit' } },
    reply: { content: [{ ...call, input: {}, malformed: '{"path": "src/shop.ts", "sea' }], stop: 'output-limit' },
  },
  'a reply that is refused': { turn: { kind: 'reply', reply: { content: [], stop: 'refused' } }, reply: { stop: 'refused' } },
  'ten times the usage': {
    turn: { kind: 'reply', reply: { content: [text], usage: aUsage({ inputTokens: 1_000_000, outputTokens: 500_000 }) } },
    reply: { usage: aUsage({ inputTokens: 1_000_000, outputTokens: 500_000 }) },
  },
  'the same passage again and again': {
    turn: { kind: 'endless', text: 'I will look at the file once more, to be sure that it is the right one. ' },
    reply: { stop: 'cut' },
  },
  'a reply without end': { turn: { kind: 'endless', text: 'and another line '.repeat(20), numbered: true }, reply: { stop: 'cut' } },
}
