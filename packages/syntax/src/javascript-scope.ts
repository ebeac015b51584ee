import { isFunction } from './functions.ts'
import { child, hasToken, named, type SyntaxNode, upwards, visit } from './node.ts'
import { boundNodes } from './parameters.ts'
import type { ParsedFile } from './parsed-file.ts'
import type { Binding } from './scope.ts'

const BLOCKS = new Set(['program', 'statement_block', 'switch_body', 'class_static_block'])

export function javascriptScope(file: ParsedFile, from: SyntaxNode, offset: number): Binding[] {
  const bindings: Binding[] = []
  let distance = 0
  /** Inside an inner function, what is declared further down is there by the time it runs. */
  let later = false
  const add = (node: SyntaxNode, kind: Binding['kind']) => bindings.push({ name: file.text.slice(node.start, node.end), kind, start: node.start, distance })
  for (const node of upwards(from)) {
    if (isFunction(node)) {
      functionNames(node, add)
      later = true
    } else if (BLOCKS.has(node.type)) {
      for (const statement of node.children) statementNames(statement, offset, later, add)
    } else if (node.type === 'for_statement') {
      statementNames(child(node, 'initializer') ?? node, offset, later, add)
    } else if (node.type === 'for_in_statement') {
      const left = child(node, 'left')
      if (left !== undefined && offset >= (child(node, 'right')?.end ?? 0))
        for (const name of boundNodes(left)) add(name, hasToken(node, 'const') ? 'const' : 'let')
    } else if (node.type === 'catch_clause') {
      const parameter = child(node, 'parameter')
      if (parameter !== undefined) for (const name of boundNodes(parameter)) add(name, 'catch')
    } else continue
    distance += 1
  }
  return bindings
}

type Add = (node: SyntaxNode, kind: Binding['kind']) => void

function functionNames(node: SyntaxNode, add: Add): void {
  const single = child(node, 'parameter')
  const list = child(node, 'parameters')
  for (const parameter of single !== undefined ? [single] : named(list ?? node).filter(() => list !== undefined)) {
    for (const name of boundNodes(parameter)) if (name.type !== 'this') add(name, 'param')
  }
  const own = child(node, 'name')
  if (node.type === 'function_expression' && own !== undefined) add(own, 'function')
  // `var` is hoisted out of the blocks of the function.
  const body = child(node, 'body')
  if (body === undefined) return
  visit(body, (inner) => {
    if (inner.type === 'variable_declaration') for (const name of declaredNames(inner)) add(name, 'var')
    return inner === body || !isFunction(inner)
  })
}

function statementNames(statement: SyntaxNode, offset: number, later: boolean, add: Add): void {
  if (statement.type === 'export_statement') {
    const declaration = child(statement, 'declaration')
    if (declaration !== undefined) statementNames(declaration, offset, later, add)
  } else if (statement.type === 'switch_case' || statement.type === 'switch_default') {
    for (const inner of statement.children) statementNames(inner, offset, later, add)
  } else if (statement.type === 'lexical_declaration') {
    const kind = hasToken(statement, 'const') ? 'const' : 'let'
    for (const declarator of named(statement)) {
      // Within its own initialiser and before it, the name is in its dead zone.
      if (later || declarator.end <= offset)
        for (const name of boundNodes(child(declarator, 'name') ?? declarator)) add(name, requires(declarator) ? 'import' : kind)
    }
  } else if (statement.type === 'variable_declaration') {
    for (const name of declaredNames(statement)) add(name, requires(name.parent) ? 'import' : 'var')
  } else if (statement.type === 'function_declaration' || statement.type === 'generator_function_declaration') {
    const name = child(statement, 'name')
    if (name !== undefined) add(name, 'function')
  } else if (/^(class_declaration|abstract_class_declaration|enum_declaration)$/.test(statement.type)) {
    const name = child(statement, 'name')
    if (name !== undefined && (later || statement.start <= offset)) add(name, 'class')
  } else if (statement.type === 'import_statement') importNames(statement, add)
}

function declaredNames(declaration: SyntaxNode): readonly SyntaxNode[] {
  return named(declaration).flatMap((declarator) => boundNodes(child(declarator, 'name') ?? declarator))
}

function requires(declarator: SyntaxNode | undefined): boolean {
  const value = declarator === undefined ? undefined : child(declarator, 'value')
  const callee = value?.type === 'call_expression' ? child(value, 'function') : undefined
  return (
    callee?.type === 'identifier' &&
    callee.end - callee.start === 'require'.length &&
    callee.parent !== undefined &&
    named(child(callee.parent, 'arguments') ?? callee)[0]?.type === 'string'
  )
}

function importNames(statement: SyntaxNode, add: Add): void {
  if (statement.children.some((part) => part.type === 'type')) return
  const clause = statement.children.find((part) => part.type === 'import_clause')
  for (const part of clause === undefined ? [] : named(clause)) {
    if (part.type === 'identifier') add(part, 'import')
    else if (part.type === 'namespace_import') for (const name of named(part)) add(name, 'import')
    else {
      for (const specifier of named(part)) {
        const local = child(specifier, 'alias') ?? child(specifier, 'name')
        if (local !== undefined && !specifier.children.some((inner) => inner.type === 'type')) add(local, 'import')
      }
    }
  }
}
