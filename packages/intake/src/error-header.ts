/** How an error announces itself: `TypeError: x is not a function`, `AssertionError [ERR_ASSERTION]: …`, `KeyError`. */
export interface ErrorHeader {
  readonly type: string
  readonly message: string
  readonly causedBy: boolean
}

const SUFFIXES = [
  'Error',
  'Exception',
  'Warning',
  'Failure',
  'Fault',
  'Interrupt',
  'Exit',
  'Rejection',
  'Iteration',
  'Timeout',
  'Abort',
  'Group',
  'DoesNotExist',
]
const WRAPPERS = new Set(['UnhandledPromiseRejectionWarning', 'UnhandledPromiseRejection', 'PromiseRejectionHandledWarning'])
const LEADS = [
  'Uncaught ',
  '(in promise) ',
  'Uncaught:',
  'Unhandled error: ',
  '[cause]: ',
  'Caused by: ',
  'caused by: ',
  'E   ',
  '× ',
  '→ ',
  '[',
  '"',
  "'",
  '`',
]
/** What assertions and loggers write before a colon. */
const LABELS = new Set([
  'Expected',
  'Received',
  'Actual',
  'Difference',
  'Comparing',
  'Message',
  'Stack',
  'Trace',
  'Details',
  'Reason',
  'Note',
  'Number',
  'Snapshot',
])
const MAXIMUM_NAME = 120

/** The header at the start of a line, behind such words as `Uncaught` or a property's name. */
export function headerAtStart(line: string): ErrorHeader | undefined {
  const lead = afterLeads(line, 0)
  let at = lead.at
  for (let word = 0; word < 4; word += 1) {
    const header = headerAt(line, at, isErrorName)
    if (header) return { ...header, causedBy: lead.causedBy }
    const end = nameEnd(line, at)
    if (end === at) return undefined
    const quoted = line[end] === '"' || line[end] === "'" ? end + 1 : end
    if (line[quoted] !== ':' || line[quoted + 1] !== ' ') return undefined
    at = afterLeads(line, quoted + 2).at
  }
  return undefined
}

/** Any name in front of the colon, where V8 writes the header (`ValidationFailed: no such field`), and the words of jest's matchers. */
export function customHeader(line: string): ErrorHeader | undefined {
  const lead = afterLeads(line, 0)
  if (line.startsWith('expect(', lead.at) || line.startsWith('assert.', lead.at))
    return { type: 'AssertionError', message: line.slice(lead.at).trimEnd(), causedBy: false }
  const header = headerAt(line, lead.at, isOwnName)
  return header && { ...header, causedBy: lead.causedBy }
}

const ENGINE_WORDS = [
  'Cannot read propert',
  'Cannot set propert',
  ' is not a function',
  ' is not defined',
  ' is not iterable',
  'Cannot destructure',
  ' is not a constructor',
]

/** The engine's own words without the error's name, as some test runners print them. They are all a `TypeError`, but for one. */
export function engineMessage(line: string): ErrorHeader | undefined {
  const message = line.trim()
  if (message.length > 400 || !ENGINE_WORDS.some((words) => (words.startsWith('C') ? message.startsWith(words) : message.endsWith(words)))) return undefined
  return { type: message.endsWith(' is not defined') ? 'ReferenceError' : 'TypeError', message, causedBy: false }
}

/** The first header anywhere in a line: `request 17 failed: TypeError: x`. */
export function headerWithin(line: string): ErrorHeader | undefined {
  let at = 0
  while (at < line.length) {
    const end = nameEnd(line, at)
    if (end === at) {
      at += 1
      continue
    }
    const header = headerAt(line, at, isErrorName)
    if (header) return { ...header, causedBy: false }
    at = end
  }
  return undefined
}

function headerAt(line: string, from: number, accepts: (name: string) => boolean): Omit<ErrorHeader, 'causedBy'> | undefined {
  const end = nameEnd(line, from)
  if (end === from || end - from > MAXIMUM_NAME) return undefined
  const type = line.slice(from, end)
  if (!accepts(type)) return undefined
  let at = end
  if (line[at] === ' ' && (line[at + 1] === '[' || line[at + 1] === '(')) {
    const close = line.indexOf(line[at + 1] === '[' ? ']' : ')', at)
    if (close > 0 && close - at < 80 && (line[close + 1] === ':' || close + 1 === line.length)) at = close + 1
  }
  const rest = line.slice(at).trimEnd()
  if (rest === '' || rest === ':' || rest === ',' || rest === ']' || rest === '{') return { type, message: '' }
  if (!rest.startsWith(': ') && !rest.startsWith(':\t')) return undefined
  const message = rest.slice(2)
  if (WRAPPERS.has(type)) {
    const inner = headerAt(line, at + 2, isErrorName)
    if (inner) return inner
  }
  return { type, message: line[from - 1] === '[' ? withoutClosingBracket(message) : message }
}

function withoutClosingBracket(message: string): string {
  const close = message.lastIndexOf(']')
  return close >= 0 && message.length - close <= 3 ? message.slice(0, close) : message
}

function afterLeads(line: string, from: number): { at: number; causedBy: boolean } {
  let at = from
  let causedBy = false
  for (let count = 0; count < 6; count += 1) {
    while (line[at] === ' ' || line[at] === '\t') at += 1
    const lead = LEADS.find((text) => line.startsWith(text, at))
    if (lead === undefined) {
      const node = line.startsWith('(node:', at) ? line.indexOf(') ', at) : -1
      if (node < 0 || node - at > 20) break
      at = node + 2
      continue
    }
    causedBy ||= lead === 'Caused by: ' || lead === 'caused by: '
    at += lead.length
  }
  return { at, causedBy }
}

function nameEnd(line: string, from: number): number {
  let at = from
  while (isNamePart(line.charCodeAt(at))) at += 1
  return at
}

function isNamePart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 || code === 36 || code === 46
}

function isErrorName(name: string): boolean {
  const last = name.slice(name.lastIndexOf('.') + 1)
  return SUFFIXES.some((suffix) => last.endsWith(suffix)) && isCapitalised(last)
}

function isOwnName(name: string): boolean {
  return isCapitalised(name) && !LABELS.has(name)
}

function isCapitalised(name: string): boolean {
  const last = name.slice(name.lastIndexOf('.') + 1)
  const first = last[0] ?? ''
  return first >= 'A' && first <= 'Z' && last !== last.toUpperCase()
}
