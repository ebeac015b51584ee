export interface SecretRange {
  readonly start: number
  readonly end: number
  /** Words with hyphens: what kind of secret it is. */
  readonly kind: string
}

/** Secrets that a general scanner leaves: example keys, short keys, headers, passwords in addresses, tokens in assignments. */
export function ownFindings(text: string): SecretRange[] {
  return [...byPattern(text), ...privateKeys(text), ...addressPasswords(text), ...assignments(text)]
}

/** Patterns without nested repetition, each anchored so that a run of characters is entered once. */
const PATTERNS: readonly { kind: string; pattern: RegExp; group: number }[] = [
  { kind: 'aws-access-key-id', pattern: /(?<![A-Za-z0-9])((?:AKIA|ASIA|AIDA|AROA)[A-Z0-9]{16})(?![A-Za-z0-9])/g, group: 1 },
  { kind: 'json-web-token', pattern: /(?<![\w-])(eyJ[\w-]{8,2000}\.[\w-]{4,4000}(?:\.[\w-]{0,2000})?)/g, group: 1 },
  { kind: 'authorization', pattern: /(?<![A-Za-z])(?:Bearer|Basic|bearer|basic|BEARER|BASIC) {1,3}([A-Za-z0-9._~+/=-]{12,4000})/g, group: 1 },
  { kind: 'authorization', pattern: /(?<![A-Za-z])[Aa]uthorization["']?[:=] {0,3}["']?(?!Bearer|Basic|bearer|basic)([^\s"',]{8,4000})/g, group: 1 },
  { kind: 'cookie', pattern: /(?<![A-Za-z])(?:[Ss]et-)?[Cc]ookie["']?: {0,3}["']?([A-Za-z0-9_.-]{1,80}=[^\n"']{4,4000})/g, group: 1 },
  { kind: 'api-key', pattern: /(?<![\w-])((?:sk|pk|rk)[-_](?:live|test|proj|ant)[-_][\w-]{12,400})/g, group: 1 },
  { kind: 'api-key', pattern: /(?<![\w-])(AIza[\w-]{35})(?![\w-])/g, group: 1 },
]

function byPattern(text: string): SecretRange[] {
  return PATTERNS.flatMap(({ kind, pattern, group }) =>
    [...text.matchAll(pattern)].map((match) => {
      const secret = match[group] ?? ''
      const start = match.index + match[0].lastIndexOf(secret)
      return { start, end: start + secret.length, kind }
    }),
  )
}

/** No secret that is recognised is longer; private keys come near. */
export const LONGEST_SECRET = 16 * 1024

/** From `-----BEGIN … PRIVATE KEY-----` to its end, or as far as a key could go when the end was cut off. */
function privateKeys(text: string): SecretRange[] {
  const found: SecretRange[] = []
  let at = text.indexOf('-----BEGIN ')
  while (at >= 0) {
    const label = text.slice(at, at + 80)
    const head = label.indexOf('PRIVATE KEY')
    if (head < 0) {
      at = text.indexOf('-----BEGIN ', at + 11)
      continue
    }
    const limit = Math.min(text.length, at + LONGEST_SECRET)
    const body = text.slice(at + head, limit)
    const close = body.indexOf('-----END ')
    const tail = close < 0 ? -1 : body.indexOf('KEY-----', close)
    const end = tail >= 0 ? at + head + tail + 'KEY-----'.length : limit
    found.push({ start: at, end, kind: 'private-key' })
    at = text.indexOf('-----BEGIN ', end)
  }
  return found
}

/** The password of `scheme://user:password@host`. */
function addressPasswords(text: string): SecretRange[] {
  const found: SecretRange[] = []
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 3)) {
    let colon = -1
    for (let end = at + 3; end < Math.min(text.length, at + 260); end += 1) {
      const character = text[end] ?? ''
      if (character === ':' && colon < 0) colon = end
      if (character === '@') {
        if (colon > 0 && end > colon + 1) found.push({ start: colon + 1, end, kind: 'password' })
        break
      }
      if (character === '/' || character <= ' ' || character === '"' || character === "'") break
    }
  }
  return found
}

const ASSIGNMENT = /(?<![\w.-])([A-Za-z_][\w.-]{1,60})(["']?[ \t]{0,3}(?:=>|[:=])[ \t]{0,3}["'`]?)([^\s"'`,;&<>()[\]{}]{6,400})/g
const SECRET_NAME = /(secret|token|passw|pwd|api[_-]?key|apikey|private[_-]?key|access[_-]?key|credential|client[_-]?key|signing[_-]?key|encryption[_-]?key)/i
const PASSWORD_NAME = /(passw|pwd)/i
const NOT_A_VALUE = new Set([
  'undefined',
  'string',
  'number',
  'boolean',
  'required',
  'optional',
  'process',
  'invalid',
  'missing',
  'expired',
  'function',
  'object',
])

/** `DB_PASSWORD=…`, `"apiKey": "…"`: a value that looks like one, given to a name that says so. */
function assignments(text: string): SecretRange[] {
  const found: SecretRange[] = []
  for (const match of text.matchAll(ASSIGNMENT)) {
    const [, name = '', between = '', value = ''] = match
    if (!SECRET_NAME.test(name) || NOT_A_VALUE.has(value.toLowerCase())) continue
    const looksSecret = PASSWORD_NAME.test(name) ? !/^[a-z]+\.[a-zA-Z.]+$/.test(value) : value.length >= 12 && entropy(value) >= 3 && /[0-9]/.test(value)
    if (!looksSecret) continue
    const start = match.index + name.length + between.length
    found.push({ start, end: start + value.length, kind: PASSWORD_NAME.test(name) ? 'password' : 'secret' })
  }
  return found
}

/** Shannon's, in bits per character. */
function entropy(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}
