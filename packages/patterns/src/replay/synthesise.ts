import type { Parameter, SyntaxNode } from '@fixpoint/syntax'
import type { CallInput } from './call.ts'
import type { Callable, Program } from './callable.ts'
import { array, type Entry, number, object, text, type Value } from './value.ts'

/** What the body does with a value, as far as one reads: its members, and whether it is used as a list, a text, a number, a date, a function. */
interface Use {
  readonly members: Map<string, Use>
  element: Use | undefined
  kind: 'text' | 'number' | 'date' | 'function' | 'map' | undefined
}

const emptyUse = (): Use => ({ members: new Map(), element: undefined, kind: undefined })

/** Plausible arguments for a function that no test calls: from annotations, parameter names and what its body does with them. */
export function synthesise(program: Program, callable: Callable): readonly CallInput[] {
  const content = program.source.text(callable.path)
  const root = content === undefined ? undefined : program.syntax.parse(callable.path, content)
  if (content === undefined || root === undefined) return []
  const reader = new UseReader(content, root, callable)
  const own = callable.span.params.filter(
    (each, at) => !each.rest && !(callable.language === 'python' && at === 0 && (each.name === 'self' || each.name === 'cls')),
  )
  const valueFor = (parameter: Parameter) => reader.valueOf(parameter)
  const args = own.filter((each) => !each.keywordOnly).map(valueFor)
  const named = own.filter((each) => each.keywordOnly && each.name !== undefined).map((each): Entry => [each.name ?? '', valueFor(each)])
  const call = { args, named }
  if (!callable.method) return [call]
  const owner = callable.span.qualified.split('.').slice(0, -1).join('.')
  const maker = program.syntax.functions(callable.path, content).find((each) => each.kind === 'constructor' && each.qualified.startsWith(`${owner}.`))
  const made = maker === undefined ? [] : new UseReader(content, root, { ...callable, span: maker }).argumentsOf()
  return [{ ...call, receiver: { how: 'construct', args: made, named: [] } }]
}

const TEXT =
  /^(split|trim|trimStart|trimEnd|toUpperCase|toLowerCase|charAt|charCodeAt|replace|replaceAll|startsWith|endsWith|match|padStart|padEnd|substring|substr|localeCompare|strip|lower|upper|encode|startswith|endswith|splitlines|rstrip|lstrip|title)$/
const LIST = /^(map|forEach|filter|reduce|find|findIndex|some|every|flatMap|push|pop|shift|unshift|splice|sort|join|append|extend|at|reverse)$/
const NUMBER = /^(toFixed|toPrecision)$/
const DATE = /^(getTime|getFullYear|getMonth|getDate|getDay|getHours|toISOString|toLocaleDateString|getUTCDay|getUTCFullYear)$/
const MAP = /^(get|has|set|entries|keys|values)$/
/** The callback's parameter that is the element. */
const ELEMENT_AT: Readonly<Record<string, number>> = { map: 0, forEach: 0, filter: 0, find: 0, findIndex: 0, some: 0, every: 0, flatMap: 0, reduce: 1 }

class UseReader {
  readonly #text: string
  readonly #callable: Callable
  readonly #root: SyntaxNode
  readonly #uses = new Map<string, Use>()

  constructor(content: string, root: SyntaxNode, callable: Callable) {
    this.#text = content
    this.#root = root
    this.#callable = callable
    const { span } = callable
    for (const name of span.params.flatMap((each) => each.names)) this.#uses.set(name, emptyUse())
    // Twice, because a loop's element is only known once its list is.
    for (let pass = 0; pass < 2; pass += 1) this.#read(root)
  }

  argumentsOf(): readonly Value[] {
    const { params } = this.#callable.span
    return params
      .filter((each, at) => !each.rest && !each.keywordOnly && !(at === 0 && (each.name === 'self' || each.name === 'cls')))
      .map((each) => this.valueOf(each))
  }

