import { applyPatch, formatPatch, parsePatch, reversePatch, structuredPatch } from 'diff'

/** A file that the patch changes: as it was, and as it leaves it. Null: it is not there. */
export interface EditableFile {
  readonly path: string
  readonly base: string | null
  readonly content: string | null
}

/** The patch says what was there before it. */
export function withBase(patch: string, files: readonly { path: string; content: string | null }[]): readonly EditableFile[] {
  const parts = new Map(parsePatch(patch).map((part) => [nameOf(part.newFileName) ?? nameOf(part.oldFileName), part]))
  return files.flatMap(({ path, content }): EditableFile[] => {
    const part = parts.get(path)
    if (part === undefined) return []
    if (nameOf(part.oldFileName) === undefined) return [{ path, content, base: null }]
    const base = applyPatch(content ?? '', reversePatch(part))
    return base === false ? [] : [{ path, content, base }]
  })
}

/** The patch that these texts amount to, against the base. */
export function diffOf(files: readonly EditableFile[]): string {
  return files
    .filter(({ base, content }) => base !== content)
    .map(({ path, base, content }) => {
      const [from, to] = [base === null ? '/dev/null' : `a/${path}`, content === null ? '/dev/null' : `b/${path}`]
      const made = structuredPatch(from, to, base ?? '', content ?? '', undefined, undefined, { context: 3 })
      const text = formatPatch({ ...made, oldHeader: undefined, newHeader: undefined })
      return `diff --git a/${path} b/${path}\n${text.slice(text.indexOf('--- '))}`
    })
    .join('')
}

/** What a text area makes of a text: its ends of lines are the file's again. */
export function typedInto(base: string | null, typed: string): string {
  return base?.includes('\r\n') ? typed.replace(/\r?\n/g, '\r\n') : typed
}

function nameOf(name: string | undefined): string | undefined {
  return name === undefined || name === '/dev/null' ? undefined : name.replace(/^[ab]\//, '')
}
