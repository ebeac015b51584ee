import type { Reproduction, SourceSnapshot } from '@fixpoint/core'
import { child, named, type Syntax, type SyntaxNode, visit } from '@fixpoint/syntax'
import { applied, type Fix } from './fix.ts'
import type { Site } from './site.ts'
import { operatorOf, textBetween } from './tree.ts'
import { type Window, windowOf } from './window.ts'

/** Why a candidate is not worth a run. */
export type Refusal =
  | 'does not parse'
  | 'changes nothing'
  | 'same as another'
  | 'unknown name'
  | 'constant condition'
  | 'drops a check'
  | 'ignores a parameter'
  | 'empty handler'
  | 'answer of the test'

/** Names of the platform that an edit may bring into a file. */
const PLATFORM = new Set(
  'Number String Math Boolean Array Object Promise Infinity undefined isinstance int float str len abs sorted list dict set max min round each a b None True False'.split(
    ' ',
  ),
)

/** Refuses, without running anything, what cannot be right or would be right for the wrong reason (repair's anti-patterns). Remembers what it has seen. */
export class Screen {
  readonly #syntax: Syntax
  readonly #answers: ReadonlySet<string>
  readonly #seen = new Set<string>()
  readonly #names = new Map<string, ReadonlySet<string>>()

  constructor(syntax: Syntax, answers: ReadonlySet<string>) {
    this.#syntax = syntax
    this.#answers = answers
  }

