import { child, hasToken, nodeAt, type SyntaxNode, upwards, visit } from './node.ts'
import { type Parameter, parametersOf } from './parameters.ts'
import { lineOf, type ParsedFile } from './parsed-file.ts'
import { type Exports, exportsOf, type Reach, reachOf } from './reach.ts'

export type { Parameter }

/** One function of a file, however it is written. Offsets are UTF-16 indices, ends exclusive; lines count from 1 and include both ends. */
export interface FunctionSpan {
  /** Empty for an anonymous function. An arrow or lambda has the name of what it is assigned to. */
  readonly name: string
  /** With its class, object and outer functions: `Pager.next`, `outer.inner`, `app.use`. */
  readonly qualified: string
  readonly kind: 'function' | 'method' | 'arrow' | 'constructor' | 'getter' | 'setter' | 'lambda'
  /** Python's `self` and `cls` are among them, TypeScript's `this` is not. */
  readonly params: readonly Parameter[]
  readonly start: number
  readonly end: number
  /** Between the braces of a block; for Python from its first statement; for an arrow without a block, its expression. */
  readonly bodyStart: number
  readonly bodyEnd: number
  /** `=> expression` and `lambda`: the body is an expression, not statements. */
  readonly expressionBody: boolean
  readonly lines: readonly [number, number]
  readonly async: boolean
  readonly generator: boolean
  /** How code outside the module gets hold of it. */
  readonly exported: Reach
}

const FUNCTIONS = new Set([
  'function_declaration',
  'generator_function_declaration',
  'function_expression',
  'generator_function',
  'arrow_function',
  'method_definition',
  'function_definition',
  'lambda',
])

export function isFunction(node: SyntaxNode): boolean {
  return FUNCTIONS.has(node.type) && node.named && child(node, 'body') !== undefined
}

export function functionsIn(file: ParsedFile): readonly FunctionSpan[] {
  const exports = exportsOf(file)
  const spans: FunctionSpan[] = []
  visit(file.root, (node) => {
    if (isFunction(node)) spans.push(describe(file, exports, node))
    return undefined
  })
  return spans
}

export function enclosingFunction(file: ParsedFile, place: { readonly offset: number } | { readonly line: number }): FunctionSpan | undefined {
  const offset = 'offset' in place ? place.offset : firstCharacter(file, place.line)
  for (const node of upwards(nodeAt(file.root, offset))) if (isFunction(node)) return describe(file, exportsOf(file), node)
  if ('offset' in place) return undefined
  // The line only begins a function (`export const f = (a) => {`): the first one that starts on it.
  return functionsIn(file).find((span) => span.lines[0] === place.line)
}

function firstCharacter(file: ParsedFile, line: number): number {
  const start = file.lineStarts[line - 1] ?? file.text.length
  const rest = file.text.slice(start, file.lineStarts[line] ?? file.text.length)
  return start + Math.max(0, rest.search(/\S/))
}

function describe(file: ParsedFile, exports: Exports, node: SyntaxNode): FunctionSpan {
  const body = child(node, 'body') ?? node
  const block = body.type === 'statement_block'
  const name = ownName(file.text, node)
  return {
    name,
    qualified: [...ownersOf(file.text, node), name || '(anonymous)'].join('.'),
    kind: kindOf(file.text, node, name),
    params: parametersOf(file, node),
    start: node.start,
    end: node.end,
    bodyStart: block ? body.start + 1 : body.start,
    bodyEnd: block ? body.end - 1 : body.end,
    expressionBody: !block && body.type !== 'block',
    lines: [lineOf(file.lineStarts, node.start), lineOf(file.lineStarts, Math.max(node.start, node.end - 1))],
    async: hasToken(node, 'async'),
    generator: hasToken(node, '*') || node.type.startsWith('generator_') || (file.language === 'python' && yields(body)),
    exported: reachOf(file, exports, node, name),
  }
}

