import { child, named, type SyntaxNode, upwards, visit } from './node.ts'
import { boundNodes } from './parameters.ts'
import type { ParsedFile } from './parsed-file.ts'
import type { Binding } from './scope.ts'

const INNER = new Set(['function_definition', 'class_definition', 'lambda'])
const COMPREHENSIONS = new Set(['list_comprehension', 'set_comprehension', 'dictionary_comprehension', 'generator_expression'])

export function pythonScope(file: ParsedFile, from: SyntaxNode, offset: number): Binding[] {
  const bindings: Binding[] = []
  let distance = 0
  let inFunction = false
  const add = (node: SyntaxNode, kind: Binding['kind']) => bindings.push({ name: file.text.slice(node.start, node.end), kind, start: node.start, distance })
  for (const node of upwards(from)) {
    if (COMPREHENSIONS.has(node.type)) {
      for (const clause of named(node)) if (clause.type === 'for_in_clause') for (const name of boundNodes(child(clause, 'left') ?? clause)) add(name, 'let')
    } else if (node.type === 'lambda' || node.type === 'function_definition') {
      // Defaults and decorators are evaluated outside.
      const body = child(node, 'body')
      if (body === undefined || offset < body.start) continue
      for (const parameter of named(child(node, 'parameters') ?? node)) if (parameter !== body) for (const name of boundNodes(parameter)) add(name, 'param')
      if (node.type === 'function_definition') blockNames(body, inFunction ? undefined : offset, add)
      inFunction = true
    } else if (node.type === 'class_definition') {
      // The names of a class body are not visible in its methods.
      const body = child(node, 'body')
      if (inFunction || body === undefined || offset < body.start) continue
      blockNames(body, offset, add)
    } else if (node.type === 'module') {
      blockNames(node, inFunction ? undefined : offset, add)
    } else continue
    distance += 1
  }
  return bindings
}

type Add = (node: SyntaxNode, kind: Binding['kind']) => void

/** What the statements of one scope bind, nested blocks included; with `before`, only above that offset. */
function blockNames(block: SyntaxNode, before: number | undefined, add: Add): void {
  visit(block, (node) => {
    if (before !== undefined && node.start >= before) return false
    const put = (pattern: SyntaxNode | undefined, kind: Binding['kind'] = 'let') => {
      if (pattern !== undefined) for (const name of boundNodes(pattern)) add(name, kind)
    }
    if (INNER.has(node.type)) {
      put(child(node, 'name'), node.type === 'class_definition' ? 'class' : 'function')
      return node === block
    }
    if (COMPREHENSIONS.has(node.type)) return false
    // A name is bound once its statement is done, not while its own right side is evaluated.
    if (node.type === 'assignment') {
      if (before === undefined || node.end <= before) put(child(node, 'left'))
    } else if (node.type === 'for_statement') {
      if (before === undefined || (child(node, 'body')?.start ?? 0) <= before) put(child(node, 'left'))
    } else if (node.type === 'named_expression') put(child(node, 'name'))
    else if (node.type === 'as_pattern_target') put(node, node.parent?.parent?.type === 'except_clause' ? 'catch' : 'let')
    else if (node.type === 'import_statement' || node.type === 'import_from_statement') importNames(node, add)
    return undefined
  })
}

function importNames(statement: SyntaxNode, add: Add): void {
  for (const part of statement.children.filter((each) => each.field === 'name')) {
    const local = part.type === 'aliased_import' ? child(part, 'alias') : named(part)[0]
    if (local !== undefined) add(local, 'import')
  }
}
