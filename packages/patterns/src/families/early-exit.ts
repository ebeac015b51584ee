import { child, isFunction, named, type SyntaxNode, visit } from '@fixpoint/syntax'
import { type Family, insertBefore } from '../fix.ts'
import { type Shape, shapeOf } from '../shape.ts'
import type { Site } from '../site.ts'
import { around, functionAround, statementOf } from '../tree.ts'
import { isPlain } from './receiver.ts'

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

/** Nothings by what they are, likeliest first. */
const NOTHINGS: Readonly<Record<'javascript' | 'python', readonly (readonly [string, number, Shape])[]>> = {
  javascript: [
    ['null', 0.4, 'nothing'],
    ['undefined', 0.3, 'nothing'],
    ['[]', 0.4, 'list'],
    ['0', 0.35, 'number'],
    ["''", 0.3, 'text'],
    ['false', 0.25, 'boolean'],
    ['{}', 0.2, 'object'],
  ],
  python: [
    ['None', 0.5, 'nothing'],
    ['[]', 0.35, 'list'],
    ['0', 0.35, 'number'],
    ['""', 0.25, 'text'],
    ['False', 0.25, 'boolean'],
    ['{}', 0.2, 'object'],
  ],
}

/** What an early return may answer: what the function answers elsewhere, else the nothing of the same kind. Of a function that answers nothing: nothing. */
function returnsOf(inside: SyntaxNode, site: Site): readonly (readonly [string, number])[] {
  const values = new Map<string, number>()
  const shapes = new Set<Shape>()
  let unknown = false
  const body = child(inside, 'body')
  const learn = (value: SyntaxNode | undefined) => {
    const said = site.of(value)
    if (/^(null|undefined|None|true|false|True|False|-?\d+|''|""|\[\]|\{\}|)$/.test(said)) values.set(said, 1)
    const shape = shapeOf(value, site)
    if (shape !== undefined) shapes.add(shape)
    else if (value !== undefined) unknown = true
  }
  visit(inside, (node) => {
    if (node !== inside && isFunction(node)) return false
    if (node.type === 'return_statement') learn(named(node)[0])
    return undefined
  })
  if (body !== undefined && !/block$/.test(body.type)) learn(body)
  if (values.size === 0 && shapes.size === 0 && !unknown) return [['', 1]]
  for (const [value, likelihood, shape] of NOTHINGS[site.python ? 'python' : 'javascript']) {
    if (values.has(value)) continue
    if (shapes.has(shape)) values.set(value, likelihood)
    else if (unknown) values.set(value, likelihood * 0.4)
    else if (shape === 'nothing') values.set(value, likelihood * 0.3)
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
