import { child, find, type Parameter, type SyntaxNode } from '@fixpoint/syntax'
import { array, type Entry, number, object, text, type Value } from './value.ts'
import type { UseReader, ValueUse } from './value-use.ts'

/** Values that a function may well be called with: as its annotations say, else as its body uses them, else as they are named. */
export class PlausibleValues {
  readonly #text: string
  readonly #root: SyntaxNode
  readonly #uses: UseReader

  constructor(content: string, root: SyntaxNode, uses: UseReader) {
    this.#text = content
    this.#root = root
    this.#uses = uses
  }

  of(parameter: Parameter): Value {
    if (parameter.destructured) return object(parameter.names.map((name): Entry => [name, this.#make(name, this.#uses.of(name), 0)]))
    const name = parameter.name ?? ''
    const use = this.#uses.of(name)
    return this.#typed(parameter.type, use, name, 0) ?? this.#make(name, use, 0)
  }

  #make(name: string, use: ValueUse | undefined, depth: number): Value {
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
  #typed(type: string | undefined, use: ValueUse | undefined, name: string, depth: number): Value | undefined {
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

  #of(node: SyntaxNode): string {
    return this.#text.slice(node.start, node.end)
  }

  #declared(name: string): readonly (readonly [string, string])[] | undefined {
    if (!/^\w+$/.test(name)) return undefined
    const found = find(
      this.#root,
      (node) =>
        /^(interface_declaration|type_alias_declaration)$/.test(node.type) && node.children.some((each) => each.field === 'name' && this.#of(each) === name),
    )
    const body = child(found, 'body', 'value')
    return body === undefined ? undefined : membersOf(this.#of(body))
  }
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
