export const MAXIMUM_DEPTH = 64
/** Members of objects and lists together. */
export const MAXIMUM_MEMBERS = 100_000

export type SafeJson = { readonly value: unknown } | { readonly malformed: string }

/** The JSON of a stranger's bytes, refused when it is deep or wide enough to hurt whoever walks it. What would name a prototype is dropped. */
export function safeJson(body: Uint8Array): SafeJson {
  return safeJsonText(new TextDecoder().decode(body))
}

export function safeJsonText(text: string): SafeJson {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { malformed: text.trim() === '' ? 'The body is empty.' : 'The body is not JSON.' }
  }
  const why = tooMuch(value)
  return why === undefined ? { value } : { malformed: why }
}

/** Level by level, without recursion: the parser survives depths that walkers do not. */
function tooMuch(root: unknown): string | undefined {
  let level: object[] = isNode(root) ? [root] : []
  let members = 0
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > MAXIMUM_DEPTH) return `The JSON is nested deeper than ${MAXIMUM_DEPTH} levels.`
    const next: object[] = []
    for (const node of level) {
      if (!Array.isArray(node)) withoutPrototypeNames(node as Record<string, unknown>)
      const values = Object.values(node)
      members += values.length
      if (members > MAXIMUM_MEMBERS) return `The JSON has more than ${MAXIMUM_MEMBERS} members.`
      for (const value of values) if (isNode(value)) next.push(value)
    }
    level = next
  }
  return undefined
}

function isNode(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function withoutPrototypeNames(node: Record<string, unknown>): void {
  for (const name of ['__proto__', 'constructor', 'prototype']) if (Object.hasOwn(node, name)) delete node[name]
}
