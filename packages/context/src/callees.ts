import type { Syntax } from '@fixpoint/syntax'
import { resolveImport } from './resolve-import.ts'

/** What is asked about the text of files. */
export type FileSyntax = Pick<Syntax, 'functions' | 'enclosing' | 'calls' | 'imports'>

export interface Place {
  readonly path: string
  readonly function?: string | undefined
  readonly lines: readonly [number, number]
  readonly hotLine?: number | undefined
}

interface CodeSignals {
  readonly text: (path: string) => string | undefined
  readonly has: (path: string) => boolean
  readonly syntax: FileSyntax
}

const MOST_CALLS = 60

export interface Callee {
  readonly name: string
  readonly target: Place
  /** Of the call. */
  readonly lines: readonly [number, number]
}

/** Functions of the repository that are called within these lines, in the order of the calls. */
export function calleesOf(place: Place, signals: CodeSignals): readonly Callee[] {
  const content = signals.text(place.path)
  if (content === undefined) return []
  const starts = lineStarts(content)
  const start = starts[place.lines[0] - 1] ?? 0
  const end = starts[place.lines[1]] ?? content.length
  return signals.syntax
    .calls(place.path, content, { start, end })
    .slice(0, MOST_CALLS)
    .flatMap((call) => {
      const target = definitionOf(call.name, call.receiver, place.path, content, signals)
      if (!target || (target.path === place.path && target.lines[0] === place.lines[0])) return []
      return [{ name: call.name, target, lines: [lineAt(starts, call.start), lineAt(starts, call.end)] as const }]
    })
}

/** In the same file, else in the file that the name or its receiver was imported from. */
function definitionOf(name: string, receiver: string | undefined, path: string, content: string, { syntax, has, text }: CodeSignals): Place | undefined {
  if (name === '') return undefined
  const here = syntax.functions(path, content).find((span) => span.name === name)
  if (here) return { path, function: here.qualified || here.name, lines: here.lines }
  const source = syntax.imports(path, content).find((imported) => imported.local === (receiver ?? name))
  const file = source && resolveImport(path, source.from, { has, text })
  const other = file === undefined ? undefined : text(file)
  if (file === undefined || other === undefined) return undefined
  const wanted = receiver === undefined && source && source.exported !== 'default' && source.exported !== '*' ? source.exported : name
  const there = syntax.functions(file, other).find((span) => span.name === wanted)
  return there && { path: file, function: there.qualified || there.name, lines: there.lines }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

function lineAt(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low + 1
}
