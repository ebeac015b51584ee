import { child, named, type SyntaxNode, visit } from './node.ts'
import type { ParsedFile } from './parsed-file.ts'

interface Range {
  readonly start: number
  readonly end: number
}

/** `new A.b(c)`: receiver `A`, name `b`, one argument. */
export interface Call extends Range {
  /** The last name of what is called; empty when it has none (`f()()`). */
  readonly name: string
  /** The text before that name, for a method call. */
  readonly receiver: string | undefined
  readonly arguments: readonly Range[]
  readonly isNew: boolean
  readonly awaited: boolean
}

const CALLS = new Set(['call_expression', 'new_expression', 'call'])

export function callsIn(file: ParsedFile, range: Range): readonly Call[] {
  const calls: Call[] = []
  visit(file.root, (node) => {
    if (node.end <= range.start || node.start >= range.end) return false
    if (CALLS.has(node.type) && node.start >= range.start && node.end <= range.end) calls.push(describe(file.text, node))
    return undefined
  })
  return calls
}

function describe(text: string, node: SyntaxNode): Call {
  const callee = child(node, 'function') ?? child(node, 'constructor')
  const list = child(node, 'arguments')
  const last = callee === undefined ? undefined : (child(callee, 'property') ?? child(callee, 'attribute'))
  const receiver = callee === undefined ? undefined : child(callee, 'object')
  const plain = callee?.type === 'identifier' ? callee : undefined
  const name = last ?? plain
  return {
    start: node.start,
    end: node.end,
    name: name === undefined ? '' : text.slice(name.start, name.end),
    receiver: receiver === undefined ? undefined : text.slice(receiver.start, receiver.end),
    arguments: list === undefined ? [] : named(list).map(({ start, end }) => ({ start, end })),
    isNew: node.type === 'new_expression',
    awaited: node.parent?.type === 'await_expression' || node.parent?.type === 'await',
  }
}
