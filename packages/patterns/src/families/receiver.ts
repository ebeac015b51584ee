import { child, type SyntaxNode } from '@fixpoint/syntax'

/** A name or a path of names: `order.items`, `this.rows`, `rows[i]`. Evaluating it twice does no harm. */
export function isPlain(node: SyntaxNode): boolean {
  if (node.type === 'identifier') return true
  if (!/^(member_expression|attribute|subscript_expression|subscript)$/.test(node.type)) return false
  const object = child(node, 'object') ?? child(node, 'value')
  return object !== undefined && (object.type === 'this' || isPlain(object))
}

export function isWritten(node: SyntaxNode): boolean {
  const parent = node.parent
  if (node.field === 'left' && parent !== undefined && /^(assignment|assignment_expression)$/.test(parent.type)) return true
  return parent !== undefined && /^(update_expression|delete_statement)$/.test(parent.type)
}

/** With parentheses where the surroundings bind tighter. */
export function inPlace(node: SyntaxNode, text: string): string {
  const parent = node.parent?.type ?? ''
  return /^(binary_expression|binary_operator|boolean_operator|comparison_operator|unary_expression|not_operator|unary_operator|ternary_expression|conditional_expression|await_expression|await|spread_element|template_substitution|augmented_assignment_expression)$/.test(
    parent,
  ) && parent !== 'augmented_assignment_expression'
    ? `(${text})`
    : text
}
