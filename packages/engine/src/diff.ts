import { type FileEdit, isRepoPath, type Patch, type SourceSnapshot } from '@fixpoint/core'
import { applyPatch, formatPatch, parsePatch, type StructuredPatch, structuredPatch } from 'diff'

const CONTEXT_LINES = 3

/** The patch that edits amount to: files whose text did not change are left out; paths are in order, so equal edits give equal diffs. */
export function patchFrom(source: SourceSnapshot, edits: readonly FileEdit[]): Patch {
  const changed = edits.filter((edit) => (source.text(edit.path) ?? null) !== edit.content).sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  return { base: source.commit, diff: changed.map((edit) => fileDiff(edit.path, source.text(edit.path) ?? null, edit.content)).join(''), edits: changed }
}

/** One file's part of a git-style unified diff. */
export function fileDiff(path: string, before: string | null, after: string | null): string {
  const from = before === null ? '/dev/null' : `a/${path}`
  const to = after === null ? '/dev/null' : `b/${path}`
  const structured = structuredPatch(from, to, before ?? '', after ?? '', undefined, undefined, { context: CONTEXT_LINES })
  const mode = before === null ? 'new file mode 100644\n' : after === null ? 'deleted file mode 100644\n' : ''
  const body = formatPatch({ ...structured, oldHeader: undefined, newHeader: undefined })
  return `diff --git a/${path} b/${path}\n${mode}${body.slice(body.indexOf('--- '))}`
}

export type AppliedDiff = { readonly edits: readonly FileEdit[] } | { readonly problem: string }

/** The edits that a unified diff makes to a snapshot. No fuzz: a hunk that does not fit exactly is a problem, and so is all that is not a plain text change. */
export function applyDiff(source: SourceSnapshot, diff: string): AppliedDiff {
  let files: StructuredPatch[]
  try {
    files = parsePatch(diff).filter((file) => file.hunks.length > 0 || file.oldFileName !== undefined)
  } catch (error) {
    return { problem: `not a unified diff: ${error instanceof Error ? error.message : String(error)}` }
  }
  if (files.length === 0) return { problem: 'the diff is empty' }
  const edits: FileEdit[] = []
  for (const file of files) {
    const before = stripped(file.oldFileName)
    const after = stripped(file.newFileName)
    const path = after ?? before
    if (path === undefined) return { problem: 'a file without a name' }
    if (before !== undefined && after !== undefined && before !== after)
      return { problem: `${before} is renamed; only changes, new files and deletions are understood` }
    if (!isRepoPath(path)) return { problem: `${JSON.stringify(path)} is not a path inside the repository` }
    if (edits.some((edit) => edit.path === path)) return { problem: `${path} is changed twice` }
    if (!isPlain(file, before, after)) return { problem: `${path}: only the text of plain files can change, no modes, links, copies or binary files` }
    const old = source.text(path)
    if (before !== undefined && old === undefined) return { problem: `${path} is not a text file of the base` }
    if (before === undefined && source.list().some((entry) => entry.path === path)) return { problem: `${path} is there already` }
    const applied = applyPatch(old ?? '', file, { fuzzFactor: 0, autoConvertLineEndings: false })
    if (applied === false) return { problem: `a hunk does not fit ${path}` }
    edits.push({ path, content: after === undefined ? null : applied })
  }
  return { edits }
}

/** A new file is an ordinary one; a file that is there keeps its mode. */
function isPlain(file: StructuredPatch, before: string | undefined, after: string | undefined): boolean {
  if (file.isBinary || file.isRename || file.isCopy || (file.hunks.length === 0 && before !== undefined && after !== undefined)) return false
  if (before === undefined) return file.newMode === undefined || file.newMode === '100644'
  return after === undefined || (file.oldMode === undefined && file.newMode === undefined)
}

/** `a/x` or `b/x` → `x`; `/dev/null` → undefined. */
function stripped(name: string | undefined): string | undefined {
  if (name === undefined || name === '/dev/null') return undefined
  return name.replace(/^[ab]\//, '')
}

export interface Hunk {
  readonly path: string
  /** Index among the hunks of its file. */
  readonly index: number
  /** First line on the base, 1-based. */
  readonly line: number
}

/** Every hunk of a patch, with zero context, so that changes three lines apart count as two. */
export function hunksOf(source: SourceSnapshot, edits: readonly FileEdit[]): Hunk[] {
  return edits.flatMap((edit) => tightHunks(source, edit).map((hunk, index) => ({ path: edit.path, index, line: hunk.oldStart })))
}

/** The edits without one hunk. */
export function withoutHunk(source: SourceSnapshot, edits: readonly FileEdit[], dropped: Hunk): FileEdit[] {
  return edits.flatMap((edit) => {
    if (edit.path !== dropped.path) return [edit]
    const before = source.text(edit.path)
    // A new or deleted file is one hunk: without it, nothing is left.
    if (before === undefined || edit.content === null) return []
    const hunks = tightHunks(source, edit).filter((_, index) => index !== dropped.index)
    const content = applyPatch(before, { oldFileName: edit.path, newFileName: edit.path, oldHeader: undefined, newHeader: undefined, hunks } as StructuredPatch)
    return content === false || content === before ? [] : [{ path: edit.path, content }]
  })
}

function tightHunks(source: SourceSnapshot, edit: FileEdit) {
  return structuredPatch(edit.path, edit.path, source.text(edit.path) ?? '', edit.content ?? '', undefined, undefined, { context: 0 }).hunks
}

/** Added plus removed lines. */
export function changedLines(diff: string): number {
  return diff.split('\n').filter((line) => /^[+-]/.test(line) && !/^(\+\+\+|---) /.test(line)).length
}

/** The lines that a diff adds, without their `+`. */
export function addedLines(diff: string): string[] {
  return diff
    .split('\n')
    .filter((line) => line.startsWith('+') && !line.startsWith('+++ '))
    .map((line) => line.slice(1))
}
