import { child, named, type SyntaxNode, visit } from '@fixpoint/syntax'
import { type Edit, type Family, quoted, replace } from '../fix.ts'
import type { Site } from '../site.ts'
import { operatorOf } from '../tree.ts'

/** A condition with one part too many. */
export const conditionDrop: Family = {
  name: 'condition-drop',
  languages: 'all',
  round: 1,
  prior: { value: 0.4, null: 0.15, other: 0.15 },
  *propose(node, site) {
    if (node.type !== 'boolean_operator' && !(node.type === 'binary_expression' && /^(&&|\|\|)$/.test(site.of(operatorOf(node))))) return
    const [left, right] = named(node)
    if (left === undefined || right === undefined) return
    yield replace(site, node, site.of(left), 'drop right', { likelihood: 0.7, says: `drop ${quoted(site.of(right))} from the condition` })
    yield replace(site, node, site.of(right), 'drop left', { likelihood: 0.6, says: `drop ${quoted(site.of(left))} from the condition` })
  },
}

const MOST = 8

/** A condition with one part too few: truthiness, presence, emptiness or type of a name in scope. */
export const conditionAdd: Family = {
  name: 'condition-add',
  languages: 'all',
  round: 2,
  prior: { null: 0.7, value: 0.5, 'missing-key': 0.5, range: 0.6, type: 0.4, other: 0.2 },
  *propose(node, site) {
    if (node.field !== 'condition' || !/^(if_statement|while_statement|ternary_expression|elif_clause|for_statement)$/.test(node.parent?.type ?? '')) return
    const bare = node.type === 'parenthesized_expression' ? named(node)[0] : node
    if (bare === undefined || bare.type === 'expression_statement') return
    const said = site.of(bare)
    const strong =
      /^(comparison_operator|binary_expression|identifier|member_expression|attribute|call|call_expression|unary_expression|not_operator)$/.test(bare.type) &&
      !/\|\||\bor\b|\?\?/.test(said)
    const parts = said.split(/\s*(?:&&|\|\||\band\b|\bor\b)\s*/)
    const inner = strong ? said : `(${said})`
    for (const [atom, likelihood] of atoms(bare, site)) {
      const [and, or] = site.python ? ['and', 'or'] : ['&&', '||']
      if (parts.includes(atom)) continue
      yield add(site, bare, `${atom} ${and} ${inner}`, atom, likelihood)
      yield add(site, bare, `${inner} ${and} ${atom}`, atom, likelihood * 0.6)
      yield add(site, bare, `${said} ${or} ${atom}`, atom, likelihood * 0.5)
      const opposite = site.python
        ? atom.startsWith('not ')
          ? atom.slice(4)
          : `not ${atom}`
        : atom.startsWith('!')
          ? atom.slice(1)
          : /^[\w$.]+$/.test(atom)
            ? `!${atom}`
            : undefined
      if (opposite !== undefined && !/ is not /.test(atom)) yield add(site, bare, `${opposite} ${or} ${said}`, opposite, likelihood * 0.5)
    }
  },
}

function add(site: Site, node: SyntaxNode, text: string, atom: string, likelihood: number): Edit {
  return replace(site, node, text, 'add part', { likelihood, says: `add ${quoted(atom)} to the condition ${quoted(site.of(node))}` })
}

/** Names used near the condition first: what it tests now, and what its branch uses. */
function atoms(condition: SyntaxNode, site: Site): readonly (readonly [string, number])[] {
  const names: string[] = []
  const add = (name: string) => {
    if (!names.includes(name) && !/^(self|cls|this|Math|console|undefined)$/.test(name)) names.push(name)
  }
  const collect = (node: SyntaxNode) =>
    visit(node, (each) => {
      if (/^(member_expression|attribute)$/.test(each.type)) {
        const text = site.of(each)
        if (/^[\w$.]+$/.test(text) && child(each.parent, 'function') !== each) add(text)
      }
      if (each.type === 'identifier' && child(each.parent, 'function') !== each && each.field !== 'attribute') add(site.of(each))
      return undefined
    })
  collect(condition)
  const branch = child(condition.parent?.type === 'parenthesized_expression' ? condition.parent.parent : condition.parent, 'consequence')
  if (branch !== undefined) collect(branch)
  for (const binding of site.scope(condition.start).slice(0, 6)) if (/^(param|const|let|var)$/.test(binding.kind)) add(binding.name)
  return names.slice(0, MOST).flatMap((name, index): [string, number][] => {
    const likelihood = 1 / (1 + index * 0.3)
    return site.python
      ? [
          [name, likelihood],
          [`${name} is not None`, likelihood * 0.8],
          [`isinstance(${name}, str)`, likelihood * 0.15],
        ]
      : [
          [name, likelihood],
          [`${name} != null`, likelihood * 0.6],
          [`Array.isArray(${name})`, likelihood * 0.2],
          [`typeof ${name} === 'string'`, likelihood * 0.2],
          [`${name}.length > 0`, likelihood * 0.2],
        ]
  })
}
