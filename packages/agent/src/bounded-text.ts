/** The beginning and the end of a text, and how much was left out between them. */
export function bounded(text: string, maximum: number): string {
  if (text.length <= maximum) return text
  const half = Math.floor(maximum / 2)
  const head = text.slice(0, half)
  const tail = text.slice(-half)
  return `${head}\n… ${text.length - 2 * half} of ${text.length} characters left out here …\n${tail}`
}

/** The first few of a list as lines, and how many are not shown. */
export function firstLines(lines: readonly string[], maximum: number, hint: string): string {
  const left = lines.length - maximum
  return left <= 0 ? lines.join('\n') : [...lines.slice(0, maximum), `… ${left} more are not shown; ${hint}`].join('\n')
}
