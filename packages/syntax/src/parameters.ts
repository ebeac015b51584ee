import { child, hasToken, named, type SyntaxNode, visit } from './node.ts'
import type { ParsedFile } from './parsed-file.ts'

export interface Parameter {
  /** Undefined when it is destructured. */
  readonly name: string | undefined
  /** All names that it binds. */
  readonly names: readonly string[]
  /** `...rest`, `*args`, `**kwargs`. */
  readonly rest: boolean
  /** Has a default, or TypeScript's `?`. */
  readonly optional: boolean
  readonly destructured: boolean
  /** Python: can only be given by name (`**kwargs` too). */
  readonly keywordOnly: boolean
  /** The annotation as written, without the colon. */
  readonly type: string | undefined
  readonly start: number
  readonly end: number
}

const SEPARATORS = new Set(['keyword_separator', 'positional_separator', '*', '/'])

export function parametersOf(file: ParsedFile, node: SyntaxNode): readonly Parameter[] {
  const single = child(node, 'parameter')
  const list = child(node, 'parameters')
  const nodes = single !== undefined ? [single] : list === undefined ? [] : named(list)
  const parameters: Parameter[] = []
  let keywordOnly = false
  for (const each of nodes) {
    if (SEPARATORS.has(each.type)) {
      keywordOnly ||= each.type === 'keyword_separator'
      continue
    }
    const parameter = describe(file.text, each, keywordOnly)
    if (parameter.name === 'this') continue
    parameters.push(parameter)
    if (file.language === 'python' && parameter.rest) keywordOnly = true
  }
  return parameters
}

function describe(text: string, node: SyntaxNode, keywordOnly: boolean): Parameter {
  const names = boundNames(text, node)
  const pattern = child(node, 'pattern') ?? child(node, 'left') ?? child(node, 'name') ?? node
  const inner = /^(rest_pattern|list_splat_pattern|dictionary_splat_pattern|typed_parameter)$/.test(pattern.type) ? (named(pattern)[0] ?? pattern) : pattern
  const rest = [node, pattern, inner].some((each) => /^(rest_pattern|list_splat_pattern|dictionary_splat_pattern)$/.test(each.type))
  const destructured = /^(object_pattern|array_pattern|tuple_pattern)$/.test(inner.type)
  const annotation = child(node, 'type')
  return {
    name: destructured ? undefined : names[0],
    names,
    rest,
    optional: node.type === 'assignment_pattern' || node.type === 'optional_parameter' || child(node, 'value') !== undefined,
    destructured,
    keywordOnly: keywordOnly || [node, pattern, inner].some((each) => each.type === 'dictionary_splat_pattern'),
    type: annotation === undefined ? undefined : text.slice(annotation.start, annotation.end).replace(/^:\s*/, ''),
    start: node.start,
    end: node.end,
  }
}

const NAMES = new Set(['identifier', 'shorthand_property_identifier_pattern', 'this'])
/** Parts of a pattern that use names instead of binding them. */
const USES = new Set(['value', 'right', 'type', 'key'])

/** Names that a parameter, a declaration's left side or a loop's target binds, in order. */
export function boundNames(text: string, pattern: SyntaxNode): string[] {
  return boundNodes(pattern).map((node) => text.slice(node.start, node.end))
}

export function boundNodes(pattern: SyntaxNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = []
  visit(pattern, (node) => {
    if (node !== pattern && node.field !== undefined && USES.has(node.field) && node.parent?.type !== 'pair_pattern') return false
    if (node.parent?.type === 'pair_pattern' && node.field === 'key') return false
    // `self.total` and `rows[0]` are written to, not bound.
    if (/^(attribute|subscript|member_expression|subscript_expression|accessibility_modifier|decorator)$/.test(node.type)) return false
    if (NAMES.has(node.type)) found.push(node)
    return undefined
  })
  return hasToken(pattern, 'this') && found.length === 0 ? [pattern] : found
}
