import type { Alert, Hash, StackTrace } from '@fixpoint/core'
import type { z } from 'zod'
import { alertOf, severityOf } from './alert-parts.ts'
import { count, list, part, truth, words } from './pick.ts'
import { fromHex, header, hmacHolds, refused, usable } from './proof.ts'
import { safeJson } from './safe-json.ts'
import type { AlertSource, Headers, Normalised, SignedRequest, Verification } from './source.ts'
import { languageOf, MAXIMUM_CHAINED, MAXIMUM_FRAMES, type ToldError, traceOf, unreadLanguage } from './trace-parts.ts'

/** Internal integration, its older name, service hook. */
const SIGNATURES = ['sentry-hook-signature', 'sentry-app-signature', 'x-servicehook-signature', 'x-sentry-hook-signature']

const Frame = part({
  filename: words(2000),
  abs_path: words(2000),
  function: words(500),
  lineno: count(),
  colno: count(),
  in_app: truth(),
})
/** Sentry's frames are oldest first: of very many the newest stay. */
const Stack = part({ frames: list(Frame, MAXIMUM_FRAMES, 'end') })
const Thrown = part({
  type: words(300),
  value: words(4000),
  stacktrace: Stack,
  mechanism: part({ exception_id: count(), parent_id: count(), source: words(100) }),
})
/** The last one surfaced. */
const Exceptions = part({ values: list(Thrown, MAXIMUM_CHAINED, 'end') })
const Event = part({
  event_id: words(64),
  issue_id: words(64),
  title: words(1000),
  message: words(8000),
  culprit: words(300),
  platform: words(40),
  level: words(40),
  release: words(300),
  environment: words(300),
  datetime: words(64),
  timestamp: words(64),
  project: words(100),
  url: words(2000),
  web_url: words(2000),
  logentry: part({ message: words(8000) }),
  exception: Exceptions,
  stacktrace: Stack,
  tags: list(list(words(300), 2), 200),
})
const Issue = part({
  id: words(64),
  title: words(1000),
  culprit: words(300),
  level: words(40),
  platform: words(40),
  web_url: words(2000),
  permalink: words(2000),
  lastSeen: words(64),
  metadata: part({ type: words(300), value: words(4000) }),
  project: part({ slug: words(100), platform: words(40) }),
})
const Payload = part({
  action: words(40),
  data: part({ event: Event, error: Event, issue: Issue }),
  // The legacy hook puts everything at the top.
  id: words(64),
  project: words(100),
  project_slug: words(100),
  level: words(40),
  message: words(8000),
  culprit: words(300),
  url: words(2000),
  event: Event,
})
type Event = NonNullable<z.output<typeof Event>>
type Issue = NonNullable<z.output<typeof Issue>>
type Thrown = NonNullable<z.output<typeof Thrown>>

const WITHOUT_EVENT =
  'Sentry sends no trace with an issue. In the internal integration choose the alert rule action "Send a notification via <your integration>" (resource event_alert), or tick the resource "error".'
const WITHOUT_TRACE =
  'The event has no stack trace. Pass the error itself to captureException, or set attachStacktrace (JavaScript) or attach_stacktrace (Python) in the SDK.'

export const sentry: AlertSource = {
  name: 'sentry',
  title: 'Sentry',
  contentTypes: ['application/json'],
  unsigned: false,
  secret: 'required',
  verify,
  deliveryId,
  normalise: normaliseSentry,
}

/** Sentry signs its own writing of the JSON, which is mostly the bytes it sends; where something between wrote it anew, ours is the same. */
async function verify({ headers, body, secret }: SignedRequest): Promise<Verification> {
  const key = usable(secret)
  if ('why' in key) return refused(key.why)
  const given = SIGNATURES.map((name) => header(headers, name)).find((value) => value !== undefined)
  if (given === undefined) return refused('the header Sentry-Hook-Signature is missing')
  const signature = fromHex(given)
  if (await hmacHolds(key.secret, signature, body)) return { verified: true }
  const written = writtenAnew(body)
  if (written !== undefined && (await hmacHolds(key.secret, signature, new TextEncoder().encode(written)))) return { verified: true }
  return refused('the signature does not fit the body')
}

function writtenAnew(body: Uint8Array): string | undefined {
  const json = safeJson(body)
  return 'value' in json ? JSON.stringify(json.value) : undefined
}

/** Neither `Request-ID` nor the resource is under the signature: who replays a delivery could change them. What is written anew is the same for all writings. */
function deliveryId(_: Headers, body: Uint8Array, hash: Hash): string {
  return hash(writtenAnew(body) ?? body)
}

/** Also for the plug-in that cannot sign. */
export function normaliseSentry(_: Headers, body: Uint8Array): Normalised {
  const json = safeJson(body)
  if ('malformed' in json) return json
  const payload = Payload.parse(json.value)
  const event = payload?.data?.event ?? payload?.data?.error
  if (payload && event) return one(eventAlert(event))
  const issue = payload?.data?.issue
  if (payload && issue) {
    if (payload.action !== 'created' && payload.action !== 'unresolved') return { ignored: `an issue was ${payload.action ?? 'changed'}: nothing new failed` }
    return one(issueAlert(issue))
  }
  if (payload?.event) return one(legacyAlert({ ...payload, event: payload.event }))
  return { ignored: 'neither an event, an error nor an issue' }
}

