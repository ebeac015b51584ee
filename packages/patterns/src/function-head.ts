import { type FunctionSpan, find, type SyntaxNode } from '@fixpoint/syntax'

export interface Splice {
  readonly at: number
  readonly text: string
}

export function spliced(text: string, splices: readonly Splice[]): string {
  let result = text
  for (const { at, text: added } of [...splices].sort((a, b) => b.at - a.at)) result = result.slice(0, at) + added + result.slice(at)
  return result
}

/** An expression that is evaluated first whenever the function is entered; lines stay where they are. */
export function javascriptHead(text: string, span: FunctionSpan, expression: string): readonly Splice[] {
  if (span.expressionBody)
    return [
      { at: span.bodyStart, text: `(${expression},` },
      { at: span.bodyEnd, text: ')' },
    ]
  return [{ at: span.bodyStart + directivesIn(text.slice(span.bodyStart, span.bodyEnd)), text: `;${expression};` }]
}

/** Length of what must stay first in a body: comments and `'use strict'`. */
function directivesIn(body: string): number {
  const found = /^(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:(['"])use [\w ]+\1\s*;?)/.exec(body)
  return found === null ? 0 : found[0].length
}

/** Lines of their own that run first whenever the function is entered, after its docstring; a lambda has no place for them. */
export function pythonHead(text: string, root: SyntaxNode, span: FunctionSpan, ...statements: readonly string[]): readonly Splice[] | undefined {
  if (span.expressionBody) return undefined
  const lineStart = text.lastIndexOf('\n', span.bodyStart - 1) + 1
  const before = text.slice(lineStart, span.bodyStart)
  const sameLine = before.trim() !== ''
  const statement = find(root, (node) => node.type === 'expression_statement' && node.start === span.bodyStart)
  const docstring = statement?.children[0]?.type === 'string' && !sameLine ? statement : undefined
  const indent = sameLine ? `${/^\s*/.exec(before)?.[0] ?? ''}    ` : before
  const lines = statements.join(`\n${indent}`)
  if (docstring !== undefined) return [{ at: docstring.end, text: `\n${indent}${lines}` }]
  return [{ at: span.bodyStart, text: `${sameLine ? `\n${indent}` : ''}${lines}\n${indent}` }]
}
