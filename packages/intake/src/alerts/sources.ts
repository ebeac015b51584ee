import { alertmanager } from './alertmanager.ts'
import { awsSns } from './aws-sns.ts'
import { datadog } from './datadog.ts'
import { generic } from './generic.ts'
import { grafana } from './grafana.ts'
import { otlpLogs } from './otlp-logs.ts'
import { pagerduty } from './pagerduty.ts'
import { rollbar } from './rollbar.ts'
import { sentry } from './sentry.ts'
import { sentryLegacy } from './sentry-legacy.ts'
import type { AlertSource } from './source.ts'

/** Adding a source is its file and its line here. */
const ALL: readonly AlertSource[] = [sentry, sentryLegacy, grafana, alertmanager, datadog, rollbar, pagerduty, awsSns, otlpLogs, generic]

export const alertSources: ReadonlyMap<string, AlertSource> = new Map(ALL.map((source) => [source.name, source]))
