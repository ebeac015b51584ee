import { type SyntaxNode, visit } from './node.ts'
import { lineOf, type ParsedFile } from './parsed-file.ts'

const SHOWN = 40

/** The first place where the text stops being a program, as "line:column what". */
export function syntaxErrorIn(file: ParsedFile): string | undefined {
  let first: SyntaxNode | undefined
  visit(file.root, (node) => {
    if (first !== undefined) return false
    if (node.type === 'ERROR' || node.missing) first = node
    return undefined
  })
  if (first === undefined) return undefined
  const line = lineOf(file.lineStarts, first.start)
  const column = first.start - (file.lineStarts[line - 1] ?? 0) + 1
  return `${line}:${column} ${first.missing ? `missing \`${first.type}\`` : `unexpected \`${excerpt(file.text, first)}\``}`
}

function excerpt(text: string, node: SyntaxNode): string {
  const [line = ''] = text.slice(node.start, node.end).split('\n', 1)
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line
}
