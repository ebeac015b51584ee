import type { Alert, StackTrace } from '@fixpoint/core'
import { z } from 'zod'
import { alertOf, severityOf } from './alert-parts.ts'
import { count, list, part, truth, words } from './pick.ts'
import { languageOf, MAXIMUM_CHAINED, MAXIMUM_FRAMES, type ToldError, traceOf, unreadLanguage } from './trace-parts.ts'

const Frame = part({
  filename: words(2000),
  abs_path: words(2000),
  absPath: words(2000),
  function: words(500),
  lineno: count(),
  lineNo: count(),
  colno: count(),
  colNo: count(),
  in_app: truth(),
  inApp: truth(),
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
/** Its name, or an object that has it. */
const Release = z.unknown().transform((value) => words(300).parse(value) ?? part({ version: words(300) }).parse(value)?.version)
/** A pair, or an object of a key and a value. */
const Tag = z.unknown().transform((value): readonly [string, string] | undefined => {
  const [name, text] = Array.isArray(value) ? value : [part({ key: words(300) }).parse(value)?.key, part({ value: words(300) }).parse(value)?.value]
  return typeof name === 'string' && typeof text === 'string' ? [name, text.slice(0, 300)] : undefined
})

/** An event as the SDK sent it, and as Sentry's own API (and so its service hook) writes it. */
export const Event = part({
  event_id: words(64),
  issue_id: words(64),
  title: words(1000),
  message: words(8000),
  culprit: words(300),
  platform: words(40),
  level: words(40),
  release: Release,
  environment: words(300),
  datetime: words(64),
  timestamp: words(64),
  project: words(100),
  url: words(2000),
  web_url: words(2000),
  logentry: part({ message: words(8000) }),
  exception: Exceptions,
  stacktrace: Stack,
  tags: list(Tag, 200),
  groupID: words(64),
  dateCreated: words(64),
  entries: list(part({ type: words(40), data: part({ values: list(Thrown, MAXIMUM_CHAINED, 'end'), frames: list(Frame, MAXIMUM_FRAMES, 'end') }) }), 20),
  debug_meta: part({ images: list(part({ type: words(40), code_file: words(2000), debug_id: words(100) }), 200) }),
  'sentry.interfaces.Exception': Exceptions,
  'sentry.interfaces.Stacktrace': Stack,
})
export type Event = NonNullable<z.output<typeof Event>>
type Thrown = NonNullable<z.output<typeof Thrown>>
type Stack = z.output<typeof Stack>

const WITHOUT_TRACE =
  'The event has no stack trace. Pass the error itself to captureException, or set attachStacktrace (JavaScript) or attach_stacktrace (Python) in the SDK.'

export function eventAlert(event: Event): Alert {
  const tags = new Map(event.tags)
  const thrown = thrownBy(event)
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
    fingerprint: (event.issue_id ?? event.groupID) && `sentry:${event.issue_id ?? event.groupID}`,
    occurredAt: event.datetime ?? event.dateCreated ?? event.timestamp,
    url: event.web_url,
    debugIds: (event.debug_meta?.images ?? []).flatMap(({ type, code_file: file, debug_id: id }) =>
      type === 'sourcemap' && file !== undefined && id !== undefined ? [{ file, id }] : [],
    ),
    withoutTrace: unread === undefined ? WITHOUT_TRACE : unreadLanguage(unread),
  })
}

function headline(thrown: Thrown | undefined): string | undefined {
  return thrown && ([thrown.type, thrown.value].filter(Boolean).join(': ') || undefined)
}

/** `…/projects/<organisation>/<project>/events/…` */
function slugIn(url: string | undefined): string | undefined {
  return url === undefined ? undefined : /\/projects\/[\w-]{1,100}\/([\w-]{1,100})\//.exec(url)?.[1]
}

function thrownBy(event: Event): readonly Thrown[] {
  const written = event.entries?.find((entry) => entry.type === 'exception')?.data?.values
  return event.exception?.values ?? event['sentry.interfaces.Exception']?.values ?? written ?? []
}

/** Of an event that is a message. */
function stackAlone(event: Event): Stack {
  const written = event.entries?.find((entry) => entry.type === 'stacktrace')?.data
  return event.stacktrace ?? event['sentry.interfaces.Stacktrace'] ?? (written && { frames: written.frames ?? [] })
}

function tracesOf(event: Event, thrown: readonly Thrown[]): { traces: StackTrace[]; unread?: string } {
  const alone = stackAlone(event)
  const stacks = [...thrown.map((value) => value.stacktrace), alone]
  const language = languageOf(
    event.platform,
    stacks.flatMap((stack) => (stack?.frames ?? []).toReversed().map((frame) => frame.filename ?? frame.abs_path ?? frame.absPath)),
  )
  if (!language) return { traces: [], ...(event.platform !== undefined && stacks.some((stack) => stack?.frames?.length) && { unread: event.platform }) }
  if (thrown.length === 0) {
    const error = { message: event.logentry?.message ?? event.message, frames: framesOf(alone) }
    return { traces: error.frames.length > 0 ? [traceOf(language, error)] : [] }
  }
  const root = thrown.length - 1
  return { traces: [treeOf(root, thrown, (value, causes) => traceOf(language, toldError(value), causes))] }
}

function toldError(value: Thrown): ToldError {
  return { type: value.type, message: value.value, frames: framesOf(value.stacktrace) }
}

function framesOf(stack: Stack): ToldError['frames'] {
  return (stack?.frames ?? []).toReversed().map((frame) => ({
    function: frame.function,
    file: frame.filename,
    absolute: frame.abs_path ?? frame.absPath,
    line: frame.lineno ?? frame.lineNo,
    column: frame.colno ?? frame.colNo,
    own: frame.in_app ?? frame.inApp,
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
