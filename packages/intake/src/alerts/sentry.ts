import type { Alert, Hash } from '@fixpoint/core'
import { z } from 'zod'
import { alertOf, severityOf } from './alert-parts.ts'
import { part, words } from './pick.ts'
import { fromHex, header, hmacHolds, refused, usable } from './proof.ts'
import { safeJson } from './safe-json.ts'
import { Event, eventAlert } from './sentry-event.ts'
import type { AlertSource, Headers, Normalised, SignedRequest, Verification } from './source.ts'

/** Internal integration, its older name, service hook. */
const SIGNATURES = ['sentry-hook-signature', 'sentry-app-signature', 'x-servicehook-signature', 'x-sentry-hook-signature']

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
/** A name, or an object that has one. */
const Project = z.unknown().transform((value) => words(100).parse(value) ?? part({ slug: words(100) }).parse(value)?.slug)
const Payload = part({
  action: words(40),
  data: part({ event: Event, error: Event, issue: Issue }),
  // The legacy plug-in puts everything at the top; the service hook has parts of its own.
  id: words(64),
  group: part({ id: words(64), title: words(1000), culprit: words(300), level: words(40), url: words(2000) }),
  project: Project,
  project_slug: words(100),
  level: words(40),
  message: words(8000),
  culprit: words(300),
  url: words(2000),
  event: Event,
})
type Issue = NonNullable<z.output<typeof Issue>>

const WITHOUT_EVENT =
  'Sentry sends no trace with an issue. In the internal integration choose the alert rule action "Send a notification via <your integration>" (resource event_alert), or tick the resource "error".'
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
  const { event, group } = payload
  return eventAlert({
    ...event,
    issue_id: event.issue_id ?? group?.id ?? payload.id,
    title: event.title ?? group?.title ?? payload.message,
    culprit: event.culprit ?? group?.culprit ?? payload.culprit,
    level: event.level ?? group?.level ?? payload.level,
    web_url: event.web_url ?? group?.url ?? payload.url,
    project: payload.project_slug ?? payload.project ?? event.project,
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
