import { type Alert, type BugReport, reveal, type StackTrace } from '@fixpoint/core'
import { groupKey } from '../group-key.ts'
import { withoutPersonalValues } from '../personal-values.ts'
import { redact } from '../redact.ts'
import { reportFrom } from '../report-from.ts'
import { hasFrames } from './trace-parts.ts'

/** Traces where they were written, for those of minified files. */
export type Originals = (traces: readonly StackTrace[]) => Promise<readonly StackTrace[]>

export interface ReportOptions {
  readonly originals?: Originals
  /** Fields whose values their owner allows to be kept. */
  readonly allowedFields?: readonly string[]
}

/**
 * What an alert told as a report, without secrets and without values that may be about a person. Its structured traces stand; without them
 * those that its text prints.
 */
export async function reportOfAlert(alert: Alert, { originals, allowedFields = [] }: ReportOptions = {}): Promise<BugReport> {
  const allowed = new Set(allowedFields)
  const impersonal = (told: string) => withoutPersonalValues(told, allowed)
  const title = impersonal(reveal(alert.title).trim() || 'An alert without words')
  const text = impersonal(reveal(alert.text))
  const composed = text.trimStart().startsWith(title) ? text : `${title}\n\n${text}`
  const report = await reportFrom(composed.replaceAll('\0', '\ufffd'), 'webhook')
  // Only bytes are refused as binary, and a title is always something to read.
  if ('refused' in report) throw new TypeError(report.hint)
  const structured = await redactedTraces(alert.traces.map((trace) => withTexts(trace, impersonal)))
  const told = [structured.traces, report.traces]
  const found = told.find((some) => some.some(hasFrames)) ?? told.find((some) => some.length > 0) ?? []
  const traces = originals === undefined ? found : [...(await originals(found))]
  const redactedTitle = (await redact(title)).text
  const revision = alert.commit ?? alert.release ?? report.revision
  return {
    ...report,
    title: { untrusted: redactedTitle },
    traces,
    ...(revision !== undefined && { revision }),
    groupKey: groupKey(keyParts(alert, traces, redactedTitle, report)),
    redactions: report.redactions + structured.redactions,
  }
}

/** Whether the report names a place in a file: what a run needs to begin with. */
export function hasTrace(report: BugReport): boolean {
  return report.traces.some(hasFrames)
}

/** By its trace, so that one defect is one report whoever tells of it; else by the source's own grouping, else by what it says. */
function keyParts(alert: Alert, traces: readonly StackTrace[], title: string, report: BugReport): Parameters<typeof groupKey>[0] {
  if (traces.some(hasFrames)) return { traces, title, checks: report.checks }
  const service = alert.service ?? ''
  if (alert.fingerprint !== undefined) return { traces: [], title: '', also: [service, alert.fingerprint] }
  return { traces: [], title, checks: report.checks, also: [service] }
}

async function redactedTraces(traces: readonly StackTrace[]): Promise<{ traces: StackTrace[]; redactions: number }> {
  const clean = new Map<string, string>()
  for (const text of traces.flatMap(textsOf)) clean.set(text, text)
  const redactions = await redactAll(clean)
  return { traces: traces.map((trace) => withTexts(trace, (text) => clean.get(text) ?? text)), redactions }
}

const BETWEEN = '\n\u241e\n'

/** All texts in one go; one by one when something between two of them was taken for a secret. */
async function redactAll(texts: Map<string, string>): Promise<number> {
  const keys = [...texts.keys()]
  const whole = await redact(keys.join(BETWEEN))
  if (whole.redactions === 0) return 0
  const parts = whole.text.split(BETWEEN)
  if (parts.length === keys.length) {
    for (const [index, key] of keys.entries()) texts.set(key, parts[index] ?? key)
    return whole.redactions
  }
  let redactions = 0
  for (const key of keys) {
    const one = await redact(key)
    texts.set(key, one.text)
    redactions += one.redactions
  }
  return redactions
}

function textsOf(trace: StackTrace): string[] {
  const frames = trace.frames.flatMap((frame) => [frame.file, frame.function])
  const own = [trace.errorType, trace.message, ...frames].filter((text): text is string => text !== undefined)
  return [...own, ...trace.causes.flatMap((cause) => textsOf(cause.trace))]
}

function withTexts(trace: StackTrace, clean: (text: string) => string): StackTrace {
  return {
    ...trace,
    ...(trace.errorType !== undefined && { errorType: clean(trace.errorType) }),
    ...(trace.message !== undefined && { message: clean(trace.message) }),
    frames: trace.frames.map((frame) => ({
      ...frame,
      ...(frame.file !== undefined && { file: clean(frame.file) }),
      ...(frame.function !== undefined && { function: clean(frame.function) }),
    })),
    causes: trace.causes.map((cause) => ({ ...cause, trace: withTexts(cause.trace, clean) })),
  }
}
