import { parsePatch } from 'diff'
import type { ChangeData, HunkData } from 'react-diff-view'

/** What a patch does to one file. */
export interface ChangedFile {
  readonly path: string
  /** Where it was before, when it moved. */
  readonly oldPath: string | undefined
  readonly kind: 'added' | 'deleted' | 'renamed' | 'changed'
  readonly hunks: readonly HunkData[]
  readonly added: number
  readonly removed: number
}

/** The files of a unified diff, as react-diff-view draws them. */
export function changedFiles(patch: string): readonly ChangedFile[] {
  return parsePatch(patch).map(({ oldFileName, newFileName, isCreate, isDelete, hunks }) => {
    const [before, after] = [pathOf(oldFileName), pathOf(newFileName)]
    const made = isCreate === true || before === undefined
    const gone = isDelete === true || after === undefined
    const drawn = hunks.map(({ oldStart, newStart, oldLines, newLines, lines }) => ({
      ...{ oldStart, newStart, oldLines, newLines },
      content: `@@ ${span('-', oldStart, oldLines)} ${span('+', newStart, newLines)} @@`,
      changes: changesOf(lines, oldStart, newStart),
    }))
    const count = (type: ChangeData['type']) => drawn.reduce((sum, hunk) => sum + hunk.changes.filter((change) => change.type === type).length, 0)
    return {
      path: after ?? before ?? '',
      oldPath: made || gone || before === after ? undefined : before,
      kind: made ? 'added' : gone ? 'deleted' : before === after ? 'changed' : 'renamed',
      hunks: drawn,
      added: count('insert'),
      removed: count('delete'),
    }
  })
}

/** Nothing begins after the line before it. */
function span(sign: string, start: number, lines: number): string {
  return `${sign}${lines === 0 ? start - 1 : start},${lines}`
}

function pathOf(name: string | undefined): string | undefined {
  return name === undefined || name === '/dev/null' ? undefined : name.replace(/^[ab]\//, '')
}

function changesOf(lines: readonly string[], oldStart: number, newStart: number): ChangeData[] {
  let [oldLine, newLine] = [oldStart, newStart]
  return lines.flatMap((line): ChangeData[] => {
    const content = line.slice(1)
    switch (line[0]) {
      case '+':
        return [{ type: 'insert', isInsert: true, content, lineNumber: newLine++ }]
      case '-':
        return [{ type: 'delete', isDelete: true, content, lineNumber: oldLine++ }]
      case '\\':
        return []
      default:
        return [{ type: 'normal', isNormal: true, content, oldLineNumber: oldLine++, newLineNumber: newLine++ }]
    }
  })
}

/** Lines that are drawn together: what is far from the screen is not drawn at all. */
const PIECE_LINES = 50

/** A hunk in pieces that fit together without a seam. */
export function pieces(hunk: HunkData): readonly HunkData[] {
  const { changes } = hunk
  const parts = []
  for (let from = 0; from < changes.length; from += PIECE_LINES) parts.push({ ...hunk, changes: changes.slice(from, from + PIECE_LINES) })
  return parts
}
