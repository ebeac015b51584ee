import { child, named, type SyntaxNode, visit } from '@fixpoint/syntax'
import type { Site } from './site.ts'
import { operatorOf } from './tree.ts'

/** What a value surely is, by the text that makes it. `undefined` when the text does not say. */
export type Shape = 'list' | 'text' | 'number' | 'boolean' | 'object' | 'function' | 'nothing'

const LIST_METHODS = /^(map|filter|flatMap|flat|concat|splice|sort|toSorted|reverse|split|splitlines|keys|values|entries|items|from)$/
const TEXT_METHODS =
  /^(trim|trimStart|trimEnd|toLowerCase|toUpperCase|replace|replaceAll|padStart|padEnd|join|toString|toFixed|substring|substr|strip|lower|upper|format|repeat)$/
const NUMBER_METHODS = /^(indexOf|lastIndexOf|findIndex|getTime|reduce|round|floor|ceil|abs|now|parseInt|parseFloat|count|charCodeAt)$/
const BOOLEAN_METHODS = /^(includes|some|every|has|startsWith|endsWith|startswith|endswith|test|isArray|isInteger|isNaN)$/
const HOPS = 3

export function shapeOf(node: SyntaxNode | undefined, site: Site, hops = HOPS): Shape | undefined {
  if (node === undefined || hops < 0) return undefined
  if (/^(array|list|list_comprehension|tuple|set)$/.test(node.type)) return 'list'
  if (/^(string|template_string|concatenated_string)$/.test(node.type)) return 'text'
  if (/^(number|integer|float)$/.test(node.type)) return 'number'
  if (/^(true|false)$/.test(node.type)) return 'boolean'
  if (/^(object|dictionary)$/.test(node.type)) return 'object'
  if (/^(null|undefined|none)$/.test(node.type)) return 'nothing'
  if (/^(arrow_function|function_expression|lambda)$/.test(node.type)) return 'function'
  if (/^(parenthesized_expression|await_expression)$/.test(node.type)) return shapeOf(named(node)[0], site, hops)
  if (/^(call_expression|call)$/.test(node.type)) return shapeOfCall(node, site)
  if (/^(comparison_operator|not_operator)$/.test(node.type)) return 'boolean'
  if (/^(binary_expression|binary_operator|boolean_operator)$/.test(node.type)) return shapeOfOperation(node, site, hops)
  if (node.type === 'member_expression' && site.of(child(node, 'property')) === 'length') return 'number'
  if (node.type === 'identifier') return shapeOf(madeBy(site.of(node), site), site, hops - 1)
  return undefined
}

function shapeOfCall(node: SyntaxNode, site: Site): Shape | undefined {
  const callee = child(node, 'function')
  const method = child(callee, 'property') ?? child(callee, 'attribute')
  const name = site.of(method ?? callee)
  if (method === undefined) {
    if (/^(list|sorted|tuple|set|range)$/.test(name)) return 'list'
    if (/^(String|str)$/.test(name)) return 'text'
    if (/^(Number|int|float|len|abs|sum|parseInt|parseFloat)$/.test(name)) return 'number'
    return /^(Boolean|bool|isinstance)$/.test(name) ? 'boolean' : undefined
  }
  if (/^Math$/.test(site.of(child(callee, 'object')))) return 'number'
  if (LIST_METHODS.test(name)) return 'list'
  if (TEXT_METHODS.test(name)) return 'text'
  if (NUMBER_METHODS.test(name) && name !== 'reduce') return 'number'
  return BOOLEAN_METHODS.test(name) ? 'boolean' : undefined
}

function shapeOfOperation(node: SyntaxNode, site: Site, hops: number): Shape | undefined {
  const operator = site.of(operatorOf(node))
  const [left, right] = named(node)
  if (/^([<>]=?|[!=]==?|in|instanceof)$/.test(operator)) return 'boolean'
  if (/^([-*/%]|\*\*|\/\/)$/.test(operator)) return 'number'
  const [one, other] = [shapeOf(left, site, hops - 1), shapeOf(right, site, hops - 1)]
  if (operator === '+') return one === 'text' || other === 'text' ? 'text' : one === 'number' && other === 'number' ? 'number' : undefined
  if (/^(\|\||\?\?|&&|or|and)$/.test(operator)) return other ?? one
  return undefined
}

/** What a name surely holds, by the one expression that it is given in this file. */
export function shapeOfName(name: string, site: Site): Shape | undefined {
  return shapeOf(madeBy(name, site), site)
}

const made = new WeakMap<Site, ReadonlyMap<string, SyntaxNode | undefined>>()

/** The one expression that a name is given in this file; `undefined` when there are several or none. */
function madeBy(name: string, site: Site): SyntaxNode | undefined {
  const known = made.get(site) ?? declarationsOf(site)
  made.set(site, known)
  return known.get(name)
}

function declarationsOf(site: Site): ReadonlyMap<string, SyntaxNode | undefined> {
  const found = new Map<string, SyntaxNode | undefined>()
  visit(site.root, (node) => {
    const target = /^variable_declarator$/.test(node.type)
      ? child(node, 'name')
      : /^(assignment|assignment_expression)$/.test(node.type)
        ? child(node, 'left')
        : undefined
    if (target?.type === 'identifier') found.set(site.of(target), found.has(site.of(target)) ? undefined : (child(node, 'value') ?? child(node, 'right')))
    return undefined
  })
  return found
}
