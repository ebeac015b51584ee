import { sentry } from './sentry.ts'
import type { AlertSource } from './source.ts'

/** Adding a source is its file and its line here. */
const ALL: readonly AlertSource[] = [sentry]

export const alertSources: ReadonlyMap<string, AlertSource> = new Map(ALL.map((source) => [source.name, source]))
