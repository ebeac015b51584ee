import { type SyntaxNode, visit } from '@fixpoint/syntax'
import { catalogue } from './catalogue.ts'
import type { Family, Fix } from './fix.ts'
import type { Site } from './site.ts'

/** Code that says nothing about behaviour. */
const SILENT =
  /^(import_statement|import_from_statement|type_annotation|type_alias_declaration|interface_declaration|type_arguments|type_parameters|decorator|comment|type|future_import_statement)$/
/** Families that explain a count that is one off, or the other truth value. */
const LIMITS = new Set(['comparison', 'boundary'])
const TRUTHS = new Set(['comparison', 'negation', 'operator', 'boundary'])
/** Where the defect is suspected says less than what it looks like: a callee's likely edit comes before a caller's odd one. */
const PLACE = 0.6
const BY_ROUND = { 1: 1, 2: 0.5, 3: 0.25 } as const

/** Every edit that a pattern proposes on the suspected lines, likeliest first; the same edit from two patterns once. */
export function enumerateFixes(site: Site, lines: ReadonlyMap<number, number>, families: readonly Family[] = catalogue): readonly Fix[] {
  const mine = families.filter((family) => family.languages === 'all' || (family.languages === 'python') === site.python)
  const found = new Map<string, Fix>()
  const siblings = new Map<string, number>()
  visit(site.root, (node) => {
    if (SILENT.test(node.type)) return false
    if (!node.named) return undefined
    const line = site.line(node.start)
    const weight = lines.get(line) ?? 0
    if (weight === 0) return reaches(node, lines, site)
    for (const family of mine) propose(family, node, site, { line, weight }, found, siblings)
    return undefined
  })
  return [...found.values()].map((fix) => crowded(fix, siblings)).sort((a, b) => b.priority - a.priority)
}

function propose(
  family: Family,
  node: SyntaxNode,
  site: Site,
  place: { line: number; weight: number },
  found: Map<string, Fix>,
  siblings: Map<string, number>,
): void {
  const prior = (family.prior[site.fault.kind] ?? family.prior.other) * nearFactor(family, site)
  for (const edit of family.propose(node, site)) {
    const text = site.text.includes('\r\n') ? edit.text.replaceAll(/\r?\n/g, '\r\n') : edit.text
    if (site.text.slice(edit.start, edit.end) === text) continue
    const likely = prior * edit.likelihood * BY_ROUND[family.round]
    const priority = place.weight ** PLACE * likely
    const key = `${edit.start}:${edit.end}:${text}`
    const known = found.get(key)
    if (priority <= 0 || (known !== undefined && known.priority >= priority)) continue
    const lane = `${family.name}:${place.line}`
    siblings.set(lane, (siblings.get(lane) ?? 0) + 1)
    found.set(key, {
      ...edit,
      text,
      path: site.path,
      line: site.line(edit.start === edit.end ? Math.max(0, node.start) : edit.start),
      function: site.function(node.start)?.qualified,
      family: family.name,
      round: family.round,
      weight: place.weight,
      likely,
      priority,
    })
  }
}

function nearFactor(family: Family, { fault }: Site): number {
  if (fault.near === 'one-off') return LIMITS.has(family.name) ? 1.5 : 1
  if (fault.near === 'other-truth') return TRUTHS.has(family.name) ? 1.4 : 0.8
  return 1
}

/** The more edits a family proposes for a line, the less each of them is worth. */
function crowded(fix: Fix, siblings: ReadonlyMap<string, number>): Fix {
  return { ...fix, priority: fix.priority / (siblings.get(`${fix.family}:${fix.line}`) ?? 1) ** 0.35 }
}

function reaches(node: SyntaxNode, lines: ReadonlyMap<number, number>, site: Site): boolean {
  const from = site.line(node.start)
  const to = site.line(node.end)
  for (const line of lines.keys()) if (line >= from && line <= to) return true
  return false
}
