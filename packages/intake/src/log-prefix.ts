import { isDigit } from './characters.ts'

const LEVELS = new Set(['trace', 'debug', 'info', 'notice', 'warn', 'warning', 'error', 'err', 'fatal', 'critical', 'crit', 'alert', 'emerg'])
const MONTHS = new Set(['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'])
const MAXIMUM_PIECES = 8

/**
 * How many characters at the start of a line were put there by a logger: `app_1  | `, timestamps, `[4711]`, `stderr F `, levels.
 * Indentation after it stays. `stamped` when a timestamp or a level was among them.
 */
export function afterLogPrefix(line: string): { length: number; stamped: boolean } {
  let at = 0
  let stamped = false
  for (let piece = 0; piece < MAXIMUM_PIECES; piece += 1) {
    const container = piece === 0 ? afterContainerName(line, at) : at
    if (container > at) {
      at = container
      continue
    }
    const stamp = afterTimestamp(line, at)
    if (stamp > at) {
      at = stamp
      stamped = true
      continue
    }
    if (!stamped && at === 0 && !startsWithLevelInBrackets(line)) break
    const next = afterTag(line, at)
    if (next === at) break
    at = next
    stamped = true
  }
  return { length: at, stamped }
}

/** `app_1  | `: one space after the bar belongs to the prefix. */
function afterContainerName(line: string, from: number): number {
  let at = from
  while (isNameCharacter(line[at])) at += 1
  if (at === from) return from
  while (line[at] === ' ') at += 1
  if (line[at] !== '|' || isDigit(line[from])) return from
  return line[at + 1] === ' ' ? at + 2 : line[at + 1] === undefined ? at + 1 : from
}

function afterTimestamp(line: string, from: number): number {
  if (!mayStartStamp(line.charCodeAt(from))) return from
  const bracket = line[from] === '[' || line[from] === '('
  let at = bracket ? from + 1 : from
  const start = at
  if (MONTHS.has(line.slice(at, at + 3)) && line[at + 3] === ' ') {
    at += 4
    while (line[at] === ' ' || isDigit(line[at])) at += 1
    if (line[at] !== ':') return from
  }
  let digits = 0
  while (at < start + 40 && isStampCharacter(line, at, digits)) {
    if (isDigit(line[at])) digits += 1
    at += 1
  }
  const text = line.slice(start, at)
  if (digits < 6 || !(text.includes(':') || text.split('-').length === 3)) return from
  if (bracket) {
    const close = line[at]
    if (close !== ']' && close !== ')') return from
    at += 1
  } else if (line[at] !== undefined && line[at] !== ' ' && line[at] !== '\t' && line[at] !== '|' && line[at - 1] !== ' ') return from
  return line[at] === ' ' || line[at] === '\t' ? at + 1 : at
}

/** A digit, a bracket or a capital (`Nov 21`). */
function mayStartStamp(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 91 || code === 40 || (code >= 65 && code <= 90)
}

function isStampCharacter(line: string, at: number, digits: number): boolean {
  const character = line[at]
  if (isDigit(character)) return true
  if (character === '-' || character === ':' || character === '/' || character === '.' || character === ',') return digits > 0
  if (character === 'T' || character === '+' || character === ' ') return isDigit(line[at + 1]) && digits >= 4
  return character === 'Z' && digits >= 6
}

function startsWithLevelInBrackets(line: string): boolean {
  if (line[0] !== '[') return false
  const end = line.indexOf(']')
  return end > 1 && end < 16 && isLevelOrNumber(line.slice(1, end))
}

/** After a timestamp: `[4711]`, `(main)`, `INFO`, `ERROR:`, `stderr F`, `host app[12]:`, `-`. */
function afterTag(line: string, from: number): number {
  const first = line[from]
  if (first === '[' || first === '(') {
    const end = line.indexOf(first === '[' ? ']' : ')', from)
    if (end < 0 || end - from > 40) return from
    const inner = line.slice(from + 1, end)
    const next = line[end + 1]
    if (inner === 'cause' || inner === 'errors' || inner.startsWith('Previous line') || inner.includes(': ')) return from
    return next === ' ' ? end + 2 : next === ':' && line[end + 2] === ' ' ? end + 3 : next === undefined ? end + 1 : from
  }
  let end = from
  while (end - from < 48 && line[end] !== undefined && line[end] !== ' ' && line[end] !== '\t') end += 1
  const word = line.slice(from, end)
  if (word === '-' || word === '|' || word === '--') return line[end] === ' ' ? end + 1 : from
  if ((word === 'stdout' || word === 'stderr') && (line.startsWith(' F ', end) || line.startsWith(' P ', end))) return end + 3
  const bare = word.endsWith(':') ? word.slice(0, -1) : word
  // `Error:` begins a message; a level is written in one case.
  if (LEVELS.has(bare.toLowerCase()) && (bare === bare.toUpperCase() || (bare === bare.toLowerCase() && !word.endsWith(':')))) {
    return line[end] === ' ' ? end + 1 : from
  }
  return afterProcess(line, from)
}

/** `web-1 app[4711]: ` or `app[4711]: ` as syslog and Heroku write it. */
function afterProcess(line: string, from: number): number {
  let at = from
  for (let word = 0; word < 2; word += 1) {
    const start = at
    while (isNameCharacter(line[at]) || line[at] === '/') at += 1
    if (at === start) return from
    if (line[at] === '[') {
      const end = line.indexOf(']', at)
      return end > at && end - at < 24 && line[end + 1] === ':' && line[end + 2] === ' ' ? end + 3 : from
    }
    if (line[at] !== ' ') return from
    at += 1
  }
  return from
}

function isLevelOrNumber(text: string): boolean {
  return LEVELS.has(text.toLowerCase()) || [...text].every((character) => isDigit(character))
}

function isNameCharacter(character: string | undefined): boolean {
  if (character === undefined) return false
  return (
    (character >= 'a' && character <= 'z') ||
    (character >= 'A' && character <= 'Z') ||
    isDigit(character) ||
    character === '_' ||
    character === '-' ||
    character === '.'
  )
}
