import type { Tree, TreeCursor } from 'web-tree-sitter'
import type { Language } from './language.ts'
import type { SyntaxNode } from './node.ts'

/** A file as plain nodes. */
export interface ParsedFile {
  readonly language: Language
  readonly text: string
  readonly root: SyntaxNode
  readonly lineStarts: readonly number[]
}

/** Deeper trees come from hostile or generated text; whoever walks ours may then recurse without fear. */
const MAXIMUM_DEPTH = 1500

interface Growing {
  type: string
  start: number
  end: number
  named: boolean
  missing: boolean
  field: string | undefined
  parent: Growing | undefined
  children: Growing[]
}

/** Copies a tree out of the parser's memory, so that the parser's can be freed at once. `undefined` when it is too deep. */
export function copyTree(tree: Tree): SyntaxNode | undefined {
  const cursor = tree.walk()
  try {
    return copyFrom(cursor)
  } finally {
    cursor.delete()
  }
}

function copyFrom(cursor: TreeCursor): SyntaxNode | undefined {
  const root = grow(cursor, undefined)
  let here = root
  let depth = 0
  for (;;) {
    if (cursor.gotoFirstChild()) {
      depth += 1
      if (depth > MAXIMUM_DEPTH) return undefined
      here = grow(cursor, here)
      continue
    }
    while (!cursor.gotoNextSibling()) {
      if (!cursor.gotoParent() || here.parent === undefined) return root
      here = here.parent
      depth -= 1
    }
    here = grow(cursor, here.parent)
  }
}

function grow(cursor: TreeCursor, parent: Growing | undefined): Growing {
  const node: Growing = {
    type: cursor.nodeType,
    start: cursor.startIndex,
    end: cursor.endIndex,
    named: cursor.nodeIsNamed,
    missing: cursor.nodeIsMissing,
    field: cursor.currentFieldName ?? undefined,
    parent,
    children: [],
  }
  parent?.children.push(node)
  return node
}

export function lineStartsOf(text: string): readonly number[] {
  const starts = [0]
  for (let index = text.indexOf('\n'); index !== -1; index = text.indexOf('\n', index + 1)) starts.push(index + 1)
  return starts
}

/** 1-based line of an offset. */
export function lineOf(lineStarts: readonly number[], offset: number): number {
  let low = 0
  let high = lineStarts.length
  while (low + 1 < high) {
    const middle = (low + high) >> 1
    if ((lineStarts[middle] ?? 0) <= offset) low = middle
    else high = middle
  }
  return low + 1
}
