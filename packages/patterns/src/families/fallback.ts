import { child, named, type SyntaxNode, visit } from '@fixpoint/syntax'
import { type Edit, type Family, replace } from '../fix.ts'
import type { Site } from '../site.ts'
import { operatorOf } from '../tree.ts'
import { inPlace, isWritten } from './receiver.ts'

/** A value instead of nothing where something is made: `x ?? 0`, `param = {}`, `d.get(key, 0)`. */
export const fallback: Family = {
  name: 'fallback',
  languages: 'all',
  round: 1,
  prior: { null: 0.8, 'missing-key': 1.5, type: 0.6, value: 0.3, other: 0.15 },
  *propose(node, site) {
    if (site.python && node.type === 'subscript') yield* dictionaryGet(node, site)
    if (site.python && node.type === 'call') yield* getDefault(node, site)
    if (!site.python) yield* nullish(node, site)
    if (!site.python) yield* parameterDefault(node, site)
  },
}

function* dictionaryGet(node: SyntaxNode, site: Site): Generator<Edit> {
  const [key, more] = node.children.filter((each) => each.field === 'subscript')
  const value = child(node, 'value')
  if (value === undefined || key === undefined || more !== undefined || key.type === 'slice' || /^-?\d+$/.test(site.of(key)) || isWritten(node)) return
  const augmented = node.parent?.type === 'augmented_assignment' && node.field === 'left'
  if (augmented) {
    const amount = child(node.parent, 'right')
    const sign = site.text
      .slice(node.end, amount?.start ?? node.end)
      .trim()
      .replace('=', '')
    if (node.parent !== undefined && amount !== undefined)
      yield replace(site, node.parent, `${site.of(node)} = ${site.of(value)}.get(${site.of(key)}, 0) ${sign} ${site.of(amount)}`, 'get with default', {
        likelihood: 1,
      })
    return
  }
  const get = (fallbackText: string) => `${site.of(value)}.get(${site.of(key)}${fallbackText})`
  yield replace(site, node, get(''), 'get', { symptomOnly: hides(site), likelihood: 0.8 })
  for (const [text, likelihood] of [
    ['0', 0.6],
    ['""', 0.35],
    ['[]', 0.35],
    ['{}', 0.3],
  ] as const) {
    yield replace(site, node, get(`, ${text}`), 'get with default', { symptomOnly: hides(site), likelihood })
  }
}

/** A default where a missing value crashed: the error is gone, the reason why it was missing is not. */
function hides(site: Site): boolean {
  return site.fault.kind === 'null' || site.fault.kind === 'missing-key'
}

/** `d.get(k)` → `d.get(k, 0)`. */
function* getDefault(node: SyntaxNode, site: Site): Generator<Edit> {
  const list = child(node, 'arguments')
  const [key, second] = named(list)
  if (site.of(child(child(node, 'function'), 'attribute')) !== 'get' || key === undefined || second !== undefined) return
  for (const [text, likelihood] of [
    ['0', 0.6],
    ['""', 0.5],
    ['[]', 0.5],
    ['{}', 0.5],
  ] as const) {
    yield replace(site, { start: key.end, end: key.end }, `, ${text}`, 'get default', {
      likelihood,
      symptomOnly: hides(site),
      says: `give \`${site.of(node)}\` the default \`${text}\``,
    })
  }
}

