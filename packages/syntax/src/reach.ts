import { child, hasToken, named, type SyntaxNode, upwards, visit } from './node.ts'
import type { ParsedFile } from './parsed-file.ts'

/** How code outside a module gets hold of a function. */
export interface Reach {
  /**
   * `named`: `import { name }`, `from module import name`. `default`: `import x`. `module.exports`: `require()` returns it.
   * `exports`: `require().name`. `method`: through `owner`. `none`: not at all.
   */
  readonly kind: 'named' | 'default' | 'module.exports' | 'exports' | 'method' | 'none'
  /** The name to import, or the property's. */
  readonly name: string
  readonly owner?: {
    readonly name: string
    /** An instance has to be made for a non-static member of a class; an object's members are there already. */
    readonly kind: 'class' | 'object'
    readonly static: boolean
    readonly reach: Reach
  }
}

export interface Exports {
  /** Module-level names and how they leave the module. */
  readonly locals: ReadonlyMap<string, Reach>
  /** Functions, classes and objects that are exported where they stand. */
  readonly nodes: ReadonlyMap<SyntaxNode, Reach>
}

const found = new WeakMap<ParsedFile, Exports>()

/** Worked out once for a file: it is asked for every function. */
export function exportsOf(file: ParsedFile): Exports {
  const known = found.get(file)
  if (known !== undefined) return known
  const exports = file.language === 'python' ? pythonExports(file) : javascriptExports(file)
  found.set(file, exports)
  return exports
}

const NONE = (name: string): Reach => ({ kind: 'none', name })

export function reachOf(file: ParsedFile, exports: Exports, node: SyntaxNode, name: string): Reach {
  const direct = exports.nodes.get(node)
  if (direct !== undefined) return direct
  const owner = file.language === 'python' ? pythonOwner(file, exports, node) : javascriptOwner(file, exports, node)
  if (owner !== undefined) return owner.reach.kind === 'none' || name.startsWith('#') ? NONE(name) : { kind: 'method', name, owner }
  if (name === '' || !atModuleLevel(node)) return NONE(name)
  return exports.locals.get(name) ?? NONE(name)
}

function pythonExports(file: ParsedFile): Exports {
  const locals = new Map<string, Reach>()
  visit(file.root, (node) => {
    if (node.type === 'lambda') return false
    if (node.type === 'assignment') {
      const left = child(node, 'left')
      if (left?.type === 'identifier') locals.set(textOf(file, left), { kind: 'named', name: textOf(file, left) })
    }
    if (node.type !== 'function_definition' && node.type !== 'class_definition') return undefined
    const name = textOf(file, child(node, 'name'))
    locals.set(name, { kind: 'named', name })
    return false
  })
  return { locals, nodes: new Map() }
}

function pythonOwner(file: ParsedFile, exports: Exports, node: SyntaxNode): Reach['owner'] {
  const outer = node.parent?.type === 'decorated_definition' ? node.parent : node
  const holder = outer.parent?.type === 'block' ? outer.parent.parent : undefined
  if (holder?.type !== 'class_definition') return undefined
  const name = textOf(file, child(holder, 'name'))
  const isStatic = /@(static|class)method\b/.test(file.text.slice(outer.start, node.start))
  const reach = atModuleLevel(holder) ? (exports.locals.get(name) ?? NONE(name)) : NONE(name)
  return { name, kind: 'class', static: isStatic, reach }
}

function javascriptOwner(file: ParsedFile, exports: Exports, node: SyntaxNode): Reach['owner'] {
  const member = node.type === 'method_definition' ? node : node.parent
  if (member === undefined) return undefined
  if (member.parent?.type === 'class_body' && member.parent.parent !== undefined) {
    const owner = member.parent.parent
    const name = textOf(file, child(owner, 'name')) || declared(file, owner)
    return { name, kind: 'class', static: hasToken(member, 'static'), reach: ofHolder(exports, owner, name) }
  }
  if (member.parent?.type === 'object' && (member === node || member.type === 'pair')) {
    const name = declared(file, member.parent)
    return name === '' ? undefined : { name, kind: 'object', static: true, reach: ofHolder(exports, member.parent, name) }
  }
  if (member.type !== 'assignment_expression') return undefined
  const left = child(member, 'left')
  const object = left === undefined ? undefined : child(left, 'object')
  if (object === undefined) return undefined
  const [, name = '', prototype] = /^([\w$]+)(\.prototype)?$/.exec(textOf(file, object)) ?? []
  const reach = exports.locals.get(name)
  if (reach === undefined) return undefined
  return { name, kind: prototype === undefined ? 'object' : 'class', static: prototype === undefined, reach }
}

function ofHolder(exports: Exports, holder: SyntaxNode, name: string): Reach {
  return exports.nodes.get(holder) ?? (atModuleLevel(holder) ? exports.locals.get(name) : undefined) ?? NONE(name)
}

