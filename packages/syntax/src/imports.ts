import { child, named, type SyntaxNode, visit } from './node.ts'
import type { ParsedFile } from './parsed-file.ts'

/** One name that a file takes from another module: by `import`, `require` or `from … import`. */
export interface ImportedName {
  readonly local: string
  /** Its name over there; `default` for a default import, `*` for the module itself (also `require('x')` and Python's `import x`). */
  readonly exported: string
  /** As written: `./pager.js`, `lodash`, `..models`. */
  readonly from: string
  readonly typeOnly: boolean
  /** The statement. */
  readonly start: number
  readonly end: number
}

export function importsIn(file: ParsedFile): readonly ImportedName[] {
  const found: ImportedName[] = []
  visit(file.root, (node) => {
    if (node.type === 'import_statement') found.push(...(file.language === 'python' ? pythonImport(file.text, node) : esImport(file.text, node)))
    else if (node.type === 'import_from_statement') found.push(...pythonFrom(file.text, node))
    else if (node.type === 'variable_declarator') found.push(...required(file.text, node))
    return undefined
  })
  return found
}

function textOf(text: string, node: SyntaxNode | undefined): string {
  return node === undefined ? '' : text.slice(node.start, node.end)
}

function unquoted(text: string, node: SyntaxNode | undefined): string {
  return textOf(text, node).slice(1, -1)
}

function esImport(text: string, statement: SyntaxNode): ImportedName[] {
  const clause = statement.children.find((node) => node.type === 'import_clause')
  if (clause === undefined) return []
  const from = unquoted(text, child(statement, 'source'))
  const isType = (node: SyntaxNode) => node.children.some((inner) => inner.type === 'type')
  const name = (local: string, exported: string, typeOnly: boolean) => ({ local, exported, from, typeOnly, start: statement.start, end: statement.end })
  return named(clause).flatMap((part): ImportedName[] => {
    if (part.type === 'identifier') return [name(textOf(text, part), 'default', isType(statement))]
    if (part.type === 'namespace_import') return [name(textOf(text, named(part)[0]), '*', isType(statement))]
    return named(part).map((specifier) => {
      const exported = textOf(text, child(specifier, 'name'))
      const alias = child(specifier, 'alias')
      return name(alias === undefined ? exported : textOf(text, alias), exported, isType(statement) || isType(specifier))
    })
  })
}

/** `const x = require('y')` and `const { a, b: c } = require('y')`. */
function required(text: string, declarator: SyntaxNode): ImportedName[] {
  const call = child(declarator, 'value')
  const target = child(declarator, 'name')
  if (call?.type !== 'call_expression' || textOf(text, child(call, 'function')) !== 'require' || target === undefined) return []
  const [argument] = named(child(call, 'arguments') ?? call)
  if (argument?.type !== 'string') return []
  const name = (local: string, exported: string) => ({
    local,
    exported,
    from: unquoted(text, argument),
    typeOnly: false,
    start: declarator.start,
    end: declarator.end,
  })
  if (target.type === 'identifier') return [name(textOf(text, target), '*')]
  return named(target).flatMap((part) => {
    if (part.type === 'shorthand_property_identifier_pattern') return [name(textOf(text, part), textOf(text, part))]
    if (part.type !== 'pair_pattern') return []
    return [name(textOf(text, child(part, 'value')), textOf(text, child(part, 'key')))]
  })
}

function pythonImport(text: string, statement: SyntaxNode): ImportedName[] {
  return named(statement).map((part) => {
    const module = textOf(text, part.type === 'aliased_import' ? child(part, 'name') : part)
    const local = part.type === 'aliased_import' ? textOf(text, child(part, 'alias')) : (module.split('.')[0] ?? module)
    return { local, exported: '*', from: module, typeOnly: false, start: statement.start, end: statement.end }
  })
}

function pythonFrom(text: string, statement: SyntaxNode): ImportedName[] {
  const from = textOf(text, child(statement, 'module_name'))
  return statement.children
    .filter((part) => part.field === 'name')
    .map((part) => {
      const exported = textOf(text, part.type === 'aliased_import' ? child(part, 'name') : part)
      const local = part.type === 'aliased_import' ? textOf(text, child(part, 'alias')) : exported
      return { local, exported, from, typeOnly: false, start: statement.start, end: statement.end }
    })
}