function* nullish(node: SyntaxNode, site: Site): Generator<Edit> {
  if (!/^(member_expression|subscript_expression|call_expression|identifier|await_expression)$/.test(node.type)) return
  const parent = node.parent
  const made =
    (parent?.type === 'variable_declarator' && node.field === 'value') ||
    (parent?.type === 'assignment_expression' && node.field === 'right') ||
    parent?.type === 'return_statement' ||
    (parent?.type === 'pair' && node.field === 'value') ||
    (parent?.type === 'arrow_function' && node.field === 'body') ||
    (parent?.type === 'augmented_assignment_expression' && node.field === 'right') ||
    (parent?.type === 'binary_expression' && /^[-+*/]$/.test(site.of(operatorOf(parent))))
  if (!made || parent === undefined) return
  if (/require\(|^undefined$/.test(site.of(node)) || node.parent?.children.some((each) => each.type === '=>' && node.type === 'identifier')) return
  const arithmetic = /^(binary_expression|augmented_assignment_expression)$/.test(parent.type)
  const values = arithmetic
    ? ([['0', 1]] as const)
    : ([
        ['[]', 0.5],
        ['{}', 0.5],
        ['0', 0.45],
        ["''", 0.4],
        ['null', 0.2],
      ] as const)
  const destructures = parent.type === 'variable_declarator' && /pattern/.test(child(parent, 'name')?.type ?? '')
  for (const [text, likelihood] of values) {
    const boost =
      destructures &&
      ((text === '{}' && child(parent, 'name')?.type === 'object_pattern') || (text === '[]' && child(parent, 'name')?.type === 'array_pattern'))
        ? 2
        : 1
    yield replace(site, node, inPlace(node, `${site.of(node)} ?? ${text}`), 'default', { likelihood: likelihood * boost, symptomOnly: hides(site) })
  }
}

/** `function f(options)` → `function f(options = {})`; also a destructured parameter. */
function* parameterDefault(node: SyntaxNode, site: Site): Generator<Edit> {
  const pattern = node.type === 'required_parameter' ? child(node, 'pattern') : node
  const isParameter = node.parent?.type === 'formal_parameters' && /^(identifier|object_pattern|array_pattern|required_parameter)$/.test(node.type)
  const isKey = node.type === 'shorthand_property_identifier_pattern' && node.parent?.type === 'object_pattern'
  if (
    !(isParameter || isKey) ||
    pattern === undefined ||
    /^(this|rest_pattern)$/.test(pattern.type) ||
    (node.type === 'required_parameter' && child(node, 'value') !== undefined)
  )
    return
  const values: readonly (readonly [string, number])[] =
    pattern.type === 'object_pattern'
      ? [['{}', 1]]
      : pattern.type === 'array_pattern'
        ? [['[]', 1]]
        : ([
            ['{}', /opt|config|setting|param|prop/i.test(site.of(pattern)) ? 0.9 : 0.4],
            ['[]', /s$|list|array/i.test(site.of(pattern)) ? 0.7 : 0.3],
            ["''", 0.25],
            ['0', 0.25],
          ] as const)
  const typed = pattern.type === 'object_pattern' && node.type === 'required_parameter' && child(node, 'type') === undefined
  const type = typed ? `: ${typeOfKeys(pattern, site)}` : ''
  for (const [text, likelihood] of values) {
    yield replace(site, { start: node.end, end: node.end }, `${type} = ${text}`, 'parameter default', {
      likelihood,
      symptomOnly: hides(site),
      says: `give \`${site.of(pattern)}\` the default \`${text}\``,
    })
  }
}

const LITERALS: Readonly<Record<string, string>> = { true: 'boolean', false: 'boolean', number: 'number', string: 'string', template_string: 'string' }

/** `{ strict?: boolean; limit?: number }` for what a pattern takes apart: TypeScript allows no key of `{}` that it was not told of. */
function typeOfKeys(pattern: SyntaxNode, site: Site): string {
  const body = pattern.parent?.parent?.parent ?? site.root
  const keys = named(pattern).flatMap((each) => {
    const standard = each.type === 'object_assignment_pattern' ? child(each, 'right') : undefined
    const name = each.type === 'object_assignment_pattern' ? child(each, 'left') : each
    if (name === undefined || name.type === 'rest_pattern') return []
    const type = LITERALS[standard?.type ?? ''] ?? (isOnlyAsked(site.of(name), body, site) ? 'boolean' : 'any')
    return [`${name.type === 'pair_pattern' ? site.of(child(name, 'key')) : site.of(name)}?: ${type}`]
  })
  return `{ ${keys.join('; ')} }`
}

/** Whether a name is used as a condition and nowhere else. */
function isOnlyAsked(name: string, body: SyntaxNode, site: Site): boolean {
  let asked = 0
  let other = 0
  visit(body, (node) => {
    if (node.type !== 'identifier' || site.of(node) !== name) return true
    const holder = node.parent?.type === 'parenthesized_expression' ? node.parent : node
    const { parent } = holder
    const isAsked = (holder.field === 'condition' && parent !== undefined) || (parent?.type === 'unary_expression' && site.of(operatorOf(parent)) === '!')
    if (isAsked) asked += 1
    else other += 1
    return true
  })
  return asked > 0 && other === 0
}
