/** A piece of a test's source text. Comments and white space are left out; `opaque` is what we do not look into (regular expressions, templates with holes, f-strings). */
export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'opaque' | 'mark'
  readonly text: string
  readonly start: number
  readonly end: number
}

const WORD = /[\p{L}\p{N}_$#]+/uy
const NUMBER = /(?:0[xXoObB][\da-fA-F_]+|(?:\d[\d_]*)?\.?\d[\d_]*(?:[eE][+-]?\d+)?)n?/y
/** After these a slash begins a regular expression, not a division. */
const BEFORE_REGEX = /^(?:[([{,;:=!&|?+\-*%<>~^]|=>|return|typeof|case|in|of)$/

/** The tokens of JavaScript, TypeScript or Python, in one pass. Enough to find the arguments of a call; not a parser. */
export function tokensOf(text: string, python: boolean): Token[] {
  const tokens: Token[] = []
  let at = 0
  const push = (kind: Token['kind'], end: number) => {
    tokens.push({ kind, text: text.slice(at, end), start: at, end })
    at = end
  }
  while (at < text.length) {
    const char = text[at] ?? ''
    const next = text[at + 1] ?? ''
    if (/\s/.test(char)) at += 1
    else if (python ? char === '#' : char === '/' && next === '/') at = lineEnd(text, at)
    else if (!python && char === '/' && next === '*') at = after(text, '*/', at + 2)
    else if (/\d/.test(char) || (char === '.' && /\d/.test(next))) push('number', matchEnd(NUMBER, text, at))
    else if (char === '"' || char === "'") push('string', stringEnd(text, at, python))
    else if (!python && char === '`') {
      const end = quotedEnd(text, at + 1, '`')
      push(text.slice(at, end).includes('${') ? 'opaque' : 'string', end)
    } else if (!python && char === '/' && BEFORE_REGEX.test(tokens.at(-1)?.text ?? '(')) push('opaque', regexEnd(text, at))
    else if (/[\p{L}_$#]/u.test(char)) {
      const end = matchEnd(WORD, text, at)
      const quote = text[end] ?? ''
      // A prefix belongs to its string: `f"{x}"` is no literal.
      if (python && /^[rbfu]{1,2}$/i.test(text.slice(at, end)) && (quote === '"' || quote === "'")) push('opaque', stringEnd(text, end, true))
      else push('word', end)
    } else push('mark', at + (/^(?:=>|==|!=|<=|>=|\*\*|&&|\|\||\?\?|\?\.)/.test(text.slice(at, at + 2)) ? 2 : 1))
  }
  return tokens
}

/** Index of the token that closes the bracket at `open`; undefined when nothing does. */
export function closing(tokens: readonly Token[], open: number): number | undefined {
  let depth = 0
  for (let index = open; index < tokens.length; index += 1) {
    const { kind, text } = tokens[index] as Token
    if (kind !== 'mark') continue
    if (text === '(' || text === '[' || text === '{') depth += 1
    else if (text === ')' || text === ']' || text === '}') {
      depth -= 1
      if (depth === 0) return index
    }
  }
  return undefined
}

/** The parts of `tokens` between marks that stand outside all brackets. */
export function split(tokens: readonly Token[], isSeparator: (token: Token) => boolean): Token[][] {
  const parts: Token[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    if (token.kind === 'mark' && /^[([{]$/.test(token.text)) depth += 1
    if (token.kind === 'mark' && /^[)\]}]$/.test(token.text)) depth -= 1
    if (depth === 0 && isSeparator(token)) parts.push([])
    else parts.at(-1)?.push(token)
  }
  return parts
}

function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return at + Math.max(1, pattern.exec(text)?.[0].length ?? 1)
}
function lineEnd(text: string, at: number): number {
  return after(text, '\n', at)
}
function after(text: string, end: string, from: number): number {
  const found = text.indexOf(end, from)
  return found < 0 ? text.length : found + end.length
}
function stringEnd(text: string, at: number, python: boolean): number {
  const quote = text[at] ?? ''
  const triple = quote.repeat(3)
  if (python && text.startsWith(triple, at)) return after(text, triple, at + 3)
  return quotedEnd(text, at + 1, quote)
}
function quotedEnd(text: string, from: number, quote: string): number {
  let at = from
  while (at < text.length && text[at] !== quote) {
    if (text[at] === '\n' && quote !== '`') return at
    at += text[at] === '\\' ? 2 : 1
  }
  return Math.min(at + 1, text.length)
}
function regexEnd(text: string, from: number): number {
  let at = from + 1
  let inClass = false
  while (at < text.length && text[at] !== '\n' && (inClass || text[at] !== '/')) {
    if (text[at] === '[') inClass = true
    if (text[at] === ']') inClass = false
    at += text[at] === '\\' ? 2 : 1
  }
  return at + 1 + (/^[a-z]*/.exec(text.slice(at + 1))?.[0].length ?? 0)
}