  valueOf(parameter: Parameter): Value {
    if (parameter.destructured) return object(parameter.names.map((name): Entry => [name, this.#make(name, this.#uses.get(name), 0)]))
    const use = parameter.name === undefined ? undefined : this.#uses.get(parameter.name)
    return this.#typed(parameter.type, use, parameter.name ?? '', 0) ?? this.#make(parameter.name ?? '', use, 0)
  }

  #of(node: SyntaxNode): string {
    return this.#text.slice(node.start, node.end)
  }

  #read(node: SyntaxNode): void {
    const { span } = this.#callable
    if (node.end <= span.start || node.start >= span.end) return
    if (node.type === 'member_expression' || node.type === 'subscript_expression' || node.type === 'attribute' || node.type === 'subscript') this.#use(node)
    if (node.type === 'for_in_statement' || node.type === 'for_statement' || node.type === 'for_in_clause') this.#loop(node)
    if (node.type === 'variable_declarator' || node.type === 'assignment') this.#alias(node)
    if (node.type === 'call_expression' || node.type === 'call') this.#called(node)
    if (node.type === 'binary_expression' || node.type === 'binary_operator') this.#arithmetic(node)
    for (const child of node.children) this.#read(child)
  }

  #field(node: SyntaxNode, ...names: readonly string[]): SyntaxNode | undefined {
    return node.children.find((child) => child.field !== undefined && names.includes(child.field))
  }

