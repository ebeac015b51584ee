import { groupDeliveryId, normaliseGroup } from './alert-group.ts'
import { bearer } from './proof.ts'
import type { AlertSource } from './source.ts'

const WITHOUT_TRACE =
  'Prometheus knows numbers, not traces. Send the errors themselves (Sentry, OpenTelemetry logs or the generic source), or put a trace into the annotation "stacktrace" of the alerting rule.'

export const alertmanager: AlertSource = {
  name: 'alertmanager',
  title: 'Prometheus Alertmanager',
  contentTypes: ['application/json'],
  unsigned: true,
  secret: 'optional',
  verify: bearer,
  deliveryId: (_, body, hash) => groupDeliveryId(body, hash),
  normalise: (_, body) => normaliseGroup(body, { source: 'alertmanager', withoutTrace: WITHOUT_TRACE }),
}
