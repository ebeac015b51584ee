import type { SyntaxNode } from '@fixpoint/syntax'
import { applied, type Edit } from './fix.ts'
import type { Site } from './site.ts'

/** A piece of a file that parses by itself, before and after an edit: all that has to be parsed again. */
export interface Window {
  readonly before: string
  readonly after: string
  /** Add it to an offset of the file to get one of the window. */
  readonly shift: number
}

const MOST_CHARACTERS = 6000

/** The outermost statement or class member around an edit that is still small, in a frame in which it parses. */
export function windowOf(edit: Pick<Edit, 'start' | 'end' | 'text'>, site: Site): Window {
  const unit = unitAround(edit, site.root)
  const [start, end] = unit === undefined ? wholeStatements(edit, site.root) : [unit.start, unit.end]
  const [prefix, suffix] = unit === undefined ? ['', ''] : frameOf(unit, site)
  const inner = site.text.slice(start, end)
  return {
    before: prefix + inner + suffix,
    after: prefix + applied(inner, { start: edit.start - start, end: edit.end - start, text: edit.text }) + suffix,
    shift: prefix.length - start,
  }
}

const HOLDERS = /^(program|module|statement_block|block|class_body)$/

function unitAround(edit: Pick<Edit, 'start' | 'end'>, root: SyntaxNode): SyntaxNode | undefined {
  let node = root
  let smallest: SyntaxNode | undefined
  for (;;) {
    const below = node.children.find((each) => each.named && each.start <= edit.start && edit.end <= each.end)
    if (below === undefined) return smallest
    if (HOLDERS.test(node.type) && below.type !== 'comment') {
      smallest = below
      if (below.end - below.start <= MOST_CHARACTERS) return below
    }
    node = below
  }
}

/** For an edit that touches several statements of the file. */
function wholeStatements(edit: Pick<Edit, 'start' | 'end'>, root: SyntaxNode): [number, number] {
  const touched = root.children.filter((node) => node.end >= edit.start && node.start <= edit.end)
  return [Math.min(edit.start, ...touched.map((node) => node.start)), Math.max(edit.end, ...touched.map((node) => node.end))]
}

function frameOf(unit: SyntaxNode, site: Site): [string, string] {
  const holder = unit.parent?.type
  if (holder === 'program' || holder === 'module') return ['', '']
  if (site.python) return [`async def _():\n${site.indent(unit.start)}`, '\n']
  return holder === 'class_body' ? ['class _ {\n', '\n}'] : ['async function* _() {\n', '\n}']
}
