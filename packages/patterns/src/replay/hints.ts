import { type BugReport, type MappedFrame, reveal, type SourceSnapshot, type StackTrace } from '@fixpoint/core'

/**
 * What the report and the line that failed say about the guilty value. Names and words only: they order what is tried and
 * are themselves tried as strings, but nothing of a report stays in what is written (see `shrink`).
 */
export interface Hints {
  /** Names whose absence the message complains about: `price` in "reading 'price'". */
  readonly missing: ReadonlySet<string>
  /** Receivers of those names on the hot lines: `product` in `item.product.price`. */
  readonly guilty: ReadonlySet<string>
  /** Every name on a hot line. */
  readonly mentioned: ReadonlySet<string>
  /** Every name in the functions of the trace. */
  readonly around: ReadonlySet<string>
  /** Quoted words of the message. */
  readonly words: readonly string[]
  readonly kind: 'nullish' | 'missing-key' | 'index' | 'range' | 'type' | 'other'
}

export function hintsFrom(report: BugReport, frames: readonly MappedFrame[], source: SourceSnapshot): Hints {
  const traces = report.traces.flatMap(unfold)
  const messages = traces.map((trace) => trace.message ?? '')
  if (messages.length === 0) messages.push(reveal(report.title).slice(0, 500))
  const message = messages.join('\n')
  const words = [...message.matchAll(/(['"`])([^'"`\n]{1,60})\1/g)].map((found) => found[2] ?? '')
  const lines = frames.flatMap((frame) => linesAround(source.text(frame.path), frame.line))
  const hot = lines.filter((line) => line.hot).map((line) => line.text)
  const missing = new Set(words.filter((word) => /^[\w$]+$/.test(word)))
  const guilty = new Set<string>()
  for (const line of hot) {
    for (const found of line.matchAll(/([\w$]+)(?:\([^()]*\)|\[[^\]]*\])*(?:\?|!)?(?:\.([\w$]+)|\[['"]?([\w$]+)['"]?\])/g)) {
      if (missing.has(found[2] ?? found[3] ?? '')) for (const name of found[0].match(/[\w$]+/g) ?? []) guilty.add(name)
    }
    for (const name of missing) guilty.delete(name)
  }
  return {
    missing,
    guilty,
    mentioned: namesIn(hot),
    around: namesIn(lines.map((line) => line.text)),
    words: [...new Set(words)].slice(0, 4),
    kind: kindOf(traces, message),
  }
}

function unfold(trace: StackTrace): StackTrace[] {
  return [trace, ...trace.causes.slice(0, 5).flatMap((cause) => unfold(cause.trace))]
}

function kindOf(traces: readonly StackTrace[], message: string): Hints['kind'] {
  const types = traces.map((trace) => trace.errorType ?? '').join(' ')
  if (/\b(undefined|null|NoneType|None)\b/.test(message)) return 'nullish'
  if (/KeyError|AttributeError/.test(types)) return 'missing-key'
  if (/IndexError|StopIteration|empty/.test(`${types} ${message}`)) return 'index'
  if (/RangeError|ValueError|ZeroDivision|Overflow|SyntaxError|Decode/.test(types)) return 'range'
  if (/TypeError/.test(types)) return 'type'
  return 'other'
}

function linesAround(text: string | undefined, line: number | undefined): { text: string; hot: boolean }[] {
  if (text === undefined || line === undefined) return []
  const lines = text.split('\n')
  const from = Math.max(0, line - 8)
  return lines.slice(from, line + 4).map((each, index) => ({ text: each.slice(0, 400), hot: from + index === line - 1 }))
}

function namesIn(lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.match(/[A-Za-z_$][\w$]*/g) ?? []))
}