/** What a reader would call it: its own name, or that of the variable, property or field that holds it. */
function ownName(text: string, node: SyntaxNode): string {
  const of = (found: SyntaxNode | undefined) => (found === undefined ? '' : text.slice(found.start, found.end).replace(/^(['"])(.*)\1$/, '$2'))
  const own = child(node, 'name')
  if (own !== undefined) return of(own)
  const holder = holderOf(node)
  if (holder === undefined) return ''
  if (holder.type === 'variable_declarator') return child(holder, 'name')?.type === 'identifier' ? of(child(holder, 'name')) : ''
  if (holder.type === 'pair') return of(child(holder, 'key'))
  if (holder.type === 'assignment_expression' || holder.type === 'assignment') {
    const left = child(holder, 'left')
    return left?.type === 'identifier' ? of(left) : of(left === undefined ? undefined : child(left, 'property'))
  }
  return of(child(holder, 'name') ?? child(holder, 'property'))
}

const HOLDERS = new Set(['variable_declarator', 'pair', 'assignment_expression', 'assignment', 'public_field_definition', 'field_definition'])

/** The declaration that gives an anonymous function its name; parentheses and casts are looked through. */
function holderOf(node: SyntaxNode): SyntaxNode | undefined {
  let around = node.parent
  while (around !== undefined && /^(parenthesized_expression|as_expression|satisfies_expression)$/.test(around.type)) around = around.parent
  return around !== undefined && HOLDERS.has(around.type) ? around : undefined
}

/** Names around a function, outermost first. */
function ownersOf(text: string, node: SyntaxNode): string[] {
  const owners: string[] = []
  const holder = holderOf(node)
  const left = holder === undefined ? undefined : child(holder, 'left')
  const object = left === undefined ? undefined : child(left, 'object')
  const holderName = object === undefined ? '' : text.slice(object.start, object.end).replace(/\.prototype$/, '')
  if (!/^(module|exports|module\.exports)$/.test(holderName)) owners.unshift(holderName)
  for (let around = node.parent; around !== undefined; around = around.parent) {
    if (around.type === 'class_body' || (around.type === 'block' && around.parent?.type === 'class_definition')) owners.unshift(className(text, around.parent))
    else if (around.type === 'object' && around.parent?.type === 'variable_declarator') owners.unshift(nameField(text, around.parent))
    else if (isFunction(around)) owners.unshift(ownName(text, around))
  }
  return owners.filter((owner) => owner !== '')
}

function nameField(text: string, node: SyntaxNode): string {
  const name = child(node, 'name')
  return name === undefined ? '' : text.slice(name.start, name.end)
}

function className(text: string, node: SyntaxNode | undefined): string {
  if (node === undefined) return ''
  return nameField(text, node) || (node.parent?.type === 'variable_declarator' ? nameField(text, node.parent) : '')
}

function kindOf(text: string, node: SyntaxNode, name: string): FunctionSpan['kind'] {
  if (node.type === 'arrow_function') return 'arrow'
  if (node.type === 'lambda') return 'lambda'
  if (node.type === 'method_definition') {
    if (name === 'constructor') return 'constructor'
    return hasToken(node, 'get') ? 'getter' : hasToken(node, 'set') ? 'setter' : 'method'
  }
  if (node.type !== 'function_definition' || !inPythonClass(node)) return 'function'
  if (name === '__init__') return 'constructor'
  const decorated = node.parent?.type === 'decorated_definition' ? text.slice(node.parent.start, node.start) : ''
  return /@(?:[\w.]*cached_)?property\b/.test(decorated) ? 'getter' : /\.setter\b/.test(decorated) ? 'setter' : 'method'
}

function inPythonClass(node: SyntaxNode): boolean {
  const around = node.parent?.type === 'decorated_definition' ? node.parent.parent : node.parent
  return around?.type === 'block' && around.parent?.type === 'class_definition'
}

function yields(body: SyntaxNode): boolean {
  let found = false
  visit(body, (node) => {
    if (node.type === 'yield') found = true
    return !found && !(node !== body && isFunction(node))
  })
  return found
}
