import type { Alert, Severity } from '@fixpoint/core'
import type { z } from 'zod'
import { alertOf, boundedAlerts, MAXIMUM_TEXT } from './alert-parts.ts'
import { count, list, part, words } from './pick.ts'
import { bearer } from './proof.ts'
import { safeJson } from './safe-json.ts'
import type { AlertSource, Headers, Normalised } from './source.ts'
import { languageOf, unreadLanguage } from './trace-parts.ts'

const Attribute = part({ key: words(200), value: part({ stringValue: words(MAXIMUM_TEXT) }) })
const Attributes = list(Attribute, 1000)
const Log = part({
  timeUnixNano: words(30),
  observedTimeUnixNano: words(30),
  severityNumber: count(),
  eventName: words(200),
  body: part({ stringValue: words(MAXIMUM_TEXT) }),
  attributes: Attributes,
})
const Payload = part({
  resourceLogs: list(
    part({
      resource: part({ attributes: Attributes }),
      scopeLogs: list(part({ logRecords: list(Log, 100_000) }), 10_000),
    }),
    10_000,
  ),
})
type Log = NonNullable<z.output<typeof Log>>

/** Attributes that we read; all others stay where they are. */
const OF_RESOURCE = new Set([
  'service.name',
  'service.version',
  'deployment.environment.name',
  'deployment.environment',
  'vcs.ref.head.revision',
  'vcs.repository.ref.revision',
  'telemetry.sdk.language',
])
const OF_LOG = new Set(['exception.type', 'exception.message', 'exception.stacktrace', 'event.name'])
type Read = ReadonlyMap<string, string>

const ERROR = 17
const FATAL = 21

const WITHOUT_TRACE =
  "The log record has no attribute exception.stacktrace. Log the exception itself (Python: logger.exception(…) through the OpenTelemetry handler; JavaScript: put exception.type, exception.message and exception.stacktrace into the record's attributes)."

export const otlpLogs: AlertSource = {
  name: 'otlp-logs',
  title: 'OpenTelemetry logs (OTLP/HTTP JSON)',
  contentTypes: ['application/json'],
  unsigned: true,
  secret: 'optional',
  verify: bearer,
  deliveryId: (_, body, hash) => hash(body),
  normalise,
  reply: { status: 200, contentType: 'application/json', body: '{}' },
}

function normalise(_: Headers, body: Uint8Array): Normalised {
  const json = safeJson(body)
  if ('malformed' in json) return json
  const payload = Payload.parse(json.value)
  if (!payload?.resourceLogs || payload.resourceLogs.length === 0) return { malformed: 'The payload has no resourceLogs.' }
  const told = payload.resourceLogs.flatMap(({ resource, scopeLogs }) => {
    const origin = picked(resource?.attributes, OF_RESOURCE)
    return (scopeLogs ?? []).flatMap(({ logRecords }) => (logRecords ?? []).map((log) => ({ log, origin, own: picked(log.attributes, OF_LOG) })))
  })
  const errors = told.filter(({ log, own }) => isError(log, own))
  if (errors.length === 0) return { ignored: `none of ${told.length} log records is an error` }
  return boundedAlerts(errors, ({ log, origin, own }) => alertFrom(log, origin, own))
}

function picked(attributes: z.output<typeof Attributes> | undefined, names: ReadonlySet<string>): Read {
  const result = new Map<string, string>()
  for (const { key, value } of attributes ?? []) if (key !== undefined && names.has(key) && value?.stringValue !== undefined) result.set(key, value.stringValue)
  return result
}

function isError(log: Log, own: Read): boolean {
  const named = (log.eventName ?? own.get('event.name')) === 'exception'
  return (log.severityNumber ?? 0) >= ERROR || named || own.has('exception.type') || own.has('exception.stacktrace')
}

function alertFrom(log: Log, origin: Read, own: Read): Alert {
  const error = [own.get('exception.type'), own.get('exception.message')].filter(Boolean).join(': ')
  const language = origin.get('telemetry.sdk.language')
  return alertOf({
    title: error === '' ? log.body?.stringValue : error,
    text: [log.body?.stringValue, own.get('exception.stacktrace') ?? error],
    severity: severity(log.severityNumber ?? 0),
    service: origin.get('service.name'),
    environment: origin.get('deployment.environment.name') ?? origin.get('deployment.environment'),
    release: origin.get('service.version'),
    commit: origin.get('vcs.ref.head.revision') ?? origin.get('vcs.repository.ref.revision'),
    occurredAt: log.timeUnixNano ?? log.observedTimeUnixNano,
    withoutTrace: language !== undefined && own.has('exception.stacktrace') && !languageOf(language, []) ? unreadLanguage(language) : WITHOUT_TRACE,
  })
}

/** An exception that somebody logged as less than an error is one that was seen to. */
function severity(number: number): Severity {
  if (number >= FATAL) return 'fatal'
  if (number >= ERROR || number === 0) return 'error'
  return number >= 13 ? 'warning' : 'info'
}
