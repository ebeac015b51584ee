import type { SyntaxNode } from '@fixpoint/syntax'
import { type Edit, type Family, insertBefore, replace } from '../fix.ts'
import type { Site } from '../site.ts'
import { around, child, functionAround, inParentheses, isFunction, named, operatorOf, statementOf, visit } from '../tree.ts'

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
      likelihood: 0.9 * blamed,
      says: `change \`${short(site, node)}\` to \`${site.of(object)}${node.type === 'member_expression' ? '?.' : '?.'}…\``,
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
  for (const [text, likelihood] of values) {
    yield replace(site, { start: node.end, end: node.end }, ` = ${text}`, 'parameter default', {
      likelihood,
      symptomOnly: hides(site),
      says: `give \`${site.of(pattern)}\` the default \`${text}\``,
    })
  }
}

/** Leaves early, or goes on with the next round of the loop, when a value is missing. */
export const earlyExit: Family = {
  name: 'early-exit',
  languages: 'all',
  round: 1,
  prior: { null: 0.7, 'missing-key': 0.7, range: 0.6, type: 0.3, value: 0.2, other: 0.1 },
  *propose(node, site) {
    const statement = statementOf(node)
    if (
      statement !== node ||
      !/^(block|statement_block|program|module)$/.test(node.parent?.type ?? '') ||
      isFunction(node) ||
      /class_|import_|export_/.test(node.type)
    )
      return
    const inside = functionAround(node)
    if (inside === undefined) return
    const missing = receiversOf(node, site)
    const loop = loopAround(node)
    for (const name of missing.slice(0, 4)) {
      const test = site.python ? `if ${name} is None` : `if (${name} == null)`
      const empty = site.python ? `if not ${name}` : `if (!${name})`
      for (const [value, likelihood] of returnsOf(inside, site)) {
        const symptom = { symptomOnly: true, likelihood: 0.6 * likelihood }
        const action = value === '' ? 'return' : `return ${value}`
        yield insertBefore(site, node, site.python ? `${test}:\n    ${action}` : `${test} ${action}${semicolon(site)}`, 'early return', symptom)
        yield insertBefore(site, node, site.python ? `${empty}:\n    ${action}` : `${empty} ${action}${semicolon(site)}`, 'early return', {
          ...symptom,
          likelihood: 0.5 * likelihood,
        })
      }
      if (loop)
        yield insertBefore(site, node, site.python ? `${test}:\n    continue` : `${test} continue${semicolon(site)}`, 'skip', {
          symptomOnly: true,
          likelihood: 0.7,
        })
    }
    for (const list of site.fault.kind === 'range' || site.fault.kind === 'null' || site.fault.kind === 'value' ? indexedIn(node, site).slice(0, 2) : []) {
      for (const [value, likelihood] of returnsOf(inside, site)) {
        const action = value === '' ? 'return' : `return ${value}`
        yield insertBefore(
          site,
          node,
          site.python ? `if not ${list}:\n    ${action}` : `if (${list}.length === 0) ${action}${semicolon(site)}`,
          'early return when empty',
          { symptomOnly: true, likelihood: 0.5 * likelihood },
        )
      }
    }
  },
}

function semicolon(site: Site): string {
  return /;\s*$/m.test(site.text.slice(0, 20_000)) ? ';' : ''
}

/** Values that the function returns already, then the usual nothings of its language. */
function returnsOf(inside: SyntaxNode, site: Site): readonly (readonly [string, number])[] {
  const values = new Map<string, number>()
  visit(inside, (node) => {
    if (node !== inside && isFunction(node)) return false
    if (node.type === 'return_statement') {
      const value = site.of(named(node)[0])
      if (/^(null|undefined|None|true|false|True|False|-?\d+|''|""|\[\]|\{\}|)$/.test(value)) values.set(value, 1)
    }
    return undefined
  })
  for (const [value, likelihood] of site.python
    ? ([
        ['None', 0.5],
        ['[]', 0.35],
        ['0', 0.35],
        ['""', 0.25],
        ['False', 0.25],
        ['{}', 0.2],
      ] as const)
    : ([
        ['null', 0.4],
        ['[]', 0.4],
        ['0', 0.35],
        ['undefined', 0.3],
        ["''", 0.3],
        ['false', 0.25],
        ['{}', 0.2],
      ] as const)) {
    if (!values.has(value)) values.set(value, likelihood)
  }
  return [...values].slice(0, 8)
}

