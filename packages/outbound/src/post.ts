import type { IncomingMessage } from 'node:http'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP } from 'node:net'
import { codeOf, inert, timeLimit } from '@fixpoint/core'
import { isWithin, lookupWithin, OutOfReach, type Reach, type Resolve } from './reach.ts'

const TIME_MS = 10_000
/** What is read of an answer; nobody needs more to know how it went. */
const ANSWER_BYTES = 64 * 1024
const LONGEST_WAIT_MS = 24 * 3_600_000

/** What came of it. `gone`: the receiver wants nothing any more. */
export type Posted =
  | { readonly kind: 'taken' }
  | { readonly kind: 'gone'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string; readonly notBeforeMs: number }

/** What is sent, and how far it may go. */
export interface Post {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly reach: Reach
  /** Instead of this machine's resolver. */
  readonly resolve?: Resolve
}

const THIS_MACHINE = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** Why nothing is sent to an address; undefined for one that may be used. What a name leads to is looked at when something is sent. */
export function refusalOf(address: string, reach: Reach): string | undefined {
  if (!URL.canParse(address)) return 'it is no address'
  const { protocol, hostname, username, password } = new URL(address)
  if (username !== '' || password !== '') return 'it holds a user or a password'
  if (protocol !== 'https:' && protocol !== 'http:') return 'it is neither https nor http'
  const ip = hostname.replace(/^\[|\]$/g, '')
  if (hostname === 'localhost' ? reach === 'internet' : isIP(ip) !== 0 && !isWithin(reach, ip)) return 'it is not an address of the internet'
  return protocol === 'https:' || THIS_MACHINE.test(hostname) ? undefined : 'it is http, which is for this machine alone'
}

/** Posts JSON once. Follows no redirect, and neither waits nor reads for ever. Throws when the signal is aborted, and for nothing else. */
export async function post(address: string, what: Post, signal: AbortSignal): Promise<Posted> {
  const refusal = refusalOf(address, what.reach)
  if (refusal !== undefined) return refused(`its address cannot be used: ${refusal}`)
  const late = timeLimit(TIME_MS)
  try {
    const response = await answerTo(new URL(address), what, AbortSignal.any([signal, late]))
    const said = await wordsOf(response)
    const status = response.statusCode ?? 0
    if (status >= 200 && status < 300) return { kind: 'taken' }
    if (status === 410) return { kind: 'gone', reason: 'it answered 410: it wants nothing any more' }
    if (status >= 300 && status < 400) return refused(`it answered ${status}: redirects are not followed, its final address belongs into the settings`)
    return refused(`it answered ${status}${said}`, retryAfterMs(response))
  } catch (error) {
    signal.throwIfAborted()
    if (late.aborted) return refused(`it did not answer within ${TIME_MS / 1000} seconds`)
    if (error instanceof OutOfReach) return refused(`its address cannot be used: ${error.message}`)
    return refused(`it cannot be reached (${causeOf(error)})`)
  }
}

function answerTo(url: URL, { headers, body, reach, resolve }: Post, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((answer, fail) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'user-agent': 'Fixpoint', ...headers },
      // A connection of its own: one that was opened under another reach is not used again.
      agent: false,
      lookup: lookupWithin(reach, resolve),
      signal,
    })
    request.on('response', answer)
    request.on('error', fail)
    request.end(body)
  })
}

function refused(reason: string, notBeforeMs = 0): Posted {
  return { kind: 'refused', reason, notBeforeMs }
}

/** One word, as Slack says it (`no_service`); longer answers are a stranger's text. */
async function wordsOf(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of response as AsyncIterable<Buffer>) {
    bytes += piece.byteLength
    pieces.push(piece)
    if (bytes >= ANSWER_BYTES) break
  }
  const text = Buffer.concat(pieces).toString('utf8').trim()
  return /^[a-z_]{1,60}$/.test(text) ? ` (${text})` : ''
}

function retryAfterMs({ headers }: IncomingMessage): number {
  const seconds = Number(headers['retry-after'] ?? 0)
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, LONGEST_WAIT_MS) : 0
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (!(cause instanceof Error)) return 'unknown'
  return inert(codeOf(cause) ?? cause.name, 100)
}
