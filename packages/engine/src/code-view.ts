import { IgnoreGate } from '@fixpoint/context'
import type { CodeSymbols, DraftTools, FileEdit, SourceSnapshot, SymbolPlace, TextMatch, TextSearch } from '@fixpoint/core'
import type { Syntax } from '@fixpoint/syntax'

/** Lines in which a name is looked for before most of them are thrown away. */
const LINES_LOOKED_AT = 2_000
const LONGEST_PLACE = 400

export type CodeView = Pick<DraftTools, 'search' | 'symbols' | 'isHidden' | 'syntaxError' | 'sameTokens'>

/** What may be known of a tree, as edits have left it. Listing, searching and symbols pass one gate, so that what its owner excluded is nowhere. */
export function codeViewOf(
  source: SourceSnapshot,
  { search, syntax }: { search: TextSearch; syntax: Syntax },
  signal: AbortSignal,
  edits: () => readonly FileEdit[] = () => [],
): CodeView {
  const gate = new IgnoreGate(source)
  const lookUp = async (patterns: readonly string[], limit: number) => {
    const matches = await search.search(source, patterns, { limit: LINES_LOOKED_AT, signal })
    return edited(matches, patterns, edits())
      .filter((match) => gate.admits(match.path))
      .slice(0, limit)
  }
  const text = (path: string) => {
    const edit = edits().find((each) => each.path === path)
    return edit === undefined ? source.text(path) : (edit.content ?? undefined)
  }
  return {
    search: { search: lookUp },
    symbols: symbolsOf(text, syntax, (name) => lookUp([name], LINES_LOOKED_AT)),
    isHidden: (path) => !gate.admits(path),
    syntaxError: (path, text) => syntax.error(path, text),
    sameTokens: (path, a, b) => a === b || syntax.tokens(path, a).join('\0') === syntax.tokens(path, b).join('\0'),
  }
}

/** Matches on the base, with those of edited files told anew. By path, as they come. */
function edited(matches: readonly TextMatch[], patterns: readonly string[], edits: readonly FileEdit[]): readonly TextMatch[] {
  if (edits.length === 0) return matches
  const changed = new Set(edits.map(({ path }) => path))
  const anew = edits.flatMap(({ path, content }) =>
    (content ?? '')
      .split('\n')
      .flatMap((text, index) => (patterns.some((each) => each !== '' && text.includes(each)) ? [{ path, line: index + 1, text }] : [])),
  )
  return [...matches.filter(({ path }) => !changed.has(path)), ...anew].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line))
}

function symbolsOf(textOf: (path: string) => string | undefined, syntax: Syntax, mentions: (name: string) => Promise<readonly TextMatch[]>): CodeSymbols {
  const places = async (name: string) => {
    const word = new RegExp(`(?<![\\w$])${name.replace(/[^\w]/g, '\\$&')}(?![\\w$])`)
    return (await mentions(name)).filter((match) => word.test(match.text))
  }
  return {
    async definitions(name, limit) {
      const own = name.slice(name.lastIndexOf('.') + 1)
      const found: SymbolPlace[] = []
      const mentioned = await places(own)
      for (const path of new Set(mentioned.map((match) => match.path))) {
        const text = textOf(path) ?? ''
        const lines = text.split('\n')
        const functions = syntax.functions(path, text).filter((span) => span.name === own && (own === name || span.qualified.endsWith(name)))
        for (const span of functions) found.push(placeOf(path, span.lines, lines, undefined))
        const starts = new Set(functions.map((span) => span.lines[0]))
        for (const { line, text: declared } of mentioned.filter((match) => match.path === path))
          if (own === name && !starts.has(line) && declares(declared, own))
            found.push(placeOf(path, [line, line], lines, syntax.enclosing(path, text, { line })?.qualified))
      }
      return found.slice(0, limit)
    },
    async references(name, limit) {
      const own = name.slice(name.lastIndexOf('.') + 1)
      return (await places(own)).slice(0, limit).map(({ path, line, text }) => ({
        ...{ path, lines: [line, line] as const, text: text.trim() },
        within: syntax.enclosing(path, textOf(path) ?? '', { line })?.qualified,
      }))
    },
  }
}

function placeOf(path: string, [first, last]: readonly [number, number], lines: readonly string[], within: string | undefined): SymbolPlace {
  const end = Math.min(last, first + LONGEST_PLACE - 1)
  return { path, lines: [first, end], text: lines.slice(first - 1, end).join('\n'), within }
}

/** A class, a type or a variable: functions are known from the tree. */
function declares(line: string, name: string): boolean {
  const escaped = name.replace(/[^\w]/g, '\\$&')
  return new RegExp(
    `(?:\\b(?:class|interface|type|enum|const|let|var|namespace)\\s+${escaped}(?![\\w$]))|(?:^${escaped}\\s*(?::[^=]+)?=(?!=))|(?:^(?:module\\.)?exports\\.${escaped}\\s*=)`,
  ).test(line.trim())
}
