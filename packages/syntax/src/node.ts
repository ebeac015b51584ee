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

export function child(node: SyntaxNode, field: string): SyntaxNode | undefined {
  return node.children.find((candidate) => candidate.field === field)
}

export function named(node: SyntaxNode): readonly SyntaxNode[] {
  return node.children.filter((candidate) => candidate.named && candidate.type !== 'comment')
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
