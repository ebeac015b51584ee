import type { BugReport, MappedFrame, ReportedCheck, SourceSnapshot, StackTrace, TestFailure, TestResult } from '@fixpoint/core'
import { frameMapper, shortFunctionName } from './map-frames.ts'
import { normalMessage } from './normal-message.ts'
import { parseStackTraces } from './stack-traces.ts'

export interface Match {
  readonly matched: boolean
  /** One sentence for people. */
  readonly why: string
}

/** Whether a report says what went wrong: frames alone (a runner that prints a difference in place of an error) do not. */
export function namesError(report: Pick<BugReport, 'traces'>): boolean {
  return report.traces.flatMap(withCauses).some(saysError)
}

function saysError(trace: StackTrace): boolean {
  return trace.errorType !== undefined || trace.message !== undefined
}

type NamedTest = Pick<TestResult, 'file' | 'path'>

/**
 * Whether a failure is the one that was reported: the same error type, the same normalised message, and the same function of the same
 * repository file as innermost frame. A cause counts as its wrapper does. Where the report names no error, the failure of a test that it
 * names defines it; pass that test.
 */
export function matches(report: BugReport, source: SourceSnapshot, failure: TestFailure, test?: NamedTest): Match {
  return matcher(report, source)(failure, test)
}

/** `matches` for many failures: the report and the tree are read once. Frames in files that are `placeless` (tests, say) are no places. */
export function matcher(
  report: BugReport,
  source: SourceSnapshot,
  { placeless = () => false }: { readonly placeless?: (path: string) => boolean } = {},
): (failure: TestFailure, test?: NamedTest) => Match {
  const mapAll = frameMapper(source)
  const map = (trace: StackTrace) => mapAll(trace).filter(({ path }) => !placeless(path))
  const wanted = report.traces
    .flatMap(withCauses)
    .filter(saysError)
    .map((trace) => ({ trace, place: map(trace)[0] }))
  return (failure, test) => {
    if (wanted.length === 0) return namedMatch(report, test)
    const seen = failureTraces(failure).map((trace) => ({ trace, place: map(trace)[0] }))
    let closest = { matched: false, why: 'the failure names no error', closeness: -1 }
    for (const one of wanted) {
      for (const other of seen) {
        const result = compared(one, other)
        if (result.matched) return { matched: true, why: result.why }
        if (result.closeness > closest.closeness) closest = result
      }
    }
    return { matched: false, why: closest.why }
  }
}

/** An error and its innermost frame in the repository, if it has one. */
interface Placed {
  readonly trace: StackTrace
  readonly place: MappedFrame | undefined
}

/** Whether a test is the one that a report names: by file, when it says one, and by the end of its name. */
export function namesTest(check: ReportedCheck, test: NamedTest): boolean {
  if (check.kind !== 'test') return false
  if (check.file !== undefined && !sameEnd(check.file, test.file)) return false
  const wanted = nameWords(check.name)
  const actual = nameWords([test.file, ...test.path].join(' '))
  if (wanted === '' || !actual.endsWith(wanted)) return false
  const own = nameWords(test.path.at(-1) ?? '')
  // The end of a name must not be a part of a word, nor less than the test's own name.
  return wanted.length >= own.length && (actual.length === wanted.length || actual[actual.length - wanted.length - 1] === ' ')
}

function namedMatch(report: BugReport, test: NamedTest | undefined): Match {
  const tests = report.checks.filter((check) => check.kind === 'test')
  if (tests.length === 0) return { matched: false, why: 'the report names neither an error nor a test' }
  if (test && tests.some((check) => namesTest(check, test))) return { matched: true, why: 'the report names this test and no error' }
  return { matched: false, why: 'the report names no error, and another test than this one' }
}

function withCauses(trace: StackTrace): StackTrace[] {
  return [trace, ...trace.causes.flatMap((cause) => withCauses(cause.trace))]
}

/** The errors in a failure: those in its stack, and what the runner says of it. */
function failureTraces(failure: TestFailure): StackTrace[] {
  const parsed = parseStackTraces(failure.stack).flatMap(withCauses)
  const first = parsed[0]
  const type = failure.errorType ?? first?.errorType
  const own: StackTrace = {
    language: first?.language ?? 'javascript',
    ...(type !== undefined && { errorType: type }),
    message: failure.message,
    frames: first?.frames ?? [],
    causes: [],
  }
  return [own, ...parsed]
}

