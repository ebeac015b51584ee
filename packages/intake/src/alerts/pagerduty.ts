import type { Hash } from '@fixpoint/core'
import { alertOf, deliveryIdOf, severityOf } from './alert-parts.ts'
import { part, words } from './pick.ts'
import { fromHex, header, hmacHolds, refused, usable } from './proof.ts'
import { safeJson } from './safe-json.ts'
import type { AlertSource, Headers, Normalised, SignedRequest, Verification } from './source.ts'

const Payload = part({
  event: part({
    id: words(100),
    event_type: words(60),
    occurred_at: words(64),
    data: part({
      id: words(64),
      html_url: words(2000),
      incident_key: words(300),
      title: words(1000),
      urgency: words(40),
      priority: part({ summary: words(40) }),
      service: part({ summary: words(300) }),
    }),
  }),
})

/** While a secret is changed, PagerDuty signs with the old and the new one. */
const MAXIMUM_SIGNATURES = 8

const WITHOUT_TRACE =
  'PagerDuty passes on a title, never a trace. Point the tool that raised the incident (Sentry, Datadog, Grafana, OpenTelemetry, …) at Fixpoint as well.'

export const pagerduty: AlertSource = {
  name: 'pagerduty',
  title: 'PagerDuty',
  contentTypes: ['application/json'],
  unsigned: false,
  secret: 'required',
  verify,
  deliveryId,
  normalise,
}

async function verify({ headers, body, secret }: SignedRequest): Promise<Verification> {
  const key = usable(secret)
  if ('why' in key) return refused(key.why)
  const given = header(headers, 'x-pagerduty-signature')
  if (given === undefined) return refused('the header X-PagerDuty-Signature is missing')
  for (const signature of given.split(',', MAXIMUM_SIGNATURES)) {
    const [version, hex] = signature.trim().split('=', 2)
    if (version === 'v1' && (await hmacHolds(key.secret, fromHex(hex), body))) return { verified: true }
  }
  return refused('no signature fits the body')
}

function deliveryId(_: Headers, body: Uint8Array, hash: Hash): string {
  const json = safeJson(body)
  const payload = 'value' in json ? Payload.parse(json.value) : undefined
  return deliveryIdOf(hash, [payload?.event?.id], () => hash(body))
}

function normalise(_: Headers, body: Uint8Array): Normalised {
  const json = safeJson(body)
  if ('malformed' in json) return json
  const event = Payload.parse(json.value)?.event
  if (event?.event_type === undefined) return { malformed: 'The payload has no event.event_type.' }
  if (event.event_type === 'pagey.ping') return { ignored: "PagerDuty's test: the connection works" }
  if (event.event_type !== 'incident.triggered' && event.event_type !== 'incident.reopened')
    return { ignored: `the event ${event.event_type} tells of no new failure` }
  const incident = event.data ?? {}
  const grouping = incident.incident_key ?? incident.id
  const alert = alertOf({
    title: incident.title,
    text: [incident.title],
    severity: severityOf(incident.priority?.summary ?? incident.urgency),
    service: incident.service?.summary,
    fingerprint: grouping && `pagerduty:${grouping}`,
    occurredAt: event.occurred_at,
    url: incident.html_url,
    withoutTrace: WITHOUT_TRACE,
  })
  return { alerts: [alert], leftOut: 0 }
}
