export const MAXIMUM_DEPTH = 64
/** Members of objects and lists together. */
export const MAXIMUM_MEMBERS = 100_000

export type SafeJson = { readonly value: unknown } | { readonly malformed: string }

/**
 * The JSON of a stranger's bytes, refused before it is parsed when it is deep or wide enough to hurt the parser or whoever walks it. Names of
 * prototypes may be in it, as plain members: read it through shapes (`pick.ts`), which ask for none of them.
 */
export function safeJson(body: Uint8Array): SafeJson {
  return safeJsonText(new TextDecoder().decode(body))
}

export function safeJsonText(text: string): SafeJson {
  const why = tooMuch(text)
  if (why !== undefined) return { malformed: why }
  try {
    return { value: JSON.parse(text) }
  } catch {
    return { malformed: text.trim() === '' ? 'The body is empty.' : 'The body is not JSON.' }
  }
}

const QUOTE = 0x22
const COMMA = 0x2c
const OPEN_LIST = 0x5b
const BACKSLASH = 0x5c
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** One pass over the text, without parsing it. */
function tooMuch(text: string): string | undefined {
  let depth = 0
  let members = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfString(text, at)
    else if (code === COMMA) members += 1
    else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth -= 1
    else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      depth += 1
      members += 1
      if (depth > MAXIMUM_DEPTH) return `The JSON is nested deeper than ${MAXIMUM_DEPTH} levels.`
    }
    if (members > MAXIMUM_MEMBERS) return `The JSON has more than ${MAXIMUM_MEMBERS} members.`
  }
  return undefined
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === BACKSLASH) at += 1
    else if (code === QUOTE) return at
  }
  return text.length
}
