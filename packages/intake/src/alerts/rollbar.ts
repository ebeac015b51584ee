import type { Alert, Hash, StackTrace } from '@fixpoint/core'
import type { z } from 'zod'
import { alertOf, deliveryIdOf, MAXIMUM_TEXT, severityOf } from './alert-parts.ts'
import { count, list, part, words } from './pick.ts'
import { bearer } from './proof.ts'
import { safeJson } from './safe-json.ts'
import type { AlertSource, Headers, Normalised } from './source.ts'
import { chainOf, languageOf, MAXIMUM_CHAINED, MAXIMUM_FRAMES, type ToldError, unreadLanguage } from './trace-parts.ts'

const Frame = part({ filename: words(2000), lineno: count(), colno: count(), method: words(500) })
/** Frames are oldest first: of very many the newest stay. */
const Trace = part({
  frames: list(Frame, MAXIMUM_FRAMES, 'end'),
  exception: part({ class: words(300), message: words(4000) }),
})
const Occurrence = part({
  uuid: words(64),
  language: words(40),
  level: words(40),
  environment: words(300),
  timestamp: words(64),
  code_version: words(300),
  context: words(300),
  body: part({
    trace: Trace,
    // What surfaced is first.
    trace_chain: list(Trace, MAXIMUM_CHAINED),
    message: part({ body: words(MAXIMUM_TEXT) }),
    crash_report: part({ raw: words(MAXIMUM_TEXT) }),
  }),
})
const Item = part({
  id: words(64),
  title: words(1000),
  environment: words(300),
  level: words(40),
  project_id: words(64),
  last_occurrence: Occurrence,
})
const Payload = part({ event_name: words(60), data: part({ item: Item, occurrence: Occurrence }) })
type Occurrence = NonNullable<z.output<typeof Occurrence>>
type Item = NonNullable<z.output<typeof Item>>

const EVENTS = new Set(['new_item', 'reactivated_item', 'reopened_item', 'exp_repeat_item', 'item_velocity', 'occurrence'])
const LEVELS: Readonly<Record<string, string>> = { 10: 'debug', 20: 'info', 30: 'warning', 40: 'error', 50: 'critical' }

const WITHOUT_TRACE =
  'The occurrence has no stack trace. Hand the error itself to the SDK (rollbar.error(error) in JavaScript, rollbar.report_exc_info() in Python) instead of a message.'

export const rollbar: AlertSource = {
  name: 'rollbar',
  title: 'Rollbar',
  contentTypes: ['application/json'],
  unsigned: true,
  secret: 'optional',
  verify: bearer,
  deliveryId,
  normalise,
}

function deliveryId(_: Headers, body: Uint8Array, hash: Hash): string {
  const json = safeJson(body)
  const payload = 'value' in json ? Payload.parse(json.value) : undefined
  return deliveryIdOf(hash, [payload?.event_name, occurrenceOf(payload)?.uuid], () => hash(body))
}

function normalise(_: Headers, body: Uint8Array): Normalised {
  const json = safeJson(body)
  if ('malformed' in json) return json
  const payload = Payload.parse(json.value)
  const event = payload?.event_name
  if (event === undefined) return { malformed: 'The payload has no event_name.' }
  if (event === 'test') return { ignored: "Rollbar's test: the connection works" }
  if (!EVENTS.has(event)) return { ignored: `the event ${event} tells of no new failure` }
  const occurrence = occurrenceOf(payload)
  const item = payload?.data?.item
  if (!item && !occurrence) return { malformed: 'The payload has neither an item nor an occurrence.' }
  return { alerts: [alertFrom(item ?? {}, occurrence ?? {})], leftOut: 0 }
}

function occurrenceOf(payload: z.output<typeof Payload>): Occurrence | undefined {
  return payload?.data?.occurrence ?? payload?.data?.item?.last_occurrence
}

function alertFrom(item: Item, occurrence: Occurrence): Alert {
  const { body } = occurrence
  const chain = body?.trace_chain?.length ? body.trace_chain : body?.trace ? [body.trace] : []
  const errors = chain.map(toldError)
  const language = languageOf(
    occurrence.language,
    errors.flatMap(({ frames }) => frames.map(({ file }) => file)),
  )
  const trace: StackTrace | undefined = language && chainOf(language, errors)
  const level = item.level ?? occurrence.level
  const unread = !language && errors.some(({ frames }) => frames.length > 0) ? occurrence.language : undefined
  return alertOf({
    title: item.title ?? headline(errors[0]) ?? body?.message?.body,
    text: [...errors.map(headline), body?.message?.body, body?.crash_report?.raw, occurrence.context && `in ${occurrence.context}`],
    traces: trace ? [trace] : [],
    severity: severityOf((level !== undefined && Object.hasOwn(LEVELS, level) ? LEVELS[level] : undefined) ?? level),
    service: item.project_id,
    environment: occurrence.environment ?? item.environment,
    release: occurrence.code_version,
    fingerprint: item.id && `rollbar:${item.project_id ?? ''}:${item.id}`,
    occurredAt: occurrence.timestamp,
    url:
      occurrence.uuid !== undefined && /^[0-9a-f-]{32,36}$/.test(occurrence.uuid) ? `https://rollbar.com/occurrence/uuid/?uuid=${occurrence.uuid}` : undefined,
    withoutTrace: unread === undefined ? WITHOUT_TRACE : unreadLanguage(unread),
  })
}

function toldError(trace: NonNullable<z.output<typeof Trace>>): ToldError {
  return {
    type: trace.exception?.class,
    message: trace.exception?.message,
    frames: (trace.frames ?? []).toReversed().map((frame) => ({ function: frame.method, file: frame.filename, line: frame.lineno, column: frame.colno })),
  }
}

function headline(error: ToldError | undefined): string | undefined {
  return error && ([error.type, error.message].filter(Boolean).join(': ') || undefined)
}