function one(alert: Alert): Normalised {
  return { alerts: [alert], leftOut: 0 }
}

function legacyAlert(payload: NonNullable<z.output<typeof Payload>> & { event: Event }): Alert {
  const { event } = payload
  return eventAlert({
    ...event,
    issue_id: event.issue_id ?? payload.id,
    title: event.title ?? payload.message,
    culprit: event.culprit ?? payload.culprit,
    level: event.level ?? payload.level,
    web_url: event.web_url ?? payload.url,
    project: payload.project_slug ?? payload.project ?? event.project,
  })
}

function eventAlert(event: Event): Alert {
  const tags = new Map((event.tags ?? []).flatMap(([name, value]) => (name !== undefined && value !== undefined ? [[name, value] as const] : [])))
  const thrown = event.exception?.values ?? []
  const outermost = thrown.at(-1)
  const { traces, unread } = tracesOf(event, thrown)
  return alertOf({
    title: event.title ?? headline(outermost) ?? event.logentry?.message ?? event.message,
    text: [...thrown.toReversed().map(headline), event.logentry?.message ?? event.message, event.culprit && `in ${event.culprit}`],
    traces,
    severity: severityOf(event.level ?? tags.get('level')),
    service: tags.get('service') ?? slugIn(event.url) ?? event.project,
    environment: event.environment ?? tags.get('environment'),
    release: event.release ?? tags.get('release'),
    fingerprint: event.issue_id && `sentry:${event.issue_id}`,
    occurredAt: event.datetime ?? event.timestamp,
    url: event.web_url,
    withoutTrace: unread === undefined ? WITHOUT_TRACE : unreadLanguage(unread),
  })
}

function issueAlert(issue: Issue): Alert {
  const error = [issue.metadata?.type, issue.metadata?.value].filter(Boolean).join(': ')
  return alertOf({
    title: issue.title ?? error,
    text: [error, issue.culprit && `in ${issue.culprit}`],
    severity: severityOf(issue.level),
    service: issue.project?.slug,
    fingerprint: issue.id && `sentry:${issue.id}`,
    occurredAt: issue.lastSeen,
    url: issue.web_url ?? issue.permalink,
    withoutTrace: WITHOUT_EVENT,
  })
}

function headline(thrown: Thrown | undefined): string | undefined {
  return thrown && ([thrown.type, thrown.value].filter(Boolean).join(': ') || undefined)
}

/** `…/projects/<organisation>/<project>/events/…` */
function slugIn(url: string | undefined): string | undefined {
  return url === undefined ? undefined : /\/projects\/[\w-]{1,100}\/([\w-]{1,100})\//.exec(url)?.[1]
}

function tracesOf(event: Event, thrown: readonly Thrown[]): { traces: StackTrace[]; unread?: string } {
  const stacks = [...thrown.map((value) => value.stacktrace), event.stacktrace]
  const language = languageOf(
    event.platform,
    stacks.flatMap((stack) => (stack?.frames ?? []).toReversed().map((frame) => frame.filename ?? frame.abs_path)),
  )
  if (!language) return { traces: [], ...(event.platform !== undefined && stacks.some((stack) => stack?.frames?.length) && { unread: event.platform }) }
  if (thrown.length === 0) {
    const error = { message: event.logentry?.message ?? event.message, frames: framesOf(event.stacktrace) }
    return { traces: error.frames.length > 0 ? [traceOf(language, error)] : [] }
  }
  const root = thrown.length - 1
  return { traces: [treeOf(root, thrown, (value, causes) => traceOf(language, toldError(value), causes))] }
}

function toldError(value: Thrown): ToldError {
  return { type: value.type, message: value.value, frames: framesOf(value.stacktrace) }
}

function framesOf(stack: z.output<typeof Stack>): ToldError['frames'] {
  return (stack?.frames ?? []).toReversed().map((frame) => ({
    function: frame.function,
    file: frame.filename,
    absolute: frame.abs_path,
    line: frame.lineno,
    column: frame.colno,
    own: frame.in_app,
  }))
}

/** By the ids that newer SDKs give (an error group has several children), else each value is the cause of the next. */
function treeOf(root: number, thrown: readonly Thrown[], made: (value: Thrown, causes: StackTrace['causes']) => StackTrace): StackTrace {
  const left = new Set(thrown.keys())
  const build = (at: number): StackTrace => {
    left.delete(at)
    const value = thrown[at] ?? {}
    return made(
      value,
      childrenOf(at).map((child) => ({ relation: relationOf(thrown[child]), trace: build(child) })),
    )
  }
  const childrenOf = (at: number): number[] => {
    const id = thrown[at]?.mechanism?.exception_id
    const children = id === undefined ? [] : [...left].filter((other) => thrown[other]?.mechanism?.parent_id === id).toReversed()
    const next = children.length === 0 && left.has(at - 1) && thrown[at - 1]?.mechanism?.parent_id === undefined ? [at - 1] : children
    for (const child of next) left.delete(child)
    return next
  }
  return build(root)
}

function relationOf(thrown: Thrown | undefined): 'cause' | 'context' | 'member' {
  const source = thrown?.mechanism?.source ?? ''
  if (source.startsWith('errors[') || source.startsWith('exceptions[')) return 'member'
  return source === '__context__' ? 'context' : 'cause'
}