  /** The use of an expression that starts at a known name; makes the members on the way. */
  #use(node: SyntaxNode | undefined): Use | undefined {
    if (node === undefined) return undefined
    if (node.type === 'identifier') return this.#uses.get(this.#of(node))
    if (node.type === 'parenthesized_expression' || node.type === 'non_null_expression') return this.#use(node.children.find((child) => child.named))
    const within = this.#use(this.#field(node, 'object', 'value'))
    if (within === undefined) return undefined
    if (node.type === 'member_expression' || node.type === 'attribute') {
      const name = this.#field(node, 'property', 'attribute')
      return name === undefined ? undefined : this.#member(within, this.#of(name), node)
    }
    if (node.type === 'subscript_expression' || node.type === 'subscript') {
      const index = this.#field(node, 'index', 'subscript')
      if (index === undefined) return undefined
      if (index.type === 'string') return this.#member(within, this.#of(index).slice(1, -1), node)
      if (index.type === 'number' || index.type === 'integer') {
        within.element ??= emptyUse()
        return within.element
      }
    }
    return undefined
  }

  #member(within: Use, name: string, node: SyntaxNode): Use | undefined {
    const called = node.parent !== undefined && /^call/.test(node.parent.type) && node.field === 'function'
    if (called || name === 'length') {
      if (TEXT.test(name)) within.kind ??= 'text'
      else if (NUMBER.test(name)) within.kind ??= 'number'
      else if (DATE.test(name)) within.kind ??= 'date'
      else if (LIST.test(name)) within.element ??= emptyUse()
      else if (MAP.test(name) && this.#callable.language === 'javascript') within.kind ??= 'map'
      else if (/^(get|items|keys|values)$/.test(name)) this.#dictionary(within, node)
      else if (name !== 'length') return this.#put(within, name, 'function')
      return undefined
    }
    return this.#put(within, name, undefined)
  }

  /** `order.get('price')` says that there may be a price. */
  #dictionary(within: Use, node: SyntaxNode): void {
    const first = node.parent?.children.find((child) => child.field === 'arguments')?.children.find((child) => child.named)
    if (first?.type === 'string') this.#put(within, this.#of(first).slice(1, -1), undefined)
  }

  #put(within: Use, name: string, kind: Use['kind']): Use {
    const known = within.members.get(name) ?? emptyUse()
    known.kind ??= kind
    within.members.set(name, known)
    return known
  }

  #loop(node: SyntaxNode): void {
    const list = this.#use(this.#field(node, 'right'))
    const left = this.#field(node, 'left')
    if (list === undefined || left === undefined) return
    list.element ??= emptyUse()
    if (left.type === 'identifier') this.#uses.set(this.#of(left), list.element)
    else this.#destructure(left, list.element)
  }

  #alias(node: SyntaxNode): void {
    const name = this.#field(node, 'name', 'left')
    const use = this.#use(this.#field(node, 'value', 'right'))
    if (name === undefined || use === undefined) return
    if (name.type === 'identifier') this.#uses.set(this.#of(name), use)
    else this.#destructure(name, use)
  }

  #destructure(pattern: SyntaxNode, use: Use): void {
    if (pattern.type !== 'object_pattern') return
    for (const part of pattern.children) {
      if (part.type === 'shorthand_property_identifier_pattern') this.#uses.set(this.#of(part), this.#put(use, this.#of(part), undefined))
    }
  }

  #called(node: SyntaxNode): void {
    const callee = this.#field(node, 'function')
    const direct = callee?.type === 'identifier' ? this.#uses.get(this.#of(callee)) : undefined
    if (direct !== undefined) direct.kind ??= 'function'
    if (callee?.type !== 'member_expression') return
    const name = this.#field(callee, 'property')
    const list = this.#use(this.#field(callee, 'object'))
    const at = name === undefined ? undefined : ELEMENT_AT[this.#of(name)]
    const callback = this.#field(node, 'arguments')?.children.find((child) => /function/.test(child.type))
    if (list === undefined || at === undefined || callback === undefined) return
    list.element ??= emptyUse()
    const single = this.#field(callback, 'parameter')
    const parameters = single === undefined ? (this.#field(callback, 'parameters')?.children.filter((child) => child.named) ?? []) : [single]
    const found = parameters[at]
    const parameter = found?.type === 'required_parameter' ? (this.#field(found, 'pattern') ?? found) : found
    if (parameter?.type === 'identifier') this.#uses.set(this.#of(parameter), list.element)
    else if (parameter !== undefined) this.#destructure(parameter, list.element)
  }

  #arithmetic(node: SyntaxNode): void {
    if (!node.children.some((child) => !child.named && /^([-*/%]|\*\*)$/.test(child.type))) return
    for (const side of [this.#field(node, 'left'), this.#field(node, 'right')]) {
      const use = this.#use(side)
      if (use !== undefined) use.kind ??= 'number'
    }
  }

  #make(name: string, use: Use | undefined, depth: number): Value {
    if (use === undefined || depth > 6) return named(name)
    if (use.kind === 'text') return text('a')
    if (use.kind === 'number') return number(1)
    if (use.kind === 'date') return { is: 'date', value: 0 }
    if (use.kind === 'function') return { is: 'function' }
    if (use.kind === 'map' && use.members.size === 0) return { is: 'map', entries: [[text('a'), number(1)]] }
    if (use.members.size > 0) return object([...use.members].map(([key, inner]): Entry => [key, this.#make(key, inner, depth + 1)]))
    if (use.element !== undefined) return array([this.#make(name.replace(/s$/, ''), use.element, depth + 1)])
    return named(name)
  }

  /** What an annotation says, with an interface or type of the same file looked up. */
  #typed(type: string | undefined, use: Use | undefined, name: string, depth: number): Value | undefined {
    const plain = type
      ?.trim()
      .replace(/^(?:Readonly|Partial|Required)<(.*)>$/s, '$1')
      .replace(/\s*\|\s*(undefined|null|None)\b/g, '')
      .replace(/^Optional\[(.*)\]$/s, '$1')
    if (plain === undefined || depth > 6) return undefined
    const list =
      /^(?:readonly\s+)?(.+)\[\]$/s.exec(plain)?.[1] ?? /^(?:Array|ReadonlyArray|Iterable|Set|list|List|Sequence|tuple)[<[](.+)[>\]]$/s.exec(plain)?.[1]
    if (list !== undefined)
      return array([this.#typed(list, use?.element, name.replace(/s$/, ''), depth + 1) ?? this.#make(name.replace(/s$/, ''), use?.element, depth + 1)])
    if (/^(string|str)$/.test(plain)) return text('a')
    if (/^(number|int)$/.test(plain)) return number(1)
    if (plain === 'float') return number(1, true)
    if (/^(boolean|bool)$/.test(plain)) return { is: 'boolean', value: true }
    if (plain === 'Date') return { is: 'date', value: 0 }
    if (plain === 'datetime') return { is: 'moment', kind: 'datetime', fields: [2020, 1, 1], utc: false }
    if (/^(Map|ReadonlyMap)</.test(plain)) return { is: 'map', entries: [[text('a'), number(1)]] }
    if (/^\(.*\)\s*=>|^Callable\b/s.test(plain)) return { is: 'function' }
    const union = /^['"]([^'"]*)['"]/.exec(plain)?.[1]
    if (union !== undefined) return text(union)
    const members = plain.startsWith('{') ? membersOf(plain) : this.#declared(plain)
    return members === undefined
      ? undefined
      : object(
          members.map(
            ([key, inner]): Entry => [key, this.#typed(inner, use?.members.get(key), key, depth + 1) ?? this.#make(key, use?.members.get(key), depth + 1)],
          ),
        )
  }

  #declared(name: string): readonly (readonly [string, string])[] | undefined {
    if (!/^\w+$/.test(name)) return undefined
    const found = declarationOf(
      this.#root,
      (node) =>
        /^(interface_declaration|type_alias_declaration)$/.test(node.type) && node.children.some((child) => child.field === 'name' && this.#of(child) === name),
    )
    const body = found?.children.find((child) => child.field === 'body' || child.field === 'value')
    return body === undefined ? undefined : membersOf(this.#of(body))
  }
}

function declarationOf(node: SyntaxNode, wanted: (node: SyntaxNode) => boolean): SyntaxNode | undefined {
  if (wanted(node)) return node
  for (const child of node.children) {
    const found = declarationOf(child, wanted)
    if (found !== undefined) return found
  }
  return undefined
}

/** `{ id: string; items: { price: number }[] }` as pairs of name and type. */
function membersOf(body: string): readonly (readonly [string, string])[] | undefined {
  if (!body.startsWith('{')) return undefined
  const members: [string, string][] = []
  let depth = 0
  let part = ''
  for (const character of `${body.slice(1, -1)};`) {
    if ('{[(<'.includes(character)) depth += 1
    if ('}])>'.includes(character)) depth -= 1
    if (depth === 0 && /[;,\n]/.test(character)) {
      const found = /^\s*(?:readonly\s+)?['"]?([\w$]+)['"]?\??\s*:\s*([\s\S]+?)\s*$/.exec(part)
      if (found?.[1] !== undefined && found[2] !== undefined) members.push([found[1], found[2]])
      part = ''
    } else part += character
  }
  return members
}

/** What a parameter of this name usually is. */
function named(name: string): Value {
  const word = name.toLowerCase()
  if (/^(is|has|should|can|with)[A-Z_]/.test(name) || /^(enabled|strict|verbose|force)$/.test(word)) return { is: 'boolean', value: true }
  if (/^(cb|callback|fn|func|next|done|handler|predicate|compare|listener)$|(Fn|Callback)$/.test(name)) return { is: 'function' }
  if (
    /^(req|request|res|response|options|opts|config|settings|context|ctx|params|query|body|headers|data|payload|event|order|user|item|row|record|obj|object|props)$/.test(
      word,
    )
  )
    return object([])
  if (/(date|time)$|At$/.test(name) || /^(from|to|start|end|now|since|until)$/.test(word)) return { is: 'date', value: 0 }
  if (
    /^(n|i|j|x|y|a|b|k|num|number|count|size|length|index|limit|offset|page|amount|price|total|quantity|qty|rate|width|height|min|max|ms|seconds|days|value|age|port|year|month|day)$|(Count|Size|Ms|Index|Limit|_count|_size)$/.test(
      name,
    )
  )
    return number(1)
  if (
    /^(items|list|rows|values|lines|elements|entries|records|args|array|arr|orders|users|numbers|names|ids|keys|tags|words|points|data)$/.test(word) ||
    (/(List|s)$/.test(name) && !/(ss|us|is)$/.test(name))
  )
    return array([number(1)])
  return text('a')
}
