import { isDigit } from './characters.ts'

/** Words after or before which a quoted name is a name of the code, not a value. */
const NAMES_FOLLOW = [
  'reading ',
  'setting ',
  'property ',
  'attribute ',
  'argument ',
  'argument: ',
  'arguments: ',
  'name ',
  'method ',
  'variable ',
  'field ',
  'named ',
]
const NAMES_PRECEDE = [' object', ' is not defined', ' has no attribute', ' is not a function', ' and ', ' is not iterable']
const MAXIMUM_NORMAL = 400

/**
 * What stays of an error's message when the values of one occurrence are taken out: numbers, identifiers, quoted values, paths, addresses.
 * Names of code (`reading 'payload'`, `'NoneType' object`) stay. First line only: later lines are diffs, notes and dumps.
 */
export function normalMessage(message: string | undefined): string {
  if (message === undefined) return ''
  const line = modern(firstLine(message).slice(0, 2 * MAXIMUM_NORMAL))
  return joinedWords(withoutQuoted(line)).slice(0, MAXIMUM_NORMAL)
}

function firstLine(text: string): string {
  const trimmed = text.trimStart()
  const end = trimmed.indexOf('\n')
  return (end < 0 ? trimmed : trimmed.slice(0, end)).trimEnd()
}

/** Node before 16 said `Cannot read property 'x' of undefined`. */
function modern(line: string): string {
  const old = /^Cannot (read|set) property '([^']{0,80})' of (undefined|null)$/.exec(line)
  if (!old) return line
  return `Cannot ${old[1]} properties of ${old[3]} (${old[1] === 'read' ? 'reading' : 'setting'} '${old[2]}')`
}

function withoutQuoted(line: string): string {
  let result = ''
  let at = 0
  while (at < line.length) {
    const quote = line[at]
    const close = (quote === "'" && !isWordCharacter(line[at - 1])) || quote === '"' || quote === '`' ? line.indexOf(quote, at + 1) : -1
    if (close < 0) {
      result += quote
      at += 1
      continue
    }
    const inner = line.slice(at + 1, close)
    result += isNameOfCode(inner, result, line.slice(close + 1, close + 24)) ? `'${inner}'` : '<text>'
    at = close + 1
  }
  return result
}

function isNameOfCode(inner: string, before: string, after: string): boolean {
  if (!/^[A-Za-z_$][\w$.]{0,60}$/.test(inner)) return false
  return NAMES_FOLLOW.some((word) => before.endsWith(word)) || NAMES_PRECEDE.some((word) => after.startsWith(word))
}

function joinedWords(text: string): string {
  return text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map(normalWord)
    .join(' ')
}

function normalWord(word: string): string {
  if (word.includes("'") || word.includes('<text>')) return word
  const { open, core, close } = peeled(word)
  if (core === '') return word
  if (core.includes('://')) return `${open}<url>${close}`
  if (core.startsWith('/') || core.includes('\\') || (core.split('/').length > 2 && core.includes('.'))) return `${open}<path>${close}`
  if (core.includes('@') && core.includes('.')) return `${open}<address>${close}`
  const digits = [...core].filter(isDigit).length
  if (digits === 0) return word
  if (/^[-+]?[\d.,:%]+(ms|s|kb|mb|gb|b|px)?$/i.test(core)) return `${open}<n>${close}`
  if (/^(0x)?[0-9a-f-]{8,}$/i.test(core) || (core.length >= 12 && digits >= 3)) return `${open}<id>${close}`
  return `${open}${core.replace(/\d+/g, '<n>')}${close}`
}

function peeled(word: string): { open: string; core: string; close: string } {
  let start = 0
  let end = word.length
  while (start < end && '([{<"#='.includes(word[start] ?? '')) start += 1
  while (end > start && ')]}>",.;:!?='.includes(word[end - 1] ?? '')) end -= 1
  return { open: word.slice(0, start), core: word.slice(start, end), close: word.slice(end) }
}

function isWordCharacter(character: string | undefined): boolean {
  return character !== undefined && /[A-Za-z0-9_]/.test(character)
}
