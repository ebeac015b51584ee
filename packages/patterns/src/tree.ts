import { child, isFunction, named, type SyntaxNode } from '@fixpoint/syntax'

/** What is around a node, innermost first, without the node itself. */
export function* around(node: SyntaxNode): Generator<SyntaxNode> {
  for (let current = node.parent; current !== undefined; current = current.parent) yield current
}

export function textBetween(text: string, node: SyntaxNode | undefined): string {
  return node === undefined ? '' : text.slice(node.start, node.end)
}

export function functionAround(node: SyntaxNode): SyntaxNode | undefined {
  for (const outer of around(node)) if (isFunction(outer)) return outer
  return undefined
}

const STATEMENT = /_statement$|_declaration$|_definition$|^(return|raise|assert|expression|delete|pass|break|continue)_statement$/

/** The statement that a node belongs to. */
export function statementOf(node: SyntaxNode): SyntaxNode | undefined {
  for (let current: SyntaxNode | undefined = node; current !== undefined; current = current.parent) {
    if (STATEMENT.test(current.type) && current.named && current.type !== 'else_clause') return current
  }
  return undefined
}

/** The operator of a binary node: its first anonymous child, or Python's two-word `not in`, `is not`. */
export function operatorOf(node: SyntaxNode): SyntaxNode | undefined {
  return child(node, 'operator') ?? child(node, 'operators') ?? node.children.find((each) => !each.named)
}

const NUMERIC_METHODS = /\.(length|size|indexOf\(|lastIndexOf\(|count\()/
/** Whether an expression is surely or likely a number, by its shape. */
export function looksNumeric(node: SyntaxNode, text: string): boolean {
  if (/^(number|integer|float|unary_expression|unary_operator|update_expression)$/.test(node.type)) return true
  if (/^(binary_expression|binary_operator)$/.test(node.type))
    return /^[-*/%]|\*\*|\/\/$/.test(textBetween(text, operatorOf(node))) || named(node).every((each) => looksNumeric(each, text) || each.type === 'identifier')
  const said = textBetween(text, node)
  return (
    NUMERIC_METHODS.test(said) ||
    /^len\(/.test(said) ||
    /^(i|j|k|n|idx|index|start|end|low|high|lo|hi|mid|left|right|limit|offset|count|size|page|total|length|max|min|num|pos|position|cursor)$/i.test(said) ||
    /(Index|Count|Size|Offset|Limit|Length|Total|_index|_count|_size|_offset|_limit|_length)$/.test(said)
  )
}

/** A node that can stand before `.`, `?.`, `[` without parentheses. */
function isPrimary(node: SyntaxNode): boolean {
  return /^(identifier|member_expression|subscript_expression|call_expression|parenthesized_expression|this|call|attribute|subscript|array|string|template_string|list|non_null_expression)$/.test(
    node.type,
  )
}

export function inParentheses(text: string, node: SyntaxNode): string {
  return isPrimary(node) || /^(number|integer|float|true|false|none|null)$/.test(node.type) ? textBetween(text, node) : `(${textBetween(text, node)})`
}
