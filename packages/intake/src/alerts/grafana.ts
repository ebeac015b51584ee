import { groupDeliveryId, normaliseGroup } from './alert-group.ts'
import { bearer, fromHex, header, hmacHolds, isRecent, joinedBytes, refused, usable } from './proof.ts'
import type { AlertSource, SignedRequest, Verification } from './source.ts'

const SIGNATURE = 'x-grafana-alerting-signature'
/** Grafana names no timestamp header by itself: our instructions ask for the first, its examples use the second. */
const TIMESTAMPS = ['x-grafana-alerting-timestamp', 'x-grafana-alerting-signature-timestamp']

const WITHOUT_TRACE =
  'Grafana sends labels and annotations only. Add an annotation named "stacktrace" to the alert rule that holds the trace (for a Loki rule, keep it as a label with a parser stage and write {{ $labels.stacktrace }}), or send the errors themselves by Sentry or OpenTelemetry logs.'

export const grafana: AlertSource = {
  name: 'grafana',
  title: 'Grafana Alerting',
  contentTypes: ['application/json'],
  unsigned: false,
  secret: 'optional',
  verify,
  deliveryId: (_, body, hash) => groupDeliveryId(body, hash),
  normalise: (_, body) => normaliseGroup(body, { source: 'grafana', withoutTrace: WITHOUT_TRACE, idle }),
}

/** Signing is a choice of the contact point. With a secret it has to sign, or to send it as a bearer; without one the ingest key alone vouches. */
async function verify(request: SignedRequest): Promise<Verification> {
  const given = header(request.headers, SIGNATURE)
  if (request.secret === undefined || given === undefined) return bearer(request)
  const key = usable(request.secret)
  if ('why' in key) return refused(key.why)
  const time = TIMESTAMPS.map((name) => header(request.headers, name)).find((value) => value !== undefined)
  if (time !== undefined && !isRecent(time, request.now)) return refused('the timestamp is more than five minutes away')
  const signed = time === undefined ? request.body : joinedBytes(`${time}:`, request.body)
  return (await hmacHolds(key.secret, fromHex(given), signed)) ? { verified: true } : refused('the signature does not fit the body')
}

function idle(alertname: string): string | undefined {
  if (alertname === 'TestAlert') return "Grafana's test notification: the connection works"
  if (alertname === 'DatasourceError' || alertname === 'DatasourceNoData')
    return `Grafana could not evaluate a rule (${alertname}): its own trouble, not the application's`
  return undefined
}
