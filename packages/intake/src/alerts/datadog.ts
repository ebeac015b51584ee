import type { Hash } from '@fixpoint/core'
import type { z } from 'zod'
import { alertOf, deliveryIdOf, MAXIMUM_TEXT, severityOf } from './alert-parts.ts'
import { tolerantFields } from './broken-template.ts'
import { part, words } from './pick.ts'
import { bearer } from './proof.ts'
import { safeJson } from './safe-json.ts'
import type { AlertSource, Headers, Normalised } from './source.ts'

/** The fields of our template (docs/sources/datadog.md). Those that hold prose come last, and the longest one at the very end. */
const Template = part({
  id: words(100),
  transition: words(40),
  severity: words(40),
  cycle: words(200),
  aggregate: words(200),
  monitor: words(100),
  link: words(2000),
  tags: words(4000),
  date: words(64),
  title: words(1000),
  body: words(MAXIMUM_TEXT),
})
type Template = NonNullable<z.output<typeof Template>>

const NAMES = ['source', 'id', 'transition', 'severity', 'cycle', 'aggregate', 'monitor', 'link', 'tags', 'date', 'title', 'body']
/** Tags that we read; all others are hosts, people and customers. */
const TAGS = new Set(['service', 'env', 'version', 'git.commit.sha'])

const WITHOUT_TRACE =
  'Datadog sends what the monitor\'s message says. Use a Logs or Error Tracking monitor and add {{log.attributes.error.stack}} (Error Tracking: {{issue.attributes.error.stack}}) to its message, and keep "$EVENT_MSG" as "body" in the template of the webhook.'

export const datadog: AlertSource = {
  name: 'datadog',
  title: 'Datadog',
  contentTypes: ['application/json'],
  unsigned: true,
  secret: 'optional',
  verify: bearer,
  deliveryId,
  normalise,
}

function deliveryId(_: Headers, body: Uint8Array, hash: Hash): string {
  const told = templateOf(body)
  return 'malformed' in told ? hash(body) : deliveryIdOf(hash, [told.id, told.transition], () => hash(body))
}

function normalise(_: Headers, body: Uint8Array): Normalised {
  const told = templateOf(body)
  if ('malformed' in told) return told
  if (told.title === undefined && told.body === undefined) return { malformed: 'Neither "title" nor "body" of the template is there.' }
  const transition = told.transition?.toLowerCase() ?? ''
  if (transition.includes('recovered')) return { ignored: 'recovered: nothing is wrong any more' }
  if (transition.includes('no data')) return { ignored: 'no data: the monitor sees nothing' }
  const tags = tagsOf(told.tags)
  const grouping = told.aggregate ?? told.cycle ?? told.monitor
  const alert = alertOf({
    title: told.title?.replace(/^\[[^\]]{1,200}\] {0,3}/, ''),
    text: [unwrapped(told.body)],
    severity: severityOf(transition.includes('warn') ? 'warning' : told.severity),
    service: tags.get('service'),
    environment: tags.get('env'),
    release: tags.get('version'),
    commit: tags.get('git.commit.sha'),
    fingerprint: grouping && `datadog:${told.monitor ?? ''}:${grouping}`,
    occurredAt: told.date,
    url: told.link,
    withoutTrace: WITHOUT_TRACE,
  })
  return { alerts: [alert], leftOut: 0 }
}

/** Datadog puts its variables into the template as they are: a quotation mark or a line break in one of them and it is no JSON any more. */
function templateOf(body: Uint8Array): Template | { readonly malformed: string } {
  const json = safeJson(body)
  if ('value' in json) return Template.parse(json.value) ?? { malformed: 'The body is not the template of docs/sources/datadog.md.' }
  const fields = tolerantFields(new TextDecoder().decode(body.subarray(0, 4 * MAXIMUM_TEXT)), NAMES)
  return fields === undefined ? json : (Template.parse(fields) ?? json)
}

function tagsOf(text: string | undefined): Map<string, string> {
  const tags = new Map<string, string>()
  for (const tag of (text ?? '').split(',')) {
    const colon = tag.indexOf(':')
    const name = tag.slice(0, colon).trim()
    if (colon > 0 && TAGS.has(name) && !tags.has(name)) tags.set(name, tag.slice(colon + 1).trim())
  }
  return tags
}

/** Without the marks that tell Datadog to read it as Markdown. */
function unwrapped(text: string | undefined): string | undefined {
  return text?.replaceAll('%%%', '').replaceAll('\\n', '\n').trim()
}