  refuse(fix: Fix, site: Site): Refusal | undefined {
    const window = windowOf(fix, site)
    const tokens = this.#syntax.tokens(site.path, window.after).join('\u0001')
    const key = `${site.path}\u0001${window.shift}\u0001${tokens}`
    if (this.#seen.has(key)) return 'same as another'
    this.#seen.add(key)
    const after = this.#syntax.parse(site.path, window.after)
    const before = this.#syntax.parse(site.path, window.before)
    if (after === undefined || before === undefined) return 'does not parse'
    if (count(after, isBroken) > count(before, isBroken)) return 'does not parse'
    if (tokens === this.#syntax.tokens(site.path, window.before).join('\u0001')) return 'changes nothing'
    const changed = { start: fix.start + window.shift, end: fix.start + window.shift + fix.text.length }
    if (this.#bringsUnknownName(after, window, changed, site)) return 'unknown name'
    if (count(after, (node) => isConstant(node, window.after)) > count(before, (node) => isConstant(node, window.before))) return 'constant condition'
    if (count(after, isCheck) < count(before, isCheck)) return 'drops a check'
    if (count(after, isEmptyHandler) > count(before, isEmptyHandler)) return 'empty handler'
    if (ignoresParameter(fix, site)) return 'ignores a parameter'
    if (!movesByOne(fix, site) && this.#copiesAnswer(after, window, changed)) return 'answer of the test'
    return undefined
  }

  #bringsUnknownName(after: SyntaxNode, window: Window, changed: Range, site: Site): boolean {
    const known = this.#namesOf(site)
    let unknown = false
    within(after, changed, (node) => {
      if (
        node.type === 'identifier' &&
        !known.has(textBetween(window.after, node)) &&
        !PLATFORM.has(textBetween(window.after, node)) &&
        node.field !== 'attribute' &&
        node.field !== 'name'
      )
        unknown = true
    })
    return unknown
  }

  #namesOf(site: Site): ReadonlySet<string> {
    const known = this.#names.get(site.path)
    if (known !== undefined) return known
    const names = new Set<string>()
    visit(site.root, (node) => {
      if (node.type.includes('identifier')) names.add(site.of(node))
      return undefined
    })
    this.#names.set(site.path, names)
    return names
  }

  #copiesAnswer(after: SyntaxNode, window: Window, changed: Range): boolean {
    let copied = false
    within(after, changed, (node) => {
      if (!/^(string|number|integer|float)$/.test(node.type)) return
      const said = textBetween(window.after, node).replace(/^['"]|['"]$/g, '')
      if (!TRIVIAL.test(said) && this.#answers.has(said) && !window.before.includes(textBetween(window.after, node))) copied = true
    })
    return copied
  }
}

/** A bound that moves by one is a guess at the bound, not at the test's answer. */
function movesByOne(fix: Fix, site: Site): boolean {
  return Math.abs(Number(fix.text) - Number(site.text.slice(fix.start, fix.end))) === 1
}

interface Range {
  readonly start: number
  readonly end: number
}

const TRIVIAL = /^(|-?[0-2]|10|100|[a-z ])$/i

/** Literals of the failing tests and of what they complain about: a patch that brings one of them has read the answer. */
export function answersOf(reproduction: Reproduction, source: SourceSnapshot): ReadonlySet<string> {
  const texts = [reproduction.failure.message]
  for (const test of reproduction.tests) texts.push(reproduction.files.find((file) => file.path === test.file)?.content ?? source.text(test.file) ?? '')
  const answers = new Set<string>()
  for (const text of texts) {
    for (const [, , quotedText, number] of text.slice(0, 200_000).matchAll(/(['"`])((?:(?!\1)[^\\\n]){1,200})\1|(?<![\w.])(-?\d[\d_]*(?:\.\d+)?)(?![\w.])/g)) {
      if (quotedText !== undefined) answers.add(quotedText)
      if (number !== undefined) answers.add(number)
    }
  }
  return answers
}

function within(root: SyntaxNode, range: Range, visitor: (node: SyntaxNode) => void): void {
  visit(root, (node) => {
    if (node.end < range.start || node.start > range.end) return false
    if (node.start >= range.start && node.end <= range.end) visitor(node)
    return undefined
  })
}

function count(root: SyntaxNode, holds: (node: SyntaxNode) => boolean): number {
  let found = 0
  visit(root, (node) => {
    if (holds(node)) found += 1
    return undefined
  })
  return found
}

function isBroken(node: SyntaxNode): boolean {
  return node.type === 'ERROR' || node.missing
}

function isCheck(node: SyntaxNode): boolean {
  return /^(throw_statement|raise_statement|assert_statement)$/.test(node.type)
}

function isEmptyHandler(node: SyntaxNode): boolean {
  if (node.type === 'catch_clause') return named(child(node, 'body')).length === 0
  if (node.type === 'except_clause') return named(node.children.at(-1)).every((each) => each.type === 'pass_statement')
  return false
}

/** `x && x`, `x || !x`, `x === x`, `min(v, v)`, `if (true)`. */
function isConstant(node: SyntaxNode, text: string): boolean {
  const of = (each: SyntaxNode | undefined) => textBetween(text, each)
  if (/^(binary_expression|boolean_operator|comparison_operator|binary_operator)$/.test(node.type)) {
    const [left, right] = named(node)
    const operator = of(operatorOf(node))
    if (!/^(&&|\|\||and|or|===?|!==?|[<>]=?|is|in|-|\/|\?\?)$/.test(operator) || left === undefined || right === undefined) return false
    const opposite = (a: string, b: string) => a === `!${b}` || a === `not ${b}`
    return of(left) === of(right) || opposite(of(left), of(right)) || opposite(of(right), of(left))
  }
  if (node.type === 'parenthesized_expression')
    return /^(if_statement|while_statement)$/.test(node.parent?.type ?? '') && /^\((true|false)\)$/.test(of(node)) && node.parent?.type === 'if_statement'
  if (node.field === 'condition') return /^(True|False)$/.test(of(node)) && node.parent?.type === 'if_statement'
  if (/^(call_expression|call)$/.test(node.type) && /(^|\.)(min|max)$/.test(of(child(node, 'function')))) {
    const given = named(child(node, 'arguments')).map(of)
    return given.length > 1 && new Set(given).size < given.length
  }
  return false
}

/** A parameter that was used in its function and is not any more. */
function ignoresParameter(fix: Fix, site: Site): boolean {
  const span = site.function(fix.start)
  if (span === undefined || fix.start < span.bodyStart || fix.end > span.bodyEnd) return false
  const before = site.text.slice(span.bodyStart, span.bodyEnd)
  const after = applied(before, { start: fix.start - span.bodyStart, end: fix.end - span.bodyStart, text: fix.text })
  return span.params.flatMap((parameter) => parameter.names).some((name) => mentions(before, name) && !mentions(after, name))
}

function mentions(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    if (!/[\w$]/.test(text[at - 1] ?? ' ') && !/[\w$]/.test(text[at + name.length] ?? ' ')) return true
  }
  return false
}
