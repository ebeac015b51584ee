import type { FileEdit, SourceSnapshot, TreeEntry } from '@fixpoint/core'

/** The tree as it is with edits laid over it. Blob ids of edited files are empty: nobody has stored them. */
export function patchedSnapshot(source: SourceSnapshot, edits: readonly FileEdit[]): SourceSnapshot {
  const texts = new Map(edits.map((edit) => [edit.path, edit.content]))
  const encode = (text: string) => new TextEncoder().encode(text)
  const added = edits.flatMap(({ path, content }): TreeEntry[] => (content === null ? [] : [{ path, kind: 'file', size: encode(content).length, blob: '' }]))
  const entries = [...source.list().filter((entry) => !texts.has(entry.path)), ...added].sort((a, b) => (a.path < b.path ? -1 : 1))
  return {
    commit: source.commit,
    tree: source.tree,
    list: () => entries,
    text: (path) => (texts.has(path) ? (texts.get(path) ?? undefined) : source.text(path)),
    read: (path) => {
      const text = texts.get(path)
      return text === undefined ? source.read(path) : text === null ? undefined : encode(text)
    },
  }
}
