/** Fields that say what happened, not to whom. */
const TECHNICAL = new Set(
  'column colno culprit error exception filename file function language level line lineno logger message module msg platform severity stack stacktrace stack_trace status thread time timestamp trace type version'.split(
    ' ',
  ),
)
const MASK = '[redacted:value]'

// None of them can be entered twice at one character for long: every run has a limit, and what may follow it differs from it.
const EMAIL = /(?<![\w.+-])[\w.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w-]|\.\w|[:/]\d)/g
const CARD = /(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-])/g
/** `?name=value&…` of an address; line and column may follow. */
const QUERY = /([?&])([\w.%[\]-]{1,80})=([^&\s"'<>()#:]{1,1000})/g
const JSON_PAIR = /"([\w.$-]{1,80})"(\s{0,3}:\s{0,3})("(?:[^"\\\n]|\\.){0,4000}"|-?\d[\d.eE+-]{0,40})/g
const PAIR = /(?<![\w.$?&-])([A-Za-z_][\w.-]{0,60})=("(?:[^"\\\n]|\\.){0,2000}"|'[^'\n]{0,2000}'|[^\s"',;)&]{1,1000})/g

/**
 * The text without the values of one occurrence that may be about a person: addresses of people, card numbers, query strings, and what named
 * fields hold (`customer=…`, `"customer": "…"`). Fields that are `allowed` keep their values, and `email` and `card` are such fields too.
 */
export function withoutPersonalValues(text: string, allowed: ReadonlySet<string>): string {
  const kept = (field: string) => allowed.has(field) || TECHNICAL.has(field.toLowerCase())
  let result = text
  if (!allowed.has('email')) result = result.replace(EMAIL, '[redacted:email]')
  if (!allowed.has('card')) result = result.replace(CARD, (digits) => (isCard(digits) ? '[redacted:card]' : digits))
  result = result.replace(QUERY, (whole, mark: string, field: string) => (kept(field) ? whole : `${mark}${field}=${MASK}`))
  result = result.replace(JSON_PAIR, (whole, field: string, between: string, value: string) =>
    kept(field) || value.includes('\\n') ? whole : `"${field}"${between}"${MASK}"`,
  )
  return result
    .split('\n')
    .map((line) => (isCode(line) ? line : withoutPairs(line, kept)))
    .join('\n')
}

/** Letters become `a` and digits `0`, so that what the shape of a value does to a program can still be seen. The last name of a domain stays. */
export function withoutPeople(text: string): string {
  return text
    .replace(EMAIL, (address) => {
      const top = address.lastIndexOf('.')
      return `${address
        .slice(0, top)
        .replace(/[A-Za-z]/g, 'a')
        .replace(/\d/g, '0')}${address.slice(top)}`
    })
    .replace(CARD, (digits) => (isCard(digits) ? digits.replace(/\d/g, '0') : digits))
}

function withoutPairs(line: string, kept: (field: string) => boolean): string {
  return line.replace(PAIR, (whole, field: string, value: string) => (kept(field) || value.includes('redacted:') ? whole : `${field}=${MASK}`))
}

/** Frames, and the lines of source that a trace prints below them. */
function isCode(line: string): boolean {
  return /^\s/.test(line) || /^(?:at|File) /.test(line)
}

/** By Luhn's sum. */
function isCard(text: string): boolean {
  const digits = [...text].filter((character) => character >= '0' && character <= '9').map(Number)
  const sum = digits.toReversed().reduce((total, digit, index) => {
    const doubled = index % 2 === 1 ? digit * 2 : digit
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return sum % 10 === 0 && new Set(digits).size > 1
}
