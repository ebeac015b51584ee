import { inert, timeLimit } from '@fixpoint/core'

const TIME_MS = 10_000
/** What is read of an answer; nobody needs more to know how it went. */
const ANSWER_BYTES = 64 * 1024
const LONGEST_WAIT_MS = 24 * 3_600_000

/** What came of it. `gone`: the receiver wants nothing any more. */
export type Posted =
  | { readonly kind: 'taken' }
  | { readonly kind: 'gone'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string; readonly notBeforeMs: number }

/** Why nothing is sent to an address; undefined for one that may be used. */
export function refusalOf(address: string): string | undefined {
  if (!URL.canParse(address)) return 'it is no address'
  const { protocol, hostname, username, password } = new URL(address)
  if (username !== '' || password !== '') return 'it holds a user or a password'
  if (protocol === 'https:') return undefined
  if (protocol !== 'http:') return 'it is neither https nor http'
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname) ? undefined : 'it is http, which is for this machine alone'
}

/** Posts JSON once. Follows no redirect, and neither waits nor reads for ever. Throws when the signal is aborted, and for nothing else. */
export async function post(address: string, headers: Readonly<Record<string, string>>, body: string, signal: AbortSignal): Promise<Posted> {
  const refusal = refusalOf(address)
  if (refusal !== undefined) return refused(`its address cannot be used: ${refusal}`)
  const late = timeLimit(TIME_MS)
  try {
    const response = await fetch(address, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/json', 'user-agent': 'Fixpoint', ...headers },
      body,
      signal: AbortSignal.any([signal, late]),
    })
    const said = await wordsOf(response)
    if (response.ok) return { kind: 'taken' }
    if (response.status === 410) return { kind: 'gone', reason: 'it answered 410: it wants nothing any more' }
    if (response.status >= 300 && response.status < 400)
      return refused(`it answered ${response.status}: redirects are not followed, its final address belongs into the settings`)
    return refused(`it answered ${response.status}${said}`, retryAfterMs(response))
  } catch (error) {
    signal.throwIfAborted()
    if (late.aborted) return refused(`it did not answer within ${TIME_MS / 1000} seconds`)
    return refused(`it cannot be reached (${causeOf(error)})`)
  }
}

function refused(reason: string, notBeforeMs = 0): Posted {
  return { kind: 'refused', reason, notBeforeMs }
}

/** One word, as Slack says it (`no_service`); longer answers are a stranger's text. */
async function wordsOf(response: Response): Promise<string> {
  const reader = response.body?.getReader()
  if (reader === undefined) return ''
  const pieces: Uint8Array[] = []
  for (let bytes = 0; bytes < ANSWER_BYTES; ) {
    const { done, value } = await reader.read()
    if (done) break
    bytes += value.byteLength
    pieces.push(value)
  }
  await reader.cancel().catch(() => undefined)
  const text = Buffer.concat(pieces).toString('utf8').trim()
  return /^[a-z_]{1,60}$/.test(text) ? ` (${text})` : ''
}

function retryAfterMs(response: Response): number {
  const seconds = Number(response.headers.get('retry-after') ?? 0)
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, LONGEST_WAIT_MS) : 0
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (!(cause instanceof Error)) return 'unknown'
  return inert('code' in cause && typeof cause.code === 'string' ? cause.code : cause.name, 100)
}
