import { createHash } from 'node:crypto'
import { type ObjectId, type SourceSnapshot, type TreeEntry, textOf } from '@fixpoint/core'

/** What a file of a `MemorySnapshot` is: its text or bytes, or an entry of another kind. */
export type MemoryFile = string | Uint8Array | { readonly kind: TreeEntry['kind']; readonly content: string | Uint8Array }

/** A tree from a record of path → text. Blob ids are git's own; tree and commit ids only look like git's. */
export class MemorySnapshot implements SourceSnapshot {
  readonly commit: ObjectId
  readonly tree: ObjectId
  readonly #entries: readonly TreeEntry[]
  readonly #bytes: ReadonlyMap<string, Uint8Array>

  constructor(files: Readonly<Record<string, MemoryFile>>) {
    const bytes = new Map<string, Uint8Array>()
    const entries: TreeEntry[] = []
    for (const path of Object.keys(files).sort(byCodeUnit)) {
      const file = files[path]
      if (file === undefined) continue
      const entry = toEntry(path, file)
      entries.push(entry.listed)
      if (entry.listed.kind === 'file' || entry.listed.kind === 'executable') bytes.set(path, entry.bytes)
    }
    this.#entries = entries
    this.#bytes = bytes
    this.tree = sha1(JSON.stringify(entries))
    this.commit = sha1(`commit ${this.tree}`)
  }

  list(): readonly TreeEntry[] {
    return this.#entries
  }

  read(path: string): Uint8Array | undefined {
    return this.#bytes.get(path)
  }

  text(path: string): string | undefined {
    const bytes = this.#bytes.get(path)
    return bytes === undefined ? undefined : textOf(bytes)
  }
}

function toEntry(path: string, file: MemoryFile): { listed: TreeEntry; bytes: Uint8Array } {
  const { kind, content } = typeof file === 'string' || file instanceof Uint8Array ? { kind: 'file' as const, content: file } : file
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return { listed: { path, kind, size: bytes.byteLength, blob: gitBlobId(bytes) }, bytes }
}

function gitBlobId(bytes: Uint8Array): ObjectId {
  return createHash('sha1').update(`blob ${bytes.byteLength}\0`).update(bytes).digest('hex')
}

function sha1(text: string): ObjectId {
  return createHash('sha1').update(text).digest('hex')
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
