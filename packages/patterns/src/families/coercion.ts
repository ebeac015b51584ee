import { child, type SyntaxNode } from '@fixpoint/syntax'
import { type Family, quoted, replace } from '../fix.ts'
import { type Shape, shapeOf } from '../shape.ts'
import type { Site } from '../site.ts'
import { inParentheses, operatorOf } from '../tree.ts'

const WRAPPABLE = /^(identifier|member_expression|subscript_expression|call_expression|attribute|subscript|call|binary_expression|binary_operator)$/

/** A value of the wrong shape: text for a number, untrimmed or differently cased text, a fraction for a whole number. */
export const coercion: Family = {
  name: 'coercion',
  languages: 'all',
  round: 2,
  prior: { value: 0.25, type: 0.9, other: 0.15 },
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
    const shape = shapeOf(node, site)
    for (const [text, likelihood] of wraps) {
      const [wrapper = ''] = text.split('(', 1)
      if (said.startsWith(`${wrapper}(`) || said.endsWith(text.slice(primary.length)) || child(node.parent, 'function') === node) continue
      const how = text.startsWith(primary) ? text.slice(primary.length) : (/^[\w.]*[([]/.exec(text)?.[0] ?? '')
      if (!makesSense(how, shape)) continue
      const mixed = site.fault.near === 'number-as-text' && NUMBER_TEXT.test(how) ? 4 : 1
      yield replace(site, node, text, 'wrap', { likelihood: likelihood * mixed, says: `use ${quoted(text)} instead of ${quoted(said)}` })
    }
  },
}

const NUMBER_TEXT = /^(Number|String|int|float|str)\(/
/** What each conversion may be given, by what surely is there; unknown values may be given anything. */
const GIVEN: readonly (readonly [RegExp, readonly Shape[]])[] = [
  [/^(Number|int|float)\(/, ['text']],
  [/^(String|str)\(/, ['number', 'boolean']],
  [/^(Math\.\w+|abs|round|max)\(/, ['number']],
  [/^\.(trim|toLowerCase|strip|lower)\(/, ['text']],
  [/^(\.length|len\()/, ['text', 'list']],
  [/^(\[|sorted|list|set)/, ['list', 'text']],
  [/^Boolean\(/, ['number', 'text', 'nothing']],
]

function makesSense(how: string, shape: Shape | undefined): boolean {
  if (shape === undefined) return true
  const rule = GIVEN.find(([wrapper]) => wrapper.test(how))
  return rule === undefined || rule[1].includes(shape)
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
