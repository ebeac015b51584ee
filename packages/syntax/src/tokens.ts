import { type SyntaxNode, visit } from './node.ts'
import type { ParsedFile } from './parsed-file.ts'

/** Nodes whose inner text counts as one token. */
const WHOLE = new Set(['string', 'regex'])

export function tokensIn(file: ParsedFile): readonly string[] {
  const tokens: string[] = []
  const indented = file.language === 'python'
  visit(file.root, (node) => {
    if (node.type === 'comment') return false
    if (WHOLE.has(node.type) && !interpolates(node)) {
      tokens.push(oneQuote(file.text.slice(node.start, node.end)))
      return false
    }
    // Python's blocks have no braces: where one begins is part of what the text says.
    if (indented && node.type === 'block') tokens.push(`{${node.children.length}`)
    if (node.children.length > 0 || node.start === node.end) return undefined
    if (node.type === ';' || redundantParenthesis(node)) return undefined
    tokens.push(file.text.slice(node.start, node.end))
    return undefined
  })
  return tokens
}

function interpolates(node: SyntaxNode): boolean {
  return node.children.some((child) => child.type === 'interpolation')
}

/** `(a)` and `((a))` say the same where the tree says the grouping anyway: in conditions and around single names. */
function redundantParenthesis(node: SyntaxNode): boolean {
  const around = node.parent
  if (around?.type !== 'parenthesized_expression' || (node.type !== '(' && node.type !== ')')) return false
  const inner = around.children.find((child) => child.named)
  return inner === undefined || /identifier|number|integer|string|member_expression|subscript|call|attribute|parenthesized_expression/.test(inner.type)
}

function oneQuote(literal: string): string {
  return /^'[^'"\\]*'$/.test(literal) ? `"${literal.slice(1, -1)}"` : literal
}
