import type { Alert, Hash } from '@fixpoint/core'
import type { z } from 'zod'
import { alertOf, boundedAlerts, deliveryIdOf, severityOf } from './alert-parts.ts'
import { count, list, part, texts, words } from './pick.ts'
import { safeJson } from './safe-json.ts'
import type { Normalised } from './source.ts'

/** What Alertmanager posts, and Grafana after it: alerts that were grouped by their labels. */

/** Labels are free: these are the ones that we read, in the order in which they are asked. */
const SERVICE = ['service', 'service_name', 'app', 'application', 'job'] as const
const ENVIRONMENT = ['environment', 'env', 'deployment_environment'] as const
const RELEASE = ['release', 'version', 'service_version'] as const
const COMMIT = ['commit', 'git_commit', 'revision'] as const
const TRACE = ['stacktrace', 'stack_trace', 'trace'] as const
const Labels = texts(['alertname', 'severity', ...SERVICE, ...ENVIRONMENT, ...RELEASE, ...COMMIT], 300)
const Annotations = texts(['summary', 'description', 'message', ...TRACE, ...RELEASE, ...COMMIT], 64 * 1024)

const One = part({
  status: words(40),
  labels: Labels,
  annotations: Annotations,
  startsAt: words(64),
  generatorURL: words(2000),
  panelURL: words(2000),
  dashboardURL: words(2000),
  fingerprint: words(100),
})
const Group = part({
  status: words(40),
  groupKey: words(2000),
  truncatedAlerts: count(),
  alerts: list(One, 10_000),
})
type One = NonNullable<z.output<typeof One>>

export interface GroupWords {
  readonly source: string
  readonly withoutTrace: string
  /** Why an alert by this name is none, if it is none. */
  idle?(alertname: string): string | undefined
}

/** The group that fires: the same alerts since the same moments are one delivery, however often the notification is repeated. */
export function groupDeliveryId(body: Uint8Array, hash: Hash): string {
  const json = safeJson(body)
  const group = 'value' in json ? Group.parse(json.value) : undefined
  const alerts = group?.alerts ?? []
  if (alerts.length === 0 || alerts.some((alert) => alert.fingerprint === undefined || alert.startsAt === undefined)) return hash(body)
  const told = alerts.map((alert) => `${alert.fingerprint} ${alert.startsAt} ${alert.status ?? ''}`).sort()
  return deliveryIdOf(hash, [hash([group?.groupKey ?? '', ...told].join('\n'))], () => hash(body))
}

export function normaliseGroup(body: Uint8Array, told: GroupWords): Normalised {
  const json = safeJson(body)
  if ('malformed' in json) return json
  const group = Group.parse(json.value)
  if (!group?.alerts || group.alerts.length === 0) return { malformed: 'The payload has no list of alerts.' }
  const firing = group.alerts.filter((alert) => (alert.status ?? group.status) !== 'resolved')
  if (firing.length === 0) return { ignored: 'resolved: nothing fires' }
  const idle = firing.map((alert) => told.idle?.(alert.labels?.alertname ?? ''))
  const real = firing.filter((_, index) => idle[index] === undefined)
  if (real.length === 0) return { ignored: idle.find((why) => why !== undefined) ?? 'nothing fires' }
  const { alerts, leftOut } = boundedAlerts(real, (alert) => alertFrom(alert, group.groupKey, told))
  return { alerts, leftOut: leftOut + (group.truncatedAlerts ?? 0) }
}

/** The name and the group that the owner's `group_by` made of it are what belongs together: an alert's own fingerprint differs by pod and host. */
function alertFrom(one: One, groupKey: string | undefined, told: GroupWords): Alert {
  const labels = one.labels ?? {}
  const annotations = one.annotations ?? {}
  const name = labels.alertname
  return alertOf({
    title: annotations.summary ?? name ?? annotations.message,
    text: [annotations.description, annotations.message, first(annotations, TRACE)],
    severity: severityOf(labels.severity),
    service: first(labels, SERVICE),
    environment: first(labels, ENVIRONMENT),
    release: first(labels, RELEASE) ?? first(annotations, RELEASE),
    commit: first(labels, COMMIT) ?? first(annotations, COMMIT),
    fingerprint:
      name === undefined && groupKey === undefined
        ? one.fingerprint && `${told.source}:${one.fingerprint}`
        : [told.source, name, groupKey].filter(Boolean).join(':'),
    occurredAt: one.startsAt,
    url: one.panelURL ?? one.dashboardURL ?? one.generatorURL,
    withoutTrace: told.withoutTrace,
  })
}

function first<const Name extends string>(from: Partial<Record<string, string>>, names: readonly Name[]): string | undefined {
  for (const name of names) if (from[name] !== undefined) return from[name]
  return undefined
}
