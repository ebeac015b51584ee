/** Depth to which a JSON record is searched for texts with a trace. */
const MAXIMUM_DEPTH = 8
/** Characters of one JSON record that are parsed. */
const MAXIMUM_RECORD = 256 * 1024

/**
 * Traces that a structured logger wrote as strings: the texts of a JSON record, or of one line, that hold frames. Empty when there is none. Ask `mayHoldTrace` first.
 */
export function embeddedTexts(line: string): string[] {
  const start = line.indexOf('{')
  const end = line.lastIndexOf('}')
  if (start >= 0 && end > start && line.length <= MAXIMUM_RECORD) {
    const parsed = parsedRecord(line.trimStart().startsWith('[') ? line : line.slice(start, end + 1))
    if (parsed !== undefined) {
      const texts: string[] = []
      collect(parsed, texts, 0)
      return [...new Set(texts)]
    }
  }
  return line.includes('\n') ? [] : [unescaped(line)]
}

/** Whether a text holds frames behind escaped line breaks. */
export function mayHoldTrace(line: string): boolean {
  return line.includes('\\n    at ') || line.includes('Traceback (most recent call last):\\n')
}

function parsedRecord(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function collect(value: unknown, texts: string[], depth: number): void {
  if (depth > MAXIMUM_DEPTH) return
  if (typeof value === 'string') {
    if (value.includes('\n    at ') || value.includes('Traceback (most recent call last):\n')) texts.push(value)
  } else if (value !== null && typeof value === 'object') {
    for (const member of Object.values(value)) collect(member, texts, depth + 1)
  }
}

/** A string that was cut off or pasted without its record: only its line breaks, tabs and quotes are undone. */
function unescaped(line: string): string {
  return line.replaceAll('\\r\\n', '\n').replaceAll('\\n', '\n').replaceAll('\\t', '\t').replaceAll('\\"', '"')
}
