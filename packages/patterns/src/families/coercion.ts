import type { SyntaxNode } from '@fixpoint/syntax'
import { type Family, quoted, replace } from '../fix.ts'
import type { Site } from '../site.ts'
import { child, inParentheses, operatorOf } from '../tree.ts'

const WRAPPABLE = /^(identifier|member_expression|subscript_expression|call_expression|attribute|subscript|call|binary_expression|binary_operator)$/

/** A value of the wrong shape: text for a number, untrimmed or differently cased text, a fraction for a whole number. */
export const coercion: Family = {
  name: 'coercion',
  languages: 'all',
  round: 2,
  prior: { value: 0.5, type: 0.9, other: 0.15 },
  *propose(node, site) {
    if (!WRAPPABLE.test(node.type) || !isValue(node, site)) return
    const said = site.of(node)
    const primary = inParentheses(site.text, node)
    const wraps: readonly (readonly [string, number])[] = site.python
      ? [
          [`int(${said})`, 0.6],
          [`float(${said})`, 0.4],
          [`str(${said})`, 0.5],
          [`${primary}.strip()`, 0.4],
          [`${primary}.lower()`, 0.45],
          [`len(${said})`, 0.25],
          [`abs(${said})`, 0.25],
          [`sorted(${said})`, 0.2],
          [`list(${said})`, 0.25],
          [`max(0, ${said})`, 0.3],
          [`round(${said}, 2)`, 0.15],
          [`set(${said})`, 0.1],
        ]
      : [
          [`Number(${said})`, 0.6],
          [`String(${said})`, 0.5],
          [`${primary}.trim()`, 0.4],
          [`${primary}.toLowerCase()`, 0.45],
          [`Math.floor(${said})`, 0.3],
          [`Math.ceil(${said})`, 0.3],
          [`Math.round(${said})`, 0.3],
          [`Math.max(0, ${said})`, 0.35],
          [`Math.abs(${said})`, 0.25],
          [`${primary}.length`, 0.2],
          [`Boolean(${said})`, 0.1],
          [`[...${primary}]`, 0.1],
        ]
    for (const [text, likelihood] of wraps) {
      const [wrapper = ''] = text.split('(', 1)
      if (said.startsWith(`${wrapper}(`) || said.endsWith(text.slice(primary.length)) || child(node.parent, 'function') === node) continue
      yield replace(site, node, text, 'wrap', { likelihood, says: `use ${quoted(text)} instead of ${quoted(said)}` })
    }
  },
}

function isValue(node: SyntaxNode, site: Site): boolean {
  const parent = node.parent
  if (parent === undefined || node.field === 'function' || node.field === 'object' || node.field === 'constructor') return false
  if (/^(arguments|argument_list|return_statement|pair|template_substitution|interpolation)$/.test(parent.type)) return node.field !== 'key'
  if (/^(variable_declarator|assignment|assignment_expression|augmented_assignment|augmented_assignment_expression)$/.test(parent.type))
    return node.field === 'value' || node.field === 'right'
  if (parent.type === 'arrow_function') return node.field === 'body'
  if (parent.type === 'subscript_expression' || parent.type === 'subscript') return node.field === 'index' || node.field === 'subscript'
  return /^(binary_expression|binary_operator|comparison_operator)$/.test(parent.type) && !/^(&&|\|\|)$/.test(site.of(operatorOf(parent)))
}

/** A call that should not be there. */
export const unwrap: Family = {
  name: 'unwrap',
  languages: 'all',
  round: 2,
  prior: { value: 0.35, type: 0.4, other: 0.1 },
  *propose(node, site) {
    if (!/^(call_expression|call)$/.test(node.type) || node.parent?.type === 'expression_statement') return
    const list = child(node, 'arguments')
    const given = list?.children.filter((each) => each.named) ?? []
    const object = child(child(node, 'function'), 'object')
    if (given.length === 1 && given[0] !== undefined && object === undefined) yield replace(site, node, site.of(given[0]), 'unwrap', { likelihood: 0.4 })
    if (given.length === 0 && object !== undefined && !/^(this|super)$/.test(object.type))
      yield replace(site, node, site.of(object), 'drop call', { likelihood: 0.5 })
  },
}
