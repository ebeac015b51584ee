import { child, type SyntaxNode } from '@fixpoint/syntax'
import type { Callable } from './callable.ts'

/** What the body does with a value, as far as one reads: its members, and whether it is used as a list, a text, a number, a date, a function. */
export interface ValueUse {
  readonly members: Map<string, ValueUse>
  element: ValueUse | undefined
  kind: 'text' | 'number' | 'date' | 'function' | 'map' | undefined
}

const emptyUse = (): ValueUse => ({ members: new Map(), element: undefined, kind: undefined })

const TEXT =
  /^(split|trim|trimStart|trimEnd|toUpperCase|toLowerCase|charAt|charCodeAt|replace|replaceAll|startsWith|endsWith|match|padStart|padEnd|substring|substr|localeCompare|strip|lower|upper|encode|startswith|endswith|splitlines|rstrip|lstrip|title)$/
const LIST = /^(map|forEach|filter|reduce|find|findIndex|some|every|flatMap|push|pop|shift|unshift|splice|sort|join|append|extend|at|reverse)$/
const NUMBER = /^(toFixed|toPrecision)$/
const DATE = /^(getTime|getFullYear|getMonth|getDate|getDay|getHours|toISOString|toLocaleDateString|getUTCDay|getUTCFullYear)$/
const MAP = /^(get|has|set|entries|keys|values)$/
/** The callback's parameter that is the element. */
const ELEMENT_AT: Readonly<Record<string, number>> = { map: 0, forEach: 0, filter: 0, find: 0, findIndex: 0, some: 0, every: 0, flatMap: 0, reduce: 1 }

/** Reads a function's body for what it does with its parameters and what is taken from them. */
export class UseReader {
  readonly #text: string
  readonly #callable: Callable
  readonly #uses = new Map<string, ValueUse>()

  constructor(content: string, root: SyntaxNode, callable: Callable) {
    this.#text = content
    this.#callable = callable
    const { span } = callable
    for (const name of span.params.flatMap((each) => each.names)) this.#uses.set(name, emptyUse())
    // Twice, because a loop's element is only known once its list is.
    for (let pass = 0; pass < 2; pass += 1) this.#read(root)
  }

  /** What is done with a parameter of this name. */
  of(name: string): ValueUse | undefined {
    return this.#uses.get(name)
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
    for (const below of node.children) this.#read(below)
  }

  /** The use of an expression that starts at a known name; makes the members on the way. */
  #use(node: SyntaxNode | undefined): ValueUse | undefined {
    if (node === undefined) return undefined
    if (node.type === 'identifier') return this.#uses.get(this.#of(node))
    if (node.type === 'parenthesized_expression' || node.type === 'non_null_expression') return this.#use(node.children.find((each) => each.named))
    const within = this.#use(child(node, 'object', 'value'))
    if (within === undefined) return undefined
    if (node.type === 'member_expression' || node.type === 'attribute') {
      const name = child(node, 'property', 'attribute')
      return name === undefined ? undefined : this.#member(within, this.#of(name), node)
    }
    if (node.type === 'subscript_expression' || node.type === 'subscript') {
      const index = child(node, 'index', 'subscript')
      if (index === undefined) return undefined
      if (index.type === 'string') return this.#member(within, this.#of(index).slice(1, -1), node)
      if (index.type === 'number' || index.type === 'integer') {
        within.element ??= emptyUse()
        return within.element
      }
    }
    return undefined
  }

  #member(within: ValueUse, name: string, node: SyntaxNode): ValueUse | undefined {
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
  #dictionary(within: ValueUse, node: SyntaxNode): void {
    const first = child(node.parent, 'arguments')?.children.find((each) => each.named)
    if (first?.type === 'string') this.#put(within, this.#of(first).slice(1, -1), undefined)
  }

  #put(within: ValueUse, name: string, kind: ValueUse['kind']): ValueUse {
    const known = within.members.get(name) ?? emptyUse()
    known.kind ??= kind
    within.members.set(name, known)
    return known
  }

  #loop(node: SyntaxNode): void {
    const list = this.#use(child(node, 'right'))
    const left = child(node, 'left')
    if (list === undefined || left === undefined) return
    list.element ??= emptyUse()
    if (left.type === 'identifier') this.#uses.set(this.#of(left), list.element)
    else this.#destructure(left, list.element)
  }

  #alias(node: SyntaxNode): void {
    const name = child(node, 'name', 'left')
    const use = this.#use(child(node, 'value', 'right'))
    if (name === undefined || use === undefined) return
    if (name.type === 'identifier') this.#uses.set(this.#of(name), use)
    else this.#destructure(name, use)
  }

  #destructure(pattern: SyntaxNode, use: ValueUse): void {
    if (pattern.type !== 'object_pattern') return
    for (const part of pattern.children) {
      if (part.type === 'shorthand_property_identifier_pattern') this.#uses.set(this.#of(part), this.#put(use, this.#of(part), undefined))
    }
  }

  #called(node: SyntaxNode): void {
    const callee = child(node, 'function')
    const direct = callee?.type === 'identifier' ? this.#uses.get(this.#of(callee)) : undefined
    if (direct !== undefined) direct.kind ??= 'function'
    if (callee?.type !== 'member_expression') return
    const name = child(callee, 'property')
    const list = this.#use(child(callee, 'object'))
    const at = name === undefined ? undefined : ELEMENT_AT[this.#of(name)]
    const callback = child(node, 'arguments')?.children.find((child) => /function/.test(child.type))
    if (list === undefined || at === undefined || callback === undefined) return
    list.element ??= emptyUse()
    const single = child(callback, 'parameter')
    const parameters = single === undefined ? (child(callback, 'parameters')?.children.filter((child) => child.named) ?? []) : [single]
    const found = parameters[at]
    const parameter = found?.type === 'required_parameter' ? (child(found, 'pattern') ?? found) : found
    if (parameter?.type === 'identifier') this.#uses.set(this.#of(parameter), list.element)
    else if (parameter !== undefined) this.#destructure(parameter, list.element)
  }

  #arithmetic(node: SyntaxNode): void {
    if (!node.children.some((child) => !child.named && /^([-*/%]|\*\*)$/.test(child.type))) return
    for (const side of [child(node, 'left'), child(node, 'right')]) {
      const use = this.#use(side)
      if (use !== undefined) use.kind ??= 'number'
    }
  }
}
