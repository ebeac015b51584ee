import { type BugReport, inert, type StackTrace, untrusted } from '@fixpoint/core'
import { withoutColours } from './colours.ts'
import { consideredText } from './considered-text.ts'
import { headerWithin } from './error-header.ts'
import { groupKey } from './group-key.ts'
import { redact } from './redact.ts'
import { reportedChecks } from './reported-checks.ts'
import { parseStackTraces } from './stack-traces.ts'

/** Bytes of one report that are read at all: more keeps its two ends. */
const MAXIMUM_BYTES = 20 * 1024 * 1024
const MAXIMUM_TITLE = 200

export interface Refusal {
  readonly refused: 'empty' | 'binary'
  /** What to do about it. */
  readonly hint: string
}

/** A report as a file or a stream holds it, normalised and without secrets. Refuses what is empty or no text. */
export async function reportFrom(input: string | Uint8Array, origin: BugReport['origin']): Promise<BugReport | Refusal> {
  const decoded = typeof input === 'string' ? bounded(input) : textOf(input)
  if (decoded === undefined) {
    return { refused: 'binary', hint: 'The report is not text. Pass the log or the stack trace itself, unpacked.' }
  }
  if (decoded.trim() === '') {
    return { refused: 'empty', hint: 'The report is empty. Paste a stack trace, a failing test or the words of an issue.' }
  }
  const { text, redactions } = await redact(consideredText(decoded).text)
  const framed = parseStackTraces(text)
  const traces = framed.length > 0 ? framed : mentionedErrors(text)
  const checks = reportedChecks(text)
  const title = titleOf(text, traces[0])
  const revision = revisionOf(text)
  return {
    title: untrusted(title),
    text: untrusted(text),
    traces,
    checks,
    origin,
    ...(revision !== undefined && { revision }),
    groupKey: groupKey({ traces, title, checks }),
    redactions,
  }
}

/** The text of bytes in UTF-8, or UTF-16 with its mark (as PowerShell writes it); undefined when it is no text. */
function textOf(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bounded(new TextDecoder('utf-16le').decode(bytes.subarray(0, MAXIMUM_BYTES)))
  if (looksBinary(bytes)) return undefined
  if (bytes.length <= MAXIMUM_BYTES) return new TextDecoder().decode(bytes)
  const half = MAXIMUM_BYTES / 2
  const decoder = new TextDecoder()
  return `${decoder.decode(bytes.subarray(0, half))}${leftOut(bytes.length - MAXIMUM_BYTES)}${decoder.decode(bytes.subarray(bytes.length - half))}`
}

function bounded(text: string): string {
  if (text.length <= MAXIMUM_BYTES) return text
  const half = MAXIMUM_BYTES / 2
  return `${text.slice(0, half)}${leftOut(text.length - MAXIMUM_BYTES)}${text.slice(-half)}`
}

function leftOut(count: number): string {
  return `\n[${count} characters left out]\n`
}

const SAMPLE = 8192

/** A NUL, or many control characters (terminal sequences aside), among the first and last bytes. */
function looksBinary(bytes: Uint8Array): boolean {
  return isBinarySample(bytes.subarray(0, SAMPLE)) || (bytes.length > SAMPLE && isBinarySample(bytes.subarray(-SAMPLE)))
}

function isBinarySample(sample: Uint8Array): boolean {
  let strange = 0
  for (const byte of sample) {
    if (byte === 0) return true
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 27 && byte !== 8 && byte !== 12) strange += 1
  }
  const replaced = new TextDecoder().decode(sample).split('\ufffd').length - 1
  return strange > sample.length / 20 || replaced > Math.max(4, sample.length / 10)
}

/** Errors that prose names without frames: `throws "TypeError: x is not a function"`. */
function mentionedErrors(text: string): StackTrace[] {
  const found: StackTrace[] = []
  for (const line of withoutColours(text).split('\n')) {
    if (found.length >= 5) break
    if (line.length > 2048) continue
    const header = headerWithin(line)
    if (!header || header.message === '') continue
    const quote = ['`', '"', "'"].find((mark) => line.includes(`${mark}${header.type}`))
    const end = quote === undefined ? -1 : header.message.indexOf(quote)
    const message = end > 0 ? header.message.slice(0, end) : header.message
    found.push({ language: isPythonName(header.type) ? 'python' : 'javascript', errorType: header.type, message: message.trim(), frames: [], causes: [] })
  }
  return found
}

function isPythonName(type: string): boolean {
  return /^(KeyError|ValueError|AttributeError|NameError|IndexError|ZeroDivisionError|ImportError|ModuleNotFoundError|UnboundLocalError|RuntimeError|OSError|FileNotFoundError|UnicodeDecodeError|StopIteration|KeyboardInterrupt|NotImplementedError|OverflowError|RecursionError)$/.test(
    type.slice(type.lastIndexOf('.') + 1),
  )
}

/** A heading, else the error as it was printed, else the first line that says something. */
function titleOf(text: string, trace: StackTrace | undefined): string {
  const lines = withoutColours(text.slice(0, 64 * 1024)).split('\n')
  const heading = lines.find((line) => /^#{1,3} \S/.test(line))
  const error = trace?.errorType === undefined ? undefined : [trace.errorType, trace.message?.split('\n')[0]].filter(Boolean).join(': ')
  const first = lines.map((line) => line.trim()).find((line) => line !== '' && !line.startsWith('```'))
  const title = heading?.replace(/^#+ /, '') ?? error ?? first ?? ''
  return inert(title.slice(0, MAXIMUM_TITLE).trim(), MAXIMUM_TITLE)
}

/** `release: 1.4.2`, `commit 9fceb02`, `revision=…`: what ran when it happened. */
function revisionOf(text: string): string | undefined {
  const commit = /(?<!\w)(?:commit|revision|sha|git_sha|GIT_COMMIT)["']?[ :=]{1,3}["']?([0-9a-f]{7,40})(?![0-9a-zA-Z])/i.exec(text)
  if (commit) return commit[1]?.toLowerCase()
  return /(?<!\w)release["']?[ :=]{1,3}["']?([\w@][\w.@+-]{0,80}\d[\w.+-]{0,40})/i.exec(text)?.[1]
}
