import { child, named, type SyntaxNode } from '@fixpoint/syntax'
import { type Edit, type Family, quoted, replace } from '../fix.ts'
import type { Site } from '../site.ts'
import { functionAround } from '../tree.ts'

/** Something shared is changed in place: copy it first. */
export const copyFirst: Family = {
  name: 'copy-first',
  languages: 'all',
  round: 1,
  prior: { value: 0.7, other: 0.15 },
  *propose(node, site) {
    if (site.python && /^(default_parameter|typed_default_parameter)$/.test(node.type)) yield* mutableDefault(node, site)
    if (/^(call_expression|call)$/.test(node.type)) yield* inPlaceMethod(node, site)
    if (/^(variable_declarator|assignment)$/.test(node.type)) yield* alias(node, site)
    if (node.type === 'call_expression' && site.of(child(node, 'function')) === 'Object.assign') {
      const [target] = named(child(node, 'arguments'))
      if (target !== undefined && target.type !== 'object')
        yield replace(site, { start: target.start, end: target.start }, '{}, ', 'copy', {
          likelihood: 0.8,
          says: `copy ${quoted(site.of(target))} instead of changing it`,
        })
    }
  },
}

function* inPlaceMethod(node: SyntaxNode, site: Site): Generator<Edit> {
  const callee = child(node, 'function')
  const object = child(callee, 'object')
  const name = site.of(child(callee, 'property') ?? child(callee, 'attribute'))
  if (object === undefined || !/^(identifier|member_expression|attribute)$/.test(object.type)) return
  if (!site.python && /^(sort|reverse|splice|fill|shift|pop)$/.test(name)) {
    yield replace(site, object, `[...${site.of(object)}]`, 'copy', {
      likelihood: /sort|reverse/.test(name) ? 1 : 0.4,
      says: `copy ${quoted(site.of(object))} before \`${name}\``,
    })
  }
  if (site.python && /^(sort|reverse)$/.test(name) && object.type === 'identifier' && node.parent?.type === 'expression_statement') {
    const sorted =
      name === 'sort'
        ? `${site.of(object)} = sorted(${site.of(object)}${site.of(child(node, 'arguments')).replace(/^\(\s*/, named(child(node, 'arguments')).length > 0 ? ', ' : '')}`
        : `${site.of(object)} = ${site.of(object)}[::-1]`
    yield replace(site, node, sorted, 'copy', { likelihood: 1 })
  }
}

/** `b = a` for a list or dictionary that is changed afterwards. */
function* alias(node: SyntaxNode, site: Site): Generator<Edit> {
  const value = child(node, 'value') ?? child(node, 'right')
  if (value === undefined || !/^(identifier|member_expression|attribute)$/.test(value.type) || functionAround(node) === undefined) return
  const said = site.of(value)
  for (const text of site.python ? [`list(${said})`, `dict(${said})`] : [`[...${said}]`, `{ ...${said} }`]) {
    yield replace(site, value, text, 'copy', { likelihood: 0.35, says: `copy ${quoted(said)}` })
  }
}

/** `def f(seen=[])`: made once, shared by every call. */
function* mutableDefault(node: SyntaxNode, site: Site): Generator<Edit> {
  const name = site.of(child(node, 'name'))
  const value = child(node, 'value')
  const owner = functionAround(node)
  const body = child(owner, 'body')
  const [first] = named(body)
  const anchor = first?.type === 'expression_statement' && named(first)[0]?.type === 'string' ? named(body)[1] : first
  if (value === undefined || anchor === undefined || !/^(\[\]|\{\}|set\(\)|list\(\)|dict\(\))$/.test(site.of(value))) return
  const indent = site.indent(anchor.start)
  const text = `None${site.text.slice(value.end, anchor.start)}if ${name} is None:\n${indent}    ${name} = ${site.of(value)}\n${indent}`
  yield {
    start: value.start,
    end: anchor.start,
    text,
    operation: 'mutable default',
    says: `make a new ${quoted(site.of(value))} for \`${name}\` in every call`,
    likelihood: 2,
    symptomOnly: false,
  }
}

/** Overwrites where it should add up, or keep the best. */
export const accumulate: Family = {
  name: 'accumulate',
  languages: 'all',
  round: 2,
  prior: { value: 0.5, other: 0.1 },
  *propose(node, site) {
    if (!/^(assignment_expression|assignment)$/.test(node.type) || node.parent?.type !== 'expression_statement') return
    const left = child(node, 'left')
    const right = child(node, 'right')
    if (left === undefined || right === undefined || !/^(identifier|member_expression|attribute|subscript|subscript_expression)$/.test(left.type)) return
    const [target, value] = [site.of(left), site.of(right)]
    if (value.includes(target)) return
    yield replace(site, node, `${target} += ${value}`, 'add up', { likelihood: 0.7 })
    const [max, min] = site.python ? ['max', 'min'] : ['Math.max', 'Math.min']
    yield replace(site, right, `${max}(${target}, ${value})`, 'keep the larger', { likelihood: 0.4 })
    yield replace(site, right, `${min}(${target}, ${value})`, 'keep the smaller', { likelihood: 0.35 })
  },
}
