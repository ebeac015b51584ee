/**
 * One node of a parsed file: plain, read-only data that outlives the parser. Offsets are UTF-16 indices into the text,
 * `end` is exclusive. Anonymous nodes (operators, keywords, punctuation) are there too, with `named: false`.
 */
export interface SyntaxNode {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly named: boolean
  /** The grammar inserted it to recover from an error. */
  readonly missing: boolean
  /** The role in its parent: `left`, `condition`, `body`, … */
  readonly field: string | undefined
  readonly parent: SyntaxNode | undefined
  readonly children: readonly SyntaxNode[]
}

/** The first child in one of these roles. */
export function child(node: SyntaxNode | undefined, ...fields: readonly string[]): SyntaxNode | undefined {
  return node?.children.find((candidate) => candidate.field !== undefined && fields.includes(candidate.field))
}

/** The children that are neither punctuation nor comments. */
export function named(node: SyntaxNode | undefined): readonly SyntaxNode[] {
  return node?.children.filter((candidate) => candidate.named && candidate.type !== 'comment') ?? []
}

export function hasToken(node: SyntaxNode, type: string): boolean {
  return node.children.some((candidate) => candidate.type === type && !candidate.named)
}

/** Visits a subtree in source order. A visitor that returns `false` is not shown the children. */
export function visit(node: SyntaxNode, visitor: (node: SyntaxNode) => boolean | undefined): void {
  const pending: SyntaxNode[] = [node]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (visitor(next) === false) continue
    for (let index = next.children.length - 1; index >= 0; index--) {
      const below = next.children[index]
      if (below !== undefined) pending.push(below)
    }
  }
}

/** The first of a subtree, in source order. */
export function find(node: SyntaxNode, wanted: (node: SyntaxNode) => boolean): SyntaxNode | undefined {
  let found: SyntaxNode | undefined
  visit(node, (each) => {
    if (found === undefined && wanted(each)) found = each
    return found === undefined
  })
  return found
}

/** The smallest node around an offset; at a border, the one that starts there. */
export function nodeAt(root: SyntaxNode, offset: number): SyntaxNode {
  let node = root
  for (;;) {
    const below = node.children.find((candidate) => candidate.start <= offset && offset < candidate.end)
    if (below === undefined) return node
    node = below
  }
}

/** The node and everything around it, innermost first. */
export function* upwards(node: SyntaxNode): Generator<SyntaxNode> {
  for (let current: SyntaxNode | undefined = node; current !== undefined; current = current.parent) yield current
}
