import type { ObjectId } from '../words/ids.ts'

/** `link`, `submodule` and `lfs-pointer` entries are listed, never followed and never laid out in a room. */
export interface TreeEntry {
  readonly path: string
  readonly kind: 'file' | 'executable' | 'link' | 'submodule' | 'lfs-pointer'
  /** Bytes. */
  readonly size: number
  readonly blob: string
}

/** The tree of one commit in memory: synchronous, without history. */
export interface SourceSnapshot {
  readonly commit: ObjectId
  readonly tree: ObjectId
  /** Sorted by path. */
  list(): readonly TreeEntry[]
  /** Undefined for what is not a file of the tree. */
  read(path: string): Uint8Array | undefined
  /** UTF-8 text; undefined for binary files too. */
  text(path: string): string | undefined
}

/** Bytes as text, unchanged; undefined for what is not UTF-8 or holds a NUL, which is binary. */
export function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
