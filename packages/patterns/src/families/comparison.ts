import { named, type SyntaxNode } from '@fixpoint/syntax'
import { type Edit, type Family, replace } from '../fix.ts'
import type { Site } from '../site.ts'
import { operatorOf } from '../tree.ts'

/** What a comparison is mistaken for, likeliest first. */
const JAVASCRIPT: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>', '>='],
  '<=': ['<', '>=', '>'],
  '>': ['>=', '<', '<='],
  '>=': ['>', '<=', '<'],
  '===': ['!==', '=='],
  '!==': ['===', '!='],
  '==': ['===', '!='],
  '!=': ['!==', '=='],
}
const PYTHON: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>', '>='],
  '<=': ['<', '>=', '>'],
  '>': ['>=', '<', '<='],
  '>=': ['>', '<=', '<'],
  '==': ['!=', '>=', '<='],
  '!=': ['==', '>', '<'],
  is: ['==', 'is not'],
  'is not': ['!=', 'is'],
  in: ['not in'],
  'not in': ['in'],
}
const BY_RANK = [1, 0.35, 0.2]
/** The same slip with a number beside it: `x == 0` for `x <= 1`. */
const WITH_LITERAL: Readonly<Record<string, readonly string[]>> = {
  '==': ['<=', '>='],
  '===': ['<=', '>='],
  '<': ['<='],
  '<=': ['<'],
  '>': ['>='],
  '>=': ['>'],
}

export const comparison: Family = {
  name: 'comparison',
  languages: 'all',
  round: 1,
  prior: { value: 1, range: 1, null: 0.3, type: 0.3, other: 0.4 },
  *propose(node, site) {
    if (!(site.python ? node.type === 'comparison_operator' : node.type === 'binary_expression')) return
    const [left, right, ...more] = named(node)
    const operator = operatorOf(node)
    if (left === undefined || right === undefined || operator === undefined || more.length > 0) return
    const now = site.of(operator).replace(/\s+/g, ' ')
    const others = (site.python ? PYTHON : JAVASCRIPT)[now] ?? []
    const whole = (text: string) => site.text.slice(node.start, operator.start) + text + site.text.slice(operator.end, node.end)
    for (const [rank, other] of others.entries()) {
      yield says(replace(site, operator, other, `${now} → ${other}`, { likelihood: BY_RANK[rank] ?? 0.1 }), site, node, whole(other))
    }
    yield* joint(site, node, operator, right, now)
  },
}

function* joint(site: Site, node: SyntaxNode, operator: SyntaxNode, right: SyntaxNode, now: string): Generator<Edit> {
  if (!/^\d+$/.test(site.of(right))) return
  const number = Number(site.of(right))
  for (const other of WITH_LITERAL[now] ?? []) {
    for (const value of [number + 1, number - 1]) {
      if (value < 0) continue
      const text = `${site.text.slice(node.start, operator.start)}${other}${site.text.slice(operator.end, right.start)}${value}`
      yield replace(site, node, text, 'operator and literal', { likelihood: 0.15 })
    }
  }
}

/** A changed operator is told with its operands when they are short. */
function says(edit: Edit, site: Site, node: SyntaxNode, whole: string): Edit {
  return node.end - node.start > 50 ? edit : { ...edit, says: `change \`${site.of(node)}\` to \`${whole}\`` }
}