/** `api` of `const api = { … }`. */
function declared(file: ParsedFile, value: SyntaxNode): string {
  return value.parent?.type === 'variable_declarator' ? textOf(file, child(value.parent, 'name')) : ''
}

const INNER =
  /^(function_declaration|generator_function_declaration|function_expression|generator_function|arrow_function|method_definition|function_definition|lambda|class_definition)$/

function atModuleLevel(node: SyntaxNode): boolean {
  for (const around of upwards(node)) if (around !== node && INNER.test(around.type)) return false
  return true
}

function javascriptExports(file: ParsedFile): Exports {
  const collected = { locals: new Map<string, Reach>(), nodes: new Map<SyntaxNode, Reach>() }
  const put = (value: SyntaxNode | undefined, reach: Reach) => {
    if (value?.type === 'identifier') collected.locals.set(textOf(file, value), reach)
    else if (value !== undefined) collected.nodes.set(value, reach)
  }
  const aliases = new Set<string>()
  visit(file.root, (node) => {
    if (node.type === 'export_statement') esExport(file, node, put, collected.locals)
    if (node.type === 'assignment_expression') commonJsExport(file, node, put, aliases)
    return !INNER.test(node.type)
  })
  return collected
}

type Put = (value: SyntaxNode | undefined, reach: Reach) => void

function esExport(file: ParsedFile, statement: SyntaxNode, put: Put, locals: Map<string, Reach>): void {
  const declaration = child(statement, 'declaration')
  const isDefault = hasToken(statement, 'default')
  if (declaration !== undefined) {
    for (const name of declaredNames(declaration)) put(name, isDefault ? { kind: 'default', name: 'default' } : { kind: 'named', name: textOf(file, name) })
    for (const name of declaration.children.filter((part) => part.field === 'name')) {
      locals.set(textOf(file, name), isDefault ? { kind: 'default', name: 'default' } : { kind: 'named', name: textOf(file, name) })
    }
    if (isDefault) put(declaration, { kind: 'default', name: 'default' })
    return
  }
  const value = child(statement, 'value')
  if (value !== undefined) put(value, { kind: 'default', name: 'default' })
  if (hasToken(statement, '=')) put(named(statement)[0], { kind: 'module.exports', name: 'module.exports' })
  if (child(statement, 'source') !== undefined) return
  const clause = statement.children.find((part) => part.type === 'export_clause')
  for (const specifier of clause === undefined ? [] : named(clause)) {
    const local = child(specifier, 'name')
    const outside = textOf(file, child(specifier, 'alias') ?? local)
    put(local, outside === 'default' ? { kind: 'default', name: 'default' } : { kind: 'named', name: outside })
  }
}

function declaredNames(declaration: SyntaxNode): SyntaxNode[] {
  return declaration.children.flatMap((part) => (part.type === 'variable_declarator' ? [child(part, 'name') ?? part] : []))
}

function commonJsExport(file: ParsedFile, assignment: SyntaxNode, put: Put, aliases: Set<string>): void {
  const target = textOf(file, child(assignment, 'left'))
  const value = finalValue(assignment)
  if (target === 'module.exports' || (target === 'exports' && /\bmodule\.exports\s*=/.test(textOf(file, assignment)))) {
    if (value?.type === 'identifier') aliases.add(textOf(file, value))
    if (assignment.parent?.type === 'variable_declarator') aliases.add(textOf(file, child(assignment.parent, 'name')))
    if (value?.type === 'object') members(file, value, put)
    else put(value, { kind: 'module.exports', name: 'module.exports' })
    return
  }
  const [, holder = '', name] = /^(module\.exports|[\w$]+)\.([\w$]+)$/.exec(target) ?? []
  if (name === undefined || !(holder === 'exports' || holder === 'module.exports' || aliases.has(holder))) return
  put(value, name === 'default' ? { kind: 'default', name } : { kind: 'exports', name })
}

/** What a chain `a = b = value` ends with. */
function finalValue(assignment: SyntaxNode): SyntaxNode | undefined {
  let value = child(assignment, 'right')
  while (value?.type === 'assignment_expression') value = child(value, 'right')
  return value
}

function members(file: ParsedFile, object: SyntaxNode, put: Put): void {
  for (const member of named(object)) {
    if (member.type === 'pair') put(child(member, 'value'), { kind: 'exports', name: unquoted(textOf(file, child(member, 'key'))) })
    else if (member.type === 'method_definition') put(member, { kind: 'exports', name: textOf(file, child(member, 'name')) })
    else if (member.type === 'shorthand_property_identifier') put({ ...member, type: 'identifier' }, { kind: 'exports', name: textOf(file, member) })
  }
}

function unquoted(text: string): string {
  return text.replace(/^(['"])(.*)\1$/, '$2')
}

function textOf(file: ParsedFile, node: SyntaxNode | undefined): string {
  return node === undefined ? '' : file.text.slice(node.start, node.end)
}
