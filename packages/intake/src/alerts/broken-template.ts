/**
 * The fields of a flat JSON template in whose values quotation marks and line breaks were laid without escaping. `names` in the order of the
 * template. Short fields are read from both ends as long as they are whole; what is left between them is prose, each from its name to the
 * next one's. Linear in the text. Undefined when no name is there.
 */
export function tolerantFields(text: string, names: readonly string[]): Record<string, string> | undefined {
  const fields: Record<string, string> = {}
  const starts: { name: string; from: number; at: number }[] = []
  let from = text.indexOf('{') + 1
  let until = tailOf(text, names, fields)
  for (;;) {
    const field = wholeField(text, from, until, names)
    if (!field || Object.hasOwn(fields, field.name)) break
    fields[field.name] = decoded(field.value)
    from = field.end
  }
  const open = names.filter((name) => !Object.hasOwn(fields, name))
  let at = from
  for (const name of open) {
    const start = startOf(text, name, at, until)
    if (!start) continue
    starts.push(start)
    at = start.from
  }
  for (const start of starts.toReversed()) {
    const end = text.lastIndexOf('"', until - 1)
    if (end >= start.from) fields[start.name] = decoded(text.slice(start.from, end))
    until = start.at
  }
  return Object.keys(fields).length === 0 ? undefined : fields
}

/** Whole fields at the end of the text; returns where what stands before them ends. */
function tailOf(text: string, names: readonly string[], fields: Record<string, string>): number {
  const brace = text.lastIndexOf('}')
  let until = brace < 0 ? text.length : brace
  for (;;) {
    const close = lastSolid(text, until)
    if (text[close] !== '"') return until
    const open = text.lastIndexOf('"', close - 1)
    const colon = open < 0 ? -1 : lastSolid(text, open)
    const nameEnd = text[colon] === ':' ? lastSolid(text, colon) : -1
    const nameStart = nameEnd > 0 && text[nameEnd] === '"' ? text.lastIndexOf('"', nameEnd - 1) : -1
    const name = nameStart < 0 ? '' : text.slice(nameStart + 1, nameEnd)
    const comma = nameStart < 0 ? -1 : lastSolid(text, nameStart)
    if (!names.includes(name) || Object.hasOwn(fields, name) || text[comma] !== ',' || text[lastSolid(text, comma)] !== '"') return until
    fields[name] = decoded(text.slice(open + 1, close))
    until = comma
  }
}

function wholeField(text: string, from: number, until: number, names: readonly string[]): { name: string; value: string; end: number } | undefined {
  const open = nextSolid(text, from)
  if (text[open] !== '"') return undefined
  const close = text.indexOf('"', open + 1)
  const colon = close < 0 ? -1 : nextSolid(text, close + 1)
  const quote = text[colon] === ':' ? nextSolid(text, colon + 1) : -1
  if (quote < 0 || text[quote] !== '"') return undefined
  const name = text.slice(open + 1, close)
  const end = text.indexOf('"', quote + 1)
  const comma = end < 0 ? -1 : nextSolid(text, end + 1)
  if (!names.includes(name) || text[comma] !== ',' || comma >= until || text[nextSolid(text, comma + 1)] !== '"') return undefined
  return { name, value: text.slice(quote + 1, end), end: comma + 1 }
}

function startOf(text: string, name: string, from: number, until: number): { name: string; from: number; at: number } | undefined {
  const quoted = `"${name}"`
  const at = text.indexOf(quoted, from)
  if (at < 0 || at >= until) return undefined
  const colon = nextSolid(text, at + quoted.length)
  const quote = nextSolid(text, colon + 1)
  return text[colon] === ':' && text[quote] === '"' && quote < until ? { name, from: quote + 1, at } : undefined
}

function nextSolid(text: string, from: number): number {
  let at = from
  while (isSpace(text[at])) at += 1
  return at
}

function lastSolid(text: string, before: number): number {
  let at = before - 1
  while (isSpace(text[at])) at -= 1
  return at
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\n' || character === '\r' || character === '\t'
}

/** Where escapes were written after all, they are undone. */
function decoded(value: string): string {
  return value.replaceAll('\\r\\n', '\n').replaceAll('\\n', '\n').replaceAll('\\t', '\t').replaceAll('\\"', '"')
}
