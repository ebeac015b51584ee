/** How nested and how wide a payload may be. */
export interface JsonLimits {
  readonly depth: number
  /** Values in all, members and elements counted alike. */
  readonly values: number
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPEN = new Set([0x5b, 0x7b])
const CLOSE = new Set([0x5d, 0x7d])

/**
 * Whether a JSON text keeps within the limits, in one pass over its bytes and before anything is parsed: what nests a thousand deep
 * never becomes an object that some later `stringify` chokes on. Says nothing about whether it is JSON.
 */
export function withinLimits(bytes: Uint8Array, limits: JsonLimits): boolean {
  let depth = 0
  let values = 1
  let quoted = false
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]
    if (byte === undefined) break
    if (quoted) {
      if (byte === BACKSLASH) at += 1
      else if (byte === QUOTE) quoted = false
    } else if (byte === QUOTE) quoted = true
    else if (byte === COMMA) {
      values += 1
      if (values > limits.values) return false
    } else if (OPEN.has(byte)) {
      depth += 1
      values += 1
      if (depth > limits.depth || values > limits.values) return false
    } else if (CLOSE.has(byte)) depth -= 1
  }
  return true
}
