import { type Binding, child, type SyntaxNode } from '@fixpoint/syntax'
import { isBuiltIn } from '../built-in.ts'
import { type Family, replace } from '../fix.ts'
import { shapeOfName } from '../shape.ts'
import type { Site } from '../site.ts'
import { around } from '../tree.ts'

const MOST = 6

/** The wrong name in scope: similar names first, then the nearest. */
export const variable: Family = {
  name: 'variable',
  languages: 'all',
  round: 1,
  prior: { value: 0.8, null: 0.7, 'undefined-name': 2, 'not-callable': 0.6, type: 0.7, 'missing-key': 0.7, other: 0.5 },
  *propose(node, site) {
    if (node.type !== 'identifier' || !isUse(node, site)) return
    const now = site.of(node)
    const called = node.field === 'function' || node.field === 'constructor'
    const scope = site.scope(node.start)
    const own = scope.find((binding) => binding.name === now)
    const others = scope
      .filter((binding) => binding.name !== now && fits(binding, own, called) && !declaredHere(binding, node))
      .map((binding) => ({ binding, fit: similarity(now, binding.name) + (sameKind(binding, own) ? 0.3 : 0) - 0.08 * binding.distance }))
      .sort((a, b) => b.fit - a.fit)
      .slice(0, MOST)
    for (const { binding, fit } of others) {
      const likelihood = Math.min(1, Math.max(0.1, 0.35 + 0.6 * fit)) * (differ(now, binding.name, site) ? 0.2 : 1)
      yield replace(site, node, binding.name, `${now} → ${binding.name}`, { likelihood })
    }
  },
}

/** The wrong property: one that is used on the same receiver, or that is spelled almost alike. */
export const property: Family = {
  name: 'property',
  languages: 'all',
  round: 1,
  prior: { value: 0.6, null: 1, 'not-callable': 1.2, 'undefined-name': 0.5, type: 0.6, other: 0.4 },
  *propose(node, site) {
    if (node.type !== 'member_expression' && node.type !== 'attribute') return
    const last = child(node, 'property') ?? child(node, 'attribute')
    if (last === undefined) return
    const now = site.of(last)
    // Methods of the platform are mistaken for one another in known ways only: see `confusable-api`.
    if (node.field === 'function' && isBuiltIn(now)) return
    const mine = (site.properties.get(site.of(child(node, 'object'))) ?? []).filter((name) => !isBuiltIn(name) && name !== 'length')
    const candidates = new Map<string, number>()
    for (const name of mine) if (name !== now) candidates.set(name, 0.45 + 0.5 * similarity(now, name))
    for (const name of site.properties.get('*') ?? []) {
      const alike = similarity(now, name)
      if (name !== now && alike > 0.45 && !candidates.has(name)) candidates.set(name, 0.8 * alike)
    }
    const likeliest = [...candidates].sort((a, b) => b[1] - a[1]).slice(0, MOST)
    const blamed = site.fault.subject === now ? 1.5 : 1
    for (const [name, likelihood] of likeliest) yield replace(site, last, name, `.${now} → .${name}`, { likelihood: likelihood * blamed })
  },
}

/** Reading a name: not declaring it, not a property's key, not a named argument's name, not a type. */
function isUse(node: SyntaxNode, site: Site): boolean {
  const parent = node.parent
  if (parent === undefined) return false
  if (
    /^(formal_parameters|parameters|lambda_parameters|required_parameter|optional_parameter|default_parameter|typed_parameter|typed_default_parameter|rest_pattern|list_splat_pattern|dictionary_splat_pattern|catch_clause|import_specifier|import_clause|export_specifier|namespace_import|dotted_name|object_pattern|array_pattern|pattern_list|tuple_pattern|as_pattern_target|global_statement|nonlocal_statement|labeled_statement)$/.test(
      parent.type,
    )
  )
    return false
  if (node.field === 'name' || node.field === 'parameter' || (node.field === 'attribute' && parent.type === 'attribute')) return false
  if (node.field === 'left' && /^(assignment|for_in_statement|for_statement|for_in_clause)$/.test(parent.type)) return false
  if (parent.type === 'assignment_pattern' && node.field === 'left') return false
  const text = site.of(node)
  return text !== 'self' && text !== 'cls' && text !== 'require' && text !== 'undefined'
}

function fits(binding: Binding, own: Binding | undefined, called: boolean): boolean {
  const callable = binding.kind === 'function' || binding.kind === 'import' || binding.kind === 'class'
  if (called) return callable
  // A value is rarely meant to be a function or a module.
  return !callable || (own !== undefined && own.kind === binding.kind)
}

/** A list is not mistaken for a text. */
function differ(one: string, other: string, site: Site): boolean {
  const [a, b] = [shapeOfName(one, site), shapeOfName(other, site)]
  return a !== undefined && b !== undefined && a !== b && a !== 'nothing' && b !== 'nothing'
}

function sameKind(a: Binding, b: Binding | undefined): boolean {
  return b !== undefined && a.kind === b.kind
}

/** `const total = … total2 …`: the name that the statement itself makes. */
function declaredHere(binding: Binding, node: SyntaxNode): boolean {
  for (const outer of around(node)) if (outer.type === 'variable_declarator' && child(outer, 'name')?.start === binding.start) return true
  return false
}

/** 1 for equal names, 0 for names without anything in common: shared words, else edit distance. */
function similarity(a: string, b: string): number {
  const short = Math.max(a.length, b.length)
  const near = 1 - distance(a.toLowerCase().slice(0, 40), b.toLowerCase().slice(0, 40)) / Math.min(40, short)
  const left = words(a)
  const right = words(b)
  const shared = left.filter((word) => right.includes(word)).length
  return Math.max(0, near, shared / Math.max(left.length, right.length))
}

function words(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[_$\d]+/)
    .filter((word) => word !== '')
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)))
    }
    row = next
  }
  return row[b.length] ?? 0
}
