import { type Alert, type Hash, inert, type Severity, type StackTrace, untrusted } from '@fixpoint/core'
import { parseStackTraces } from '../stack-traces.ts'
import { hasFrames } from './trace-parts.ts'

export const MAXIMUM_ALERTS = 100
const MAXIMUM_TITLE = 300
export const MAXIMUM_TEXT = 64 * 1024

/** What a source told, before it is an `Alert`: texts as they came. */
export interface Told {
  readonly title: string | undefined
  readonly text?: readonly (string | undefined)[]
  readonly traces?: readonly StackTrace[]
  readonly severity?: Severity
  readonly service?: string | undefined
  readonly repository?: string | undefined
  readonly environment?: string | undefined
  readonly release?: string | undefined
  readonly commit?: string | undefined
  readonly fingerprint?: string | undefined
  readonly occurredAt?: string | number | undefined
  readonly debugIds?: Alert['debugIds']
  readonly url?: string | undefined
  /** What to say when neither the structure nor the text holds a frame. */
  readonly withoutTrace: string
}

export function alertOf(told: Told): Alert {
  const text = joinedText(told.text ?? [])
  const traces = [...(told.traces ?? [])]
  const framed = traces.some(hasFrames) || parseStackTraces(text).some(hasFrames)
  const named = {
    service: nameOf(told.service),
    repository: repositoryOf(told.repository),
    environment: nameOf(told.environment),
    release: nameOf(told.release),
    commit: commitOf(told.commit) ?? commitIn(told.release),
    fingerprint: nameOf(told.fingerprint),
    occurredAt: timeOf(told.occurredAt),
    url: urlOf(told.url),
  }
  return {
    title: untrusted(titleOf(told.title, text)),
    text: untrusted(text),
    traces,
    severity: told.severity ?? 'error',
    ...(Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)) as Partial<Alert>),
    ...(told.debugIds !== undefined && told.debugIds.length > 0 && { debugIds: [...told.debugIds] }),
    missing: framed ? [] : [told.withoutTrace],
  }
}

function joinedText(parts: readonly (string | undefined)[]): string {
  const kept = [...new Set(parts.filter((part): part is string => part !== undefined && part.trim() !== ''))]
  return kept.join('\n\n').slice(0, MAXIMUM_TEXT)
}

function titleOf(title: string | undefined, text: string): string {
  const line = [title, text].map((candidate) => candidate?.trimStart().split('\n', 1)[0]?.trim()).find((candidate) => candidate)
  return inert((line ?? 'An alert without words').slice(0, MAXIMUM_TITLE), MAXIMUM_TITLE)
}

/** A name of the settings or of a release: one line. */
export function nameOf(text: string | undefined): string | undefined {
  const name = text?.trim().slice(0, MAXIMUM_TITLE)
  return name === undefined || name === '' ? undefined : inert(name.replaceAll('\n', ' '), MAXIMUM_TITLE)
}

/** `shop` or `acme/shop`: a name, never a path or an address. */
function repositoryOf(text: string | undefined): string | undefined {
  return text !== undefined && text.length <= 200 && /^[A-Za-z0-9_][\w.-]*(\/[A-Za-z0-9_][\w.-]*)?$/.test(text) ? text : undefined
}

function commitOf(text: string | undefined): string | undefined {
  const commit = text?.trim().toLowerCase()
  return commit !== undefined && /^[0-9a-f]{7,64}$/.test(commit) ? commit : undefined
}

/** A release that is a commit (`9fceb02…`), or ends in a whole one (`shop@9fceb02…`). Seven digits alone are a build number. */
function commitIn(release: string | undefined): string | undefined {
  const last = release?.trim().split(/[@+]/).at(-1)?.toLowerCase()
  if (last === undefined || !/^[0-9a-f]{7,64}$/.test(last)) return undefined
  return last.length === 40 || last.length === 64 || (last === release?.trim().toLowerCase() && /[a-f]/.test(last) && /\d/.test(last)) ? last : undefined
}

/** Only addresses that a browser may be sent to, without the user and password somebody may have left in it. */
export function urlOf(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 2000 || !URL.canParse(text)) return undefined
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined
  url.username = ''
  url.password = ''
  return url.href.length > 2000 ? undefined : url.href
}

/** ISO text, or seconds, milliseconds or nanoseconds since 1970; nothing when it is no time of this century. */
export function timeOf(value: string | number | undefined): string | undefined {
  const number = typeof value === 'number' ? value : value !== undefined && /^\d{9,19}(\.\d{1,9})?$/.test(value) ? Number(value) : undefined
  const milliseconds = number === undefined ? Date.parse(typeof value === 'string' && value.length < 64 ? value : '') : inMilliseconds(number)
  if (!(milliseconds > Date.UTC(2000) && milliseconds < Date.UTC(2100))) return undefined
  // Nanoseconds are more than a number holds exactly.
  return new Date(Math.round(milliseconds)).toISOString()
}

function inMilliseconds(number: number): number {
  if (number < 1e11) return 1000 * number
  return number < 1e14 ? number : number / 1e6
}

const SEVERITIES: Readonly<Record<string, Severity>> = {
  ...over('fatal', ['fatal', 'critical', 'crit', 'emergency', 'emerg', 'panic', 'page', 'p1', 'sev1']),
  ...over('error', ['error', 'err', 'major', 'high', 'alert', 'p2', 'sev2']),
  ...over('warning', ['warning', 'warn', 'minor', 'medium', 'low', 'p3', 'p4', 'sev3', 'sev4']),
  ...over('info', ['info', 'information', 'informational', 'notice', 'debug', 'trace', 'none', 'success', 'p5', 'sev5']),
}

function over(severity: Severity, names: readonly string[]): Record<string, Severity> {
  return Object.fromEntries(names.map((name) => [name, severity]))
}

/** The source's word for it; `error` when it has none that we know. */
export function severityOf(word: string | undefined): Severity {
  const name = word?.trim().toLowerCase() ?? ''
  return (Object.hasOwn(SEVERITIES, name) ? SEVERITIES[name] : undefined) ?? 'error'
}

/** At most `MAXIMUM_ALERTS` of the alerts that the members tell, each once, and how many members were not looked at beyond that. */
export function boundedAlerts<Member>(members: readonly Member[], alertFrom: (member: Member) => Alert): { alerts: Alert[]; leftOut: number } {
  const alerts = new Map<string, Alert>()
  for (const [index, member] of members.entries()) {
    if (alerts.size >= MAXIMUM_ALERTS) return { alerts: [...alerts.values()], leftOut: members.length - index }
    const alert = alertFrom(member)
    const { occurredAt: _, ...same } = alert
    const key = JSON.stringify(same)
    if (!alerts.has(key)) alerts.set(key, alert)
  }
  return { alerts: [...alerts.values()], leftOut: 0 }
}

/** An id of the source's own, or the digest of what it is made of when that is no short plain text. */
export function deliveryIdOf(hash: Hash, parts: readonly (string | undefined)[], otherwise: () => string): string {
  if (parts.some((part) => part === undefined || part === '')) return otherwise()
  const id = parts.join(':')
  return /^[\x21-\x7e]{1,200}$/.test(id) ? id : hash(id)
}
