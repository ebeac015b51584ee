import { child, named, type SyntaxNode } from '@fixpoint/syntax'
import { type Edit, type Family, replace } from '../fix.ts'
import type { Site } from '../site.ts'
import { around, inParentheses, operatorOf } from '../tree.ts'
import { inPlace, isPlain, isWritten } from './receiver.ts'

const SYMPTOM = { symptomOnly: true }

/** Keeps going where a receiver is missing: `a?.b`, `a && a.b`, `(a ?? {}).b`, `for (x of a ?? [])`; `(a or [])` in Python. */
export const guard: Family = {
  name: 'guard',
  languages: 'all',
  round: 1,
  prior: { null: 1, 'not-callable': 0.4, type: 0.3, other: 0.08 },
  *propose(node, site) {
    if (site.python) yield* pythonReceiver(node, site)
    else yield* javascriptReceiver(node, site)
  },
}

function* javascriptReceiver(node: SyntaxNode, site: Site): Generator<Edit> {
  if (node.type === 'for_in_statement' || node.type === 'spread_element') {
    const list = node.type === 'spread_element' ? named(node)[0] : child(node, 'right')
    if (list !== undefined && !/^(array|string|object)$/.test(list.type))
      yield replace(site, list, `${inParentheses(site.text, list)} ?? []`, 'empty default', SYMPTOM)
    return
  }
  if (node.type === 'call_expression' && child(node, 'function')?.type !== 'member_expression' && site.fault.kind === 'not-callable') {
    const callee = child(node, 'function')
    if (callee?.type === 'identifier') yield replace(site, callee, `${site.of(callee)}?.`, 'optional call', { ...SYMPTOM, likelihood: 0.7 })
  }
  if (node.type !== 'member_expression' && node.type !== 'subscript_expression') return
  const object = child(node, 'object')
  if (object === undefined || child(node, 'optional_chain') !== undefined || /^(this|super|string|array|object|template_string)$/.test(object.type)) return
  const blamed = blame(node, site)
  const optional = node.type === 'member_expression' ? '?' : '?.'
  const written = isWritten(node)
  if (!written)
    yield replace(site, { start: object.end, end: object.end }, optional, 'optional chaining', {
      ...SYMPTOM,
      likelihood: (isUsedUp(chainOf(node), site) ? 0.45 : 0.9) * blamed,
      says: `change \`${short(site, node)}\` to \`${site.of(object)}?.${cut(site.text.slice(object.end, node.end).replace(/^\s*\./, ''))}\``,
    })
  if (!written && isPlain(object)) {
    const whole = chainOf(node)
    const keeps = inCondition(whole) ? { likelihood: 0.8 * blamed } : { ...SYMPTOM, likelihood: 0.35 * blamed }
    yield replace(site, whole, inPlace(whole, `${site.of(object)} && ${site.of(whole)}`), 'receiver guard', keeps)
    yield replace(site, object, `(${site.of(object)} ?? {})`, 'empty default', { ...SYMPTOM, likelihood: 0.4 * blamed })
    const method = site.of(child(node, 'property'))
    if (/^(map|filter|forEach|reduce|length|some|every|find|join|concat|slice|flatMap|sort|includes|indexOf|push)$/.test(method))
      yield replace(site, object, `(${site.of(object)} ?? [])`, 'empty default', { ...SYMPTOM, likelihood: 0.6 * blamed })
    if (/^(trim|toLowerCase|toUpperCase|split|replace|startsWith|endsWith|length|charAt|match|slice|includes)$/.test(method))
      yield replace(site, object, `(${site.of(object)} ?? '')`, 'empty default', { ...SYMPTOM, likelihood: 0.55 * blamed })
  }
}

function* pythonReceiver(node: SyntaxNode, site: Site): Generator<Edit> {
  if (node.type === 'for_statement' || node.type === 'for_in_clause') {
    const list = child(node, 'right')
    if (list !== undefined && isPlain(list)) yield replace(site, list, `${site.of(list)} or []`, 'empty default', SYMPTOM)
    return
  }
  if (node.type !== 'attribute' && node.type !== 'subscript') return
  const object = child(node, 'object') ?? child(node, 'value')
  if (object === undefined || !isPlain(object) || isWritten(node) || site.of(object) === 'self') return
  const blamed = blame(node, site)
  const whole = chainOf(node)
  const text = `${site.of(whole)} if ${site.of(object)} is not None else None`
  if (inCondition(whole)) yield replace(site, whole, inPlace(whole, `${site.of(object)} and ${site.of(whole)}`), 'receiver guard', { likelihood: 0.8 * blamed })
  yield replace(site, whole, inPlace(whole, text), 'receiver guard', { ...SYMPTOM, likelihood: 0.7 * blamed })
  const method = site.of(child(node, 'attribute'))
  if (/^(strip|lower|upper|split|replace|startswith|endswith|format|join)$/.test(method))
    yield replace(site, object, `(${site.of(object)} or "")`, 'empty default', { ...SYMPTOM, likelihood: 0.8 * blamed })
  if (/^(items|keys|values|get)$/.test(method))
    yield replace(site, object, `(${site.of(object)} or {})`, 'empty default', { ...SYMPTOM, likelihood: 0.8 * blamed })
}

/** The whole of `a.b.c(d)` when `a.b` was given: what a guard in front has to take in. */
function chainOf(node: SyntaxNode): SyntaxNode {
  let whole = node
  for (const outer of around(node)) {
    const isLink =
      (/^(member_expression|attribute|subscript_expression|subscript)$/.test(outer.type) && (whole.field === 'object' || whole.field === 'value')) ||
      (/^(call_expression|call)$/.test(outer.type) && whole.field === 'function')
    if (!isLink) return whole
    whole = outer
  }
  return whole
}

/** A missing value would show: in a text, a sum, a list. */
function isUsedUp(node: SyntaxNode, site: Site): boolean {
  const parent = node.parent
  if (parent?.type === 'binary_expression') return !/^(\|\||\?\?|&&|[=!]==?|instanceof)$/.test(site.of(operatorOf(parent)))
  return /^(template_substitution|spread_element|augmented_assignment_expression)$/.test(parent?.type ?? '')
}

function inCondition(node: SyntaxNode): boolean {
  let inner = node
  for (const outer of around(node)) {
    if (inner.field === 'condition') return true
    if (!/^(parenthesized_expression|binary_expression|boolean_operator|not_operator|unary_expression|comparison_operator)$/.test(outer.type))
      return inner.field === 'condition' || outer.type === 'if_clause'
    inner = outer
  }
  return false
}

function blame(node: SyntaxNode, site: Site): number {
  if (site.fault.subject === undefined) return 1
  const name = site.of(child(node, 'property') ?? child(node, 'attribute') ?? child(node, 'index') ?? child(node, 'subscript'))
  return name === site.fault.subject ? 1.6 : 0.7
}

function short(site: Site, node: SyntaxNode): string {
  return cut(site.of(node))
}

function cut(code: string): string {
  const text = code.replace(/\s+/g, ' ')
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