/** Plain names whose members the statement reads, parameters and locals alike. */
function receiversOf(statement: SyntaxNode, site: Site): string[] {
  const names = new Set<string>()
  visit(statement, (node) => {
    if (isFunction(node) || (node !== statement && /^(block|statement_block)$/.test(node.type))) return false
    const object = child(node, 'object') ?? (node.type === 'subscript' ? child(node, 'value') : undefined)
    const list = node.type === 'for_in_statement' || (site.python && node.type === 'for_statement') ? child(node, 'right') : undefined
    for (const each of [object, list])
      if (each !== undefined && isPlain(each) && !/^(self|this|Math|JSON|Object|Array|console)$/.test(site.of(each))) names.add(site.of(each))
    return undefined
  })
  return [...names]
}

function indexedIn(statement: SyntaxNode, site: Site): string[] {
  const names = new Set<string>()
  visit(statement, (node) => {
    if (isFunction(node) || (node !== statement && /^(block|statement_block)$/.test(node.type))) return false
    const list =
      node.type === 'subscript_expression'
        ? child(node, 'object')
        : node.type === 'subscript'
          ? child(node, 'value')
          : node.type === 'member_expression' && site.of(child(node, 'property')) === 'length'
            ? child(node, 'object')
            : undefined
    const divisor = /^(binary_operator|binary_expression)$/.test(node.type) && /^len\((\w+)\)$/.exec(site.of(child(node, 'right')))?.[1]
    if (list !== undefined && isPlain(list)) names.add(site.of(list))
    if (divisor) names.add(divisor)
    return undefined
  })
  return [...names]
}

function loopAround(node: SyntaxNode): boolean {
  for (const outer of around(node)) {
    if (isFunction(outer)) return false
    if (/^(for_statement|for_in_statement|while_statement|do_statement)$/.test(outer.type)) return true
  }
  return false
}

function isPlain(node: SyntaxNode): boolean {
  if (node.type === 'identifier') return true
  if (!/^(member_expression|attribute|subscript_expression|subscript)$/.test(node.type)) return false
  const object = child(node, 'object') ?? child(node, 'value')
  return object !== undefined && (object.type === 'this' || isPlain(object))
}

function isWritten(node: SyntaxNode): boolean {
  const parent = node.parent
  if (node.field === 'left' && parent !== undefined && /^(assignment|assignment_expression)$/.test(parent.type)) return true
  return parent !== undefined && /^(update_expression|delete_statement)$/.test(parent.type)
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

/** With parentheses where the surroundings bind tighter. */
function inPlace(node: SyntaxNode, text: string): string {
  const parent = node.parent?.type ?? ''
  return /^(binary_expression|binary_operator|boolean_operator|comparison_operator|unary_expression|not_operator|unary_operator|ternary_expression|conditional_expression|await_expression|await|spread_element|template_substitution|augmented_assignment_expression)$/.test(
    parent,
  ) && parent !== 'augmented_assignment_expression'
    ? `(${text})`
    : text
}

function blame(node: SyntaxNode, site: Site): number {
  if (site.fault.subject === undefined) return 1
  const name = site.of(child(node, 'property') ?? child(node, 'attribute') ?? child(node, 'index') ?? child(node, 'subscript'))
  return name === site.fault.subject ? 1.6 : 0.7
}

function short(site: Site, node: SyntaxNode): string {
  const text = site.of(node).replace(/\s+/g, ' ')
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
