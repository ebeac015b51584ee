import type { ReportedCheck, StackFrame, StackTrace } from '@fixpoint/core'
import { shortFunctionName } from './map-frames.ts'
import { normalMessage } from './normal-message.ts'

const FRAMES_COMPARED = 5

/**
 * One key for a thousand alerts about one defect, from the payload alone: error type, normalised message, and the innermost frames of the
 * application by function and file name. Line numbers, hosts, folders and values of one occurrence do not count. 16 hexadecimal characters.
 */
export function groupKey(parts: {
  traces: readonly StackTrace[]
  title: string
  checks?: readonly ReportedCheck[]
  /** Where there is no trace: names that tell groups apart, taken as they are. */
  also?: readonly string[]
}): string {
  const trace = parts.traces[0]
  const words = trace ? traceWords(trace) : ['no trace', normalMessage(parts.title).toLowerCase(), ...testNames(parts.checks ?? []), ...(parts.also ?? [])]
  return fingerprint(words.join('\n'))
}

/**
 * The key of a defect where it was seen: the same error in two repositories is two defects. While a service is not mapped to its repository,
 * the service stands for it.
 */
export function groupKeyAt(key: string, { repository, service }: { readonly repository?: string | undefined; readonly service?: string | undefined }): string {
  if (repository !== undefined) return fingerprint(`repository\n${repository}\n${key}`)
  return service === undefined ? key : fingerprint(`service\n${service}\n${key}`)
}

function traceWords(trace: StackTrace): string[] {
  const words = [trace.language, trace.errorType ?? '', normalMessage(trace.message), ...placeWords(trace)]
  for (const { trace: cause } of trace.causes.slice(0, 3))
    words.push('by', cause.errorType ?? '', normalMessage(cause.message), ...placeWords(cause).slice(0, 2))
  return words
}

function placeWords(trace: StackTrace): string[] {
  const own = trace.frames.filter((frame) => frame.place === 'code')
  const frames = own.length > 0 ? own : trace.frames.filter((frame) => frame.file !== undefined)
  return frames.slice(0, FRAMES_COMPARED).map(placeWord)
}

function placeWord(frame: StackFrame): string {
  const file = (frame.file ?? '').replaceAll('\\', '/')
  const query = file.indexOf('?')
  const path = query > 0 ? file.slice(0, query) : file
  return `${shortFunctionName(frame.function) ?? ''}@${path.slice(path.lastIndexOf('/') + 1)}`
}

function testNames(checks: readonly ReportedCheck[]): string[] {
  return checks.flatMap((check) => (check.kind === 'test' ? [check.name] : [])).slice(0, FRAMES_COMPARED)
}

/** FNV-1a, 64 bits, over UTF-8. Groups are no secret: whoever could forge a key could as well send the same alert. */
function fingerprint(text: string): string {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(text)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn
  return hash.toString(16).padStart(16, '0')
}
