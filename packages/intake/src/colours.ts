const ESCAPE = '\u001b'
const BELL = '\u0007'

/** The text without terminal sequences (colours, cursor moves, titles, links). */
export function withoutColours(text: string): string {
  let at = text.indexOf(ESCAPE)
  if (at < 0) return text
  const parts: string[] = []
  let from = 0
  while (at >= 0) {
    parts.push(text.slice(from, at))
    from = afterSequence(text, at)
    at = text.indexOf(ESCAPE, from)
  }
  parts.push(text.slice(from))
  return parts.join('')
}

/** Longest sequence that is believed; what claims to be longer is text. */
const MAXIMUM_SEQUENCE = 256

function afterSequence(text: string, start: number): number {
  const kind = text[start + 1]
  const limit = Math.min(text.length, start + MAXIMUM_SEQUENCE)
  if (kind === '[') {
    for (let at = start + 2; at < limit; at += 1) {
      const code = text.charCodeAt(at)
      if (code >= 0x40 && code <= 0x7e) return at + 1
      if (code < 0x20 || code > 0x7e) return at
    }
    return Math.min(start + 2, text.length)
  }
  if (kind === ']') {
    for (let at = start + 2; at < limit; at += 1) {
      if (text[at] === BELL) return at + 1
      if (text[at] === ESCAPE) return text[at + 1] === '\\' ? at + 2 : at
      if (text[at] === '\n') return at
    }
    return Math.min(start + 2, text.length)
  }
  return Math.min(start + 2, text.length)
}