function compared({ trace: wanted, place: there }: Placed, { trace: actual, place: here }: Placed): Match & { closeness: number } {
  const differs = (why: string, closeness: number) => ({ matched: false, why, closeness })
  if (isAssertion(actual) && !isAssertion(wanted)) return differs(`an assertion failed, where ${nameOf(wanted)} was reported`, 0)
  if (!sameType(wanted.errorType, actual.errorType)) return differs(`${nameOf(actual)} is not the reported ${nameOf(wanted)}`, 1)
  if (!sameMessage(wanted, actual)) return differs(`another message: "${normalMessage(actual.message)}" instead of "${normalMessage(wanted.message)}"`, 2)
  if (!there) return { matched: true, why: `same ${nameOf(wanted)} and message; no frame of the report lies in the repository`, closeness: 9 }
  if (!here) return differs(`same ${nameOf(wanted)} and message, but the failure has no frame in the repository`, 3)
  const place = samePlace(there, here)
  if (!place) return differs(`same ${nameOf(wanted)} and message, but in ${placeOf(here)} instead of ${placeOf(there)}`, 4)
  return { matched: true, why: `same ${nameOf(wanted)} and message in ${place}`, closeness: 9 }
}

function sameType(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return true
  return lastName(one) === lastName(other)
}

function lastName(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1)
}

const MENTION_LONG_ENOUGH = 12

/** A report without frames quotes a message, perhaps with words around it or cut short. */
function sameMessage(wanted: StackTrace, actual: StackTrace): boolean {
  const one = normalMessage(wanted.message)
  const other = normalMessage(actual.message)
  if (one === other || fitsGaps(one.split(MASKS), other) || isShortened(one, other) || isShortened(other, one)) return true
  if (wanted.errorType !== undefined && actual.errorType !== undefined && stripType(other, actual.errorType) === one) return true
  if (wanted.frames.length > 0) return false
  return one.length >= MENTION_LONG_ENOUGH && other.length >= MENTION_LONG_ENOUGH && (one.startsWith(other) || other.startsWith(one))
}

const MASKS = /\[redacted:[\w-]{1,40}\]/

/** What a runner leaves out of the middle of a long value, as pytest does: `[Correction(s...on='surplus')]`. */
function isShortened(short: string, whole: string): boolean {
  return short.length >= MENTION_LONG_ENOUGH && fitsGaps(short.split('...'), whole)
}

/** Whether the parts stand in the text in their order, the first and the last at its ends. What lay between (a secret that was taken out, say) may be anything. */
function fitsGaps(parts: readonly string[], text: string): boolean {
  const [first = '', last = ''] = [parts[0], parts.at(-1)]
  if (parts.length < 2 || !text.startsWith(first) || !text.endsWith(last)) return false
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at + last.length <= text.length
}

function stripType(message: string, type: string): string {
  return message.startsWith(`${type}: `) ? message.slice(type.length + 2) : message
}

function isAssertion(trace: StackTrace): boolean {
  const type = lastName(trace.errorType ?? '')
  if (type.endsWith('AssertionError')) return true
  const message = trace.message ?? ''
  return message.startsWith('expect(') || message.startsWith('expected ')
}

/** The place in words when both frames are in the same function of the same file, or on the same line of it: transpilers and runners name functions as they like. */
function samePlace(one: MappedFrame, other: MappedFrame): string | undefined {
  if (one.path !== other.path) return undefined
  const name = shortFunctionName(one.function)
  const otherName = shortFunctionName(other.function)
  if (name !== undefined && name === otherName) return `${name} of ${one.path}`
  if (one.line !== undefined && other.line !== undefined) return one.line === other.line ? `${one.path}:${one.line}` : undefined
  return name === undefined || otherName === undefined ? one.path : undefined
}

function nameOf(trace: StackTrace): string {
  return trace.errorType ?? 'error'
}

function placeOf(frame: MappedFrame): string {
  const name = shortFunctionName(frame.function)
  return `${name === undefined ? '' : `${name} of `}${frame.path}${frame.line === undefined ? '' : `:${frame.line}`}`
}

function sameEnd(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one]
  const end = short.startsWith('./') ? short.slice(2) : short
  return long === end || long.endsWith(`/${end}`)
}

/** Names are joined by ` > `, ` › `, `::` or spaces, by runner: compared as words. */
function nameWords(name: string): string {
  return name
    .replaceAll('::', ' ')
    .split(/\s+/)
    .filter((word) => word !== '' && word !== '>' && word !== '›' && word !== '»')
    .join(' ')
    .replace(/:$/, '')
}
