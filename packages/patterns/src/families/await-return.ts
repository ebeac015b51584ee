import { child, isFunction, named, type SyntaxNode, visit } from '@fixpoint/syntax'
import { type Edit, type Family, quoted, replace } from '../fix.ts'
import type { Site } from '../site.ts'
import { functionAround } from '../tree.ts'

/** A promise or coroutine that nobody waits for. */
export const missingAwait: Family = {
  name: 'missing-await',
  languages: 'all',
  round: 1,
  prior: { promise: 2, value: 0.4, 'not-callable': 0.5, null: 0.4, type: 0.5, other: 0.3 },
  *propose(node, site) {
    if (!/^(call_expression|call)$/.test(node.type)) return
    if (/^(await_expression|await)$/.test(node.parent?.type ?? '')) return
    const callee = child(node, 'function')
    const name = site.of(child(callee, 'property') ?? child(callee, 'attribute') ?? callee)
    yield* forEachAsync(node, site, name)
    const inside = functionAround(node)
    if (inside === undefined && site.python) return
    const isAsync = inside === undefined || inside.children.some((each) => each.type === 'async')
    const awaited =
      node.parent !== undefined && /^(member_expression|attribute|subscript_expression|subscript)$/.test(node.parent.type)
        ? `(await ${site.of(node)})`
        : `await ${site.of(node)}`
    const likelihood = knownAsync(site, name)
      ? 1
      : /^(fetch|load|save|read|write|query|find|get|send|create|update|delete|all|json|text|close|connect|commit|flush|wait|sleep)/i.test(name)
        ? 0.5
        : 0.12
    if (isAsync) yield replace(site, node, awaited, 'await', { likelihood, says: `wait for ${quoted(site.of(node))}` })
    else if (likelihood === 1 && inside !== undefined && node.parent?.type === 'expression_statement') {
      yield replace(site, node, `return ${site.of(node)}`, 'return promise', { likelihood: 0.4 })
    }
  },
}

function knownAsync(site: Site, name: string): boolean {
  return site.functions.some((each) => each.name === name && each.async) || /Async$/.test(name)
}

/** `xs.forEach(async (x) => { … })` waits for nothing: `for (const x of xs) { … }` does. */
function* forEachAsync(node: SyntaxNode, site: Site, name: string): Generator<Edit> {
  const [callback, more] = named(child(node, 'arguments'))
  const list = child(child(node, 'function'), 'object')
  if (name !== 'forEach' || more !== undefined || list === undefined || node.parent?.type !== 'expression_statement') return
  if (callback === undefined || !/^(arrow_function|function_expression)$/.test(callback.type) || !callback.children.some((each) => each.type === 'async'))
    return
  const parameters = child(callback, 'parameter') !== undefined ? [child(callback, 'parameter')] : named(child(callback, 'parameters'))
  const body = child(callback, 'body')
  const [item, index] = parameters.map((each) => site.of(each?.type === 'required_parameter' ? child(each, 'pattern') : each))
  if (item === undefined || body === undefined || parameters.length > 2 || returns(body)) return
  const head = index === undefined ? `for (const ${item} of ${site.of(list)})` : `for (const [${index}, ${item}] of ${site.of(list)}.entries())`
  const block = body.type === 'statement_block' ? site.of(body) : `{ ${site.of(body)} }`
  const statement = node.parent
  yield replace(site, statement, `${head} ${block}`, 'for … of', {
    likelihood: 1,
    says: `wait for each round: replace ${quoted(`${site.of(list)}.forEach(async …)`)} by ${quoted(head)}`,
  })
  yield replace(site, statement, `await Promise.all(${site.of(list)}.map(${site.of(callback)}))`, 'Promise.all', { likelihood: 0.6 })
}

function returns(body: SyntaxNode): boolean {
  let found = false
  visit(body, (node) => {
    if (node.type === 'return_statement') found = true
    return !isFunction(node)
  })
  return found
}

/** A value that is computed and not handed back. */
export const missingReturn: Family = {
  name: 'missing-return',
  languages: 'all',
  round: 1,
  prior: { null: 0.9, value: 0.6, promise: 0.8, 'not-callable': 0.5, type: 0.4, other: 0.3 },
  *propose(node, site) {
    if (node.type === 'expression_statement') yield* lastExpression(node, site)
    if (isFunction(node)) yield* lastName(node, site)
  },
}

function* lastExpression(statement: SyntaxNode, site: Site): Generator<Edit> {
  const [value] = named(statement)
  const block = statement.parent
  if (value === undefined || block === undefined || !/^(statement_block|block)$/.test(block.type) || functionAround(statement) === undefined) return
  if (
    /^(assignment|assignment_expression|augmented_assignment|augmented_assignment_expression|update_expression|string|yield|yield_expression)$/.test(value.type)
  )
    return
  const isLast = named(block).at(-1) === statement
  const ofFunction = block.parent !== undefined && isFunction(block.parent)
  yield insertReturn(site, statement, isLast ? (ofFunction ? 1 : 0.4) : 0.1)
}

function insertReturn(site: Site, statement: SyntaxNode, likelihood: number): Edit {
  return {
    start: statement.start,
    end: statement.start,
    text: 'return ',
    operation: 'return',
    says: `return ${quoted(site.of(statement))}`,
    likelihood,
    symptomOnly: false,
  }
}

/** A function that ends without `return` though it has built something. */
function* lastName(node: SyntaxNode, site: Site): Generator<Edit> {
  const body = child(node, 'body')
  if (body === undefined || !/^(statement_block|block)$/.test(body.type)) return
  const statements = named(body)
  const last = statements.at(-1)
  if (last === undefined || /^(return_statement|throw_statement|raise_statement)$/.test(last.type)) return
  const offset = last.end
  const locals = site
    .scope(Math.max(node.start, offset - 1))
    .filter((binding) => binding.start >= body.start && binding.start < body.end && /^(const|let|var)$/.test(binding.kind))
  for (const [rank, binding] of locals.slice(0, 3).entries()) {
    const likely = /^(result|results|out|output|ret|total|sum|acc|value|items|list|map)$/i.test(binding.name) ? 1 : 0.4
    const indent = site.indent(last.start)
    const text = `\n${indent}return ${binding.name}`
    yield {
      start: offset,
      end: offset,
      text,
      operation: 'return local',
      says: `return \`${binding.name}\` at the end`,
      likelihood: likely / (rank + 1),
      symptomOnly: false,
    }
  }
}

/** A return inside the loop that belongs after it, and the like: kept apart because it is rarer. */
export const earlyReturn: Family = {
  name: 'return-in-loop',
  languages: 'all',
  round: 2,
  prior: { value: 0.3, null: 0.3, other: 0.1 },
  *propose(node, site) {
    if (node.type === 'break_statement') yield replace(site, node, site.of(node).replace('break', 'continue'), 'break → continue')
    if (node.type === 'continue_statement') yield replace(site, node, site.of(node).replace('continue', 'break'), 'continue → break')
    if (node.type !== 'return_statement' || node.parent === undefined) return
    const block = node.parent
    const owner = block.parent
    if (owner === undefined || !/^(for_statement|for_in_statement|while_statement)$/.test(owner.type) || named(block).at(-1) !== node) return
    const moved = `${site.text.slice(owner.start, node.start).trimEnd()}${site.python ? '' : `\n${site.indent(owner.start)}}`}\n${site.indent(owner.start)}${site.of(node)}`
    if (site.python && named(block).length === 1) return
    yield replace(site, owner, moved, 'return after loop', { says: `move ${quoted(site.of(node))} behind the loop` })
  },
}
