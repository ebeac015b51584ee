import type { Alert, Hash, StackTrace, TraceLanguage } from '@fixpoint/core'
import type { z } from 'zod'
import { alertOf, boundedAlerts, deliveryIdOf, MAXIMUM_TEXT, severityOf } from './alert-parts.ts'
import { count, list, part, truth, words } from './pick.ts'
import { bearer, fromBase64, header, hmacHolds, isRecent, joinedBytes, MINIMUM_SECRET, refused, usable } from './proof.ts'
import { safeJson } from './safe-json.ts'
import type { AlertSource, Headers, Normalised, SignedRequest, Verification } from './source.ts'
import { chainOf, languageOf, MAXIMUM_CHAINED, MAXIMUM_FRAMES, type ToldError, unreadLanguage } from './trace-parts.ts'

const Frame = part({ file: words(2000), line: count(), column: count(), function: words(500), async: truth() })
const Thrown = part({ type: words(300), message: words(4000), frames: list(Frame, MAXIMUM_FRAMES) })
const Payload = part({
  title: words(1000),
  message: words(MAXIMUM_TEXT),
  stacktrace: words(MAXIMUM_TEXT),
  /** From what surfaced to what began it; frames innermost first. */
  errors: list(Thrown, MAXIMUM_CHAINED),
  language: words(40),
  severity: words(40),
  repo: words(200),
  service: words(300),
  environment: words(300),
  release: words(300),
  commit: words(64),
  fingerprint: words(280),
  occurredAt: words(64),
  url: words(2000),
})
type Payload = NonNullable<z.output<typeof Payload>>

const WITHOUT_TRACE =
  'The JSON holds no stack trace. Send it as text in "stacktrace" (error.stack in JavaScript, traceback.format_exc() in Python), or as frames in "errors".'

export const generic: AlertSource = {
  name: 'generic',
  title: 'Your own JSON (Standard Webhooks)',
  contentTypes: ['application/json'],
  unsigned: false,
  secret: 'required',
  verify,
  deliveryId,
  normalise,
}

const MAXIMUM_SIGNATURES = 8

/** Standard Webhooks; or, where signing is out of reach, the secret itself as a bearer. */
async function verify(request: SignedRequest): Promise<Verification> {
  const key = usable(request.secret)
  if ('why' in key) return refused(key.why)
  const given = header(request.headers, 'webhook-signature')
  if (given === undefined) return header(request.headers, 'authorization') === undefined ? refused('the header webhook-signature is missing') : bearer(request)
  const id = header(request.headers, 'webhook-id')
  const time = header(request.headers, 'webhook-timestamp')
  if (id === undefined || time === undefined) return refused(`the header ${id === undefined ? 'webhook-id' : 'webhook-timestamp'} is missing`)
  if (!isRecent(time, request.now)) return refused('the timestamp is more than five minutes away')
  const bytes = keyBytes(key.secret)
  if (bytes === undefined) return refused(`the secret behind whsec_ is no Base64 of at least ${MINIMUM_SECRET} bytes`)
  const signed = joinedBytes(`${id}.${time}.`, request.body)
  for (const signature of given.split(' ', MAXIMUM_SIGNATURES)) {
    const [version, base64] = signature.split(',', 2)
    if (version === 'v1' && (await hmacHolds(bytes, fromBase64(base64), signed))) return { verified: true }
  }
  return refused('no signature fits the body')
}

/** `whsec_` is followed by the key in Base64; any other text is the key itself. */
function keyBytes(secret: string): Uint8Array | undefined {
  if (!secret.startsWith('whsec_')) return new TextEncoder().encode(secret)
  const bytes = fromBase64(secret.slice('whsec_'.length))
  return bytes !== undefined && bytes.length >= MINIMUM_SECRET ? bytes : undefined
}

/** The id is under the signature; behind a bearer it is the sender's word, who is trusted as a whole. */
function deliveryId(headers: Headers, body: Uint8Array, hash: Hash): string {
  return deliveryIdOf(hash, [header(headers, 'webhook-id')], () => hash(body))
}

function normalise(_: Headers, body: Uint8Array): Normalised {
  const json = safeJson(body)
  if ('malformed' in json) return json
  const members: readonly unknown[] = Array.isArray(json.value) ? json.value : [json.value]
  const told = members.map((member) => Payload.parse(member)).filter((member): member is Payload => member !== undefined && saysSomething(member))
  if (told.length === 0) return { malformed: 'Nothing is told: "title", "message", "stacktrace" or "errors" must say what failed.' }
  return boundedAlerts(told, genericAlert)
}

export function genericAlertOf(value: unknown): Alert | undefined {
  const told = Payload.parse(value)
  return told && saysSomething(told) ? genericAlert(told) : undefined
}

function saysSomething(told: Payload): boolean {
  return (told.title ?? told.message ?? told.stacktrace ?? told.errors?.find((error) => error.type ?? error.message)) !== undefined
}

function genericAlert(told: Payload): Alert {
  const errors: ToldError[] = (told.errors ?? []).map((error) => ({ type: error.type, message: error.message, frames: error.frames ?? [] }))
  const language: TraceLanguage | undefined = languageOf(
    told.language,
    errors.flatMap(({ frames }) => frames.map(({ file }) => file)),
  )
  const trace: StackTrace | undefined = language && chainOf(language, errors)
  const headlines = errors.map((error) => [error.type, error.message].filter(Boolean).join(': '))
  return alertOf({
    title: told.title ?? told.message ?? headlines[0],
    text: [told.message, told.stacktrace, ...headlines],
    traces: trace ? [trace] : [],
    severity: severityOf(told.severity),
    repository: told.repo,
    service: told.service,
    environment: told.environment,
    release: told.release,
    commit: told.commit,
    fingerprint: told.fingerprint && `generic:${told.fingerprint}`,
    occurredAt: told.occurredAt,
    url: told.url,
    withoutTrace: language === undefined && told.language !== undefined ? unreadLanguage(told.language) : WITHOUT_TRACE,
  })
}
