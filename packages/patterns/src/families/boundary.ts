import { child, named, type SyntaxNode } from '@fixpoint/syntax'
import { type Edit, type Family, replace } from '../fix.ts'
import type { Site } from '../site.ts'
import { around, looksNumeric, operatorOf } from '../tree.ts'

/** Off by one: indices, slice and loop bounds, arguments, returned numbers; and a ±1 that should not be there. */
export const boundary: Family = {
  name: 'boundary',
  languages: 'all',
  round: 1,
  prior: { value: 0.8, range: 1, null: 0.6, other: 0.3 },
  *propose(node, site) {
    if (/^(binary_expression|binary_operator)$/.test(node.type)) yield* existing(node, site)
    const likelihood = place(node, site)
    if (likelihood === 0 || /^(string|template_string|spread_element|list_splat|keyword_argument|slice|object|array|arrow_function|lambda)$/.test(node.type))
      return
    const said = site.of(node)
    if (/^\d+$/.test(said)) {
      const number = Number(said)
      yield replace(site, node, String(number + 1), '+ 1', { likelihood })
      if (number > 0) yield replace(site, node, String(number - 1), '- 1', { likelihood })
      return
    }
    const operand =
      /^(identifier|member_expression|attribute|subscript|subscript_expression|call|call_expression|number|integer|parenthesized_expression|binary_expression|binary_operator)$/.test(
        node.type,
      )
    if (!operand) return
    yield replace(site, node, `${said} - 1`, '- 1', { likelihood })
    yield replace(site, node, `${said} + 1`, '+ 1', { likelihood })
  },
}

/** `n + 1` → `n`, `n - 1`; also inside a larger bound. */
function* existing(node: SyntaxNode, site: Site): Generator<Edit> {
  const [left, right] = named(node)
  const operator = operatorOf(node)
  if (left === undefined || right === undefined || operator === undefined || site.of(right) !== '1') return
  const now = site.of(operator)
  if (now !== '+' && now !== '-') return
  yield replace(site, node, site.of(left), `strip ${now} 1`, { likelihood: 0.9 })
  yield replace(site, operator, now === '+' ? '-' : '+', `${now} → ${now === '+' ? '-' : '+'}`, { likelihood: 0.5 })
}

const BOUND_CALLS =
  /^(slice|substring|substr|splice|at|charAt|charCodeAt|fill|subarray|range|islice|insert|pop|repeat|padStart|padEnd|setDate|setMonth|setFullYear|sleep|setTimeout|timedelta)$/

/** How likely an off-by-one is where the node stands; 0 where it makes no sense. */
function place(node: SyntaxNode, site: Site): number {
  const parent = node.parent
  if (parent === undefined) return 0
  if (parent.type === 'subscript_expression' && node.field === 'index') return looksNumeric(node, site.text) || node.type === 'identifier' ? 1 : 0
  if (parent.type === 'subscript' && node.field === 'subscript') return looksNumeric(node, site.text) ? 1 : node.type === 'identifier' ? 0.4 : 0
  if (parent.type === 'slice') return 1
  if (parent.type === 'arguments' || parent.type === 'argument_list') return boundCall(parent, site) ? 0.9 : looksNumeric(node, site.text) ? 0.3 : 0
  if (parent.type === 'binary_expression' || parent.type === 'comparison_operator') return comparedBound(node, parent, site)
  if (parent.type === 'return_statement' || (parent.type === 'arrow_function' && node.field === 'body')) return looksNumeric(node, site.text) ? 0.5 : 0
  if (/^(variable_declarator|assignment|assignment_expression)$/.test(parent.type) && (node.field === 'value' || node.field === 'right')) {
    if (!looksNumeric(node, site.text)) return 0
    return inLoopHeader(parent) ? 0.9 : 0.4
  }
  return 0
}

function boundCall(list: SyntaxNode, site: Site): boolean {
  const callee = child(list.parent, 'function')
  return BOUND_CALLS.test(site.of(child(callee, 'property') ?? child(callee, 'attribute') ?? callee))
}

function comparedBound(node: SyntaxNode, parent: SyntaxNode, site: Site): number {
  const operands = named(parent)
  if (operands.length !== 2 || operands[1] !== node) return 0
  if (!/^(<=?|>=?|===?|!==?)$/.test(site.of(operatorOf(parent)))) return 0
  return operands.some((operand) => looksNumeric(operand, site.text)) ? 0.6 : 0
}

function inLoopHeader(node: SyntaxNode): boolean {
  for (const outer of around(node)) {
    if (outer.type === 'for_statement') return true
    if (/block|_body$/.test(outer.type)) return false
  }
  return false
}
