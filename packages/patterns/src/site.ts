import { type Binding, child, type FunctionSpan, type ImportedName, type Language, type Syntax, type SyntaxNode, visit } from '@fixpoint/syntax'
import type { Fault } from './fault.ts'
import { textBetween } from './tree.ts'

/** One file under suspicion, with the questions that fix patterns ask about it. */
export interface Site {
  readonly path: string
  readonly text: string
  readonly language: Language
  readonly python: boolean
  readonly root: SyntaxNode
  readonly fault: Fault
  /** The text of a node. */
  of(node: SyntaxNode | undefined): string
  /** 1-based. */
  line(offset: number): number
  /** The white space in front of the line of an offset. */
  indent(offset: number): string
  scope(offset: number): readonly Binding[]
  function(offset: number): FunctionSpan | undefined
  /** Property names by the text of their receiver, `*` for all of the file, in the order of their first use. */
  readonly properties: ReadonlyMap<string, readonly string[]>
  readonly functions: readonly FunctionSpan[]
  readonly imports: readonly ImportedName[]
}

/** `undefined` when the file cannot be parsed: nothing is proposed for it then. */
export function openSite(syntax: Syntax, path: string, text: string, fault: Fault): Site | undefined {
  const language = syntax.languageOf(path)
  const root = syntax.parse(path, text)
  if (language === undefined || root === undefined) return undefined
  const starts = lineStarts(text)
  const scopes = new Map<number, readonly Binding[]>()
  const functions = syntax.functions(path, text)
  const lineStart = (offset: number) => text.lastIndexOf('\n', offset - 1) + 1
  return {
    path,
    text,
    language,
    python: language === 'python',
    root,
    fault,
    of: (node) => textBetween(text, node),
    line: (offset) => countUpTo(starts, offset),
    indent: (offset) => /^[ \t]*/.exec(text.slice(lineStart(offset), lineStart(offset) + 200))?.[0] ?? '',
    scope(offset) {
      const known = scopes.get(offset) ?? syntax.scope(path, text, offset)
      scopes.set(offset, known)
      return known
    },
    // In source order an inner function follows its outer one: the last that holds the offset is the innermost.
    function: (offset) => functions.findLast((span) => span.start <= offset && offset < span.end),
    properties: propertiesOf(text, root),
    functions,
    imports: syntax.imports(path, text),
  }
}

function lineStarts(text: string): readonly number[] {
  const starts = [0]
  for (let index = text.indexOf('\n'); index !== -1; index = text.indexOf('\n', index + 1)) starts.push(index + 1)
  return starts
}

function countUpTo(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  return low
}

function propertiesOf(text: string, root: SyntaxNode): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>()
  const add = (receiver: string, property: string) => {
    const known = found.get(receiver)
    if (known === undefined) found.set(receiver, new Set([property]))
    else known.add(property)
  }
  visit(root, (node) => {
    const property = child(node, 'property') ?? child(node, 'attribute')
    if (property !== undefined && (node.type === 'member_expression' || node.type === 'attribute')) {
      add('*', textBetween(text, property))
      add(textBetween(text, child(node, 'object')), textBetween(text, property))
    }
    if ((node.type === 'pair' || node.type === 'property_signature') && child(node, 'key')?.type === 'property_identifier')
      add('*', textBetween(text, child(node, 'key')))
    if (node.type === 'shorthand_property_identifier' || node.type === 'shorthand_property_identifier_pattern') add('*', textBetween(text, node))
    return undefined
  })
  return new Map([...found].map(([receiver, names]) => [receiver, [...names]]))
}
