import { isRepoPath, type ObjectId, type SourceSnapshot, type TreeEntry, textOf } from '@fixpoint/core'
import { unreadable } from './git-folder.ts'
import type { PrivateGit } from './private-git.ts'
import { FOLDER, LINK, parseTree, SUBMODULE, type TreeLine } from './trees.ts'

export interface SnapshotLimits {
  /** Bytes of all files together. */
  readonly bytes: number
  readonly files: number
}

const LFS_POINTER = 'version https://git-lfs.github.com/spec/v1\n'

/** The tree of one commit in memory. */
export class GitSnapshot implements SourceSnapshot {
  readonly commit: ObjectId
  readonly tree: ObjectId
  /** Entries that are not listed, because their names cannot be trusted or told; the names are made printable. */
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[]
  readonly #entries: readonly TreeEntry[]
  readonly #bytes: ReadonlyMap<string, Uint8Array>

  constructor(parts: {
    commit: ObjectId
    tree: ObjectId
    entries: readonly TreeEntry[]
    bytes: ReadonlyMap<string, Uint8Array>
    leftOut: GitSnapshot['leftOut']
  }) {
    this.commit = parts.commit
    this.tree = parts.tree
    this.leftOut = parts.leftOut
    this.#entries = parts.entries
    this.#bytes = parts.bytes
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

/** Reads a commit's whole tree: folders level by level, then sizes, then the files. Links are never followed. */
export async function readSnapshot(git: PrivateGit, commit: ObjectId, tree: ObjectId, limits: SnapshotLimits): Promise<GitSnapshot> {
  const leftOut: { name: string; reason: string }[] = []
  const found = await listTree(git, tree, limits)
  const listed = new Map<string, TreeLine>()
  for (const line of found) {
    const path = utf8(line.name)
    const reason =
      path === undefined
        ? 'the name is not UTF-8'
        : !isRepoPath(path)
          ? 'the name is not a path inside a repository'
          : listed.has(path)
            ? 'the name is there twice'
            : undefined
    if (path === undefined || reason !== undefined) leftOut.push({ name: printable(line.name), reason: reason ?? 'the name is not UTF-8' })
    else listed.set(path, line)
  }
  const blobs = [...new Set([...listed.values()].flatMap((line) => (line.mode === SUBMODULE ? [] : [line.id])))]
  const sizes = new Map<ObjectId, number>()
  for (const [index, size] of (await git.sizesOf(blobs)).entries()) {
    const blob = blobs[index]
    if (size === undefined || blob === undefined) throw missing(blob ?? commit)
    sizes.set(blob, size)
  }
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  if (total > limits.bytes) {
    throw unreadable(
      `the files of ${commit.slice(0, 12)} take ${megabytes(total)}, and at most ${megabytes(limits.bytes)} are read`,
      'Use a smaller repository, or move large data files out of it.',
    )
  }
  const contents = new Map<ObjectId, Uint8Array>()
  for (const [index, object] of (await git.objectsOf(blobs)).entries()) {
    const blob = blobs[index]
    if (object === undefined || blob === undefined) throw missing(blob ?? commit)
    contents.set(blob, object.bytes)
  }
  const entries: TreeEntry[] = []
  const bytes = new Map<string, Uint8Array>()
  for (const [path, line] of [...listed].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const content = contents.get(line.id)
    const kind = kindOf(line, content)
    entries.push({ path, kind, size: content?.byteLength ?? 0, blob: line.id })
    if (content !== undefined && (kind === 'file' || kind === 'executable')) bytes.set(path, content)
  }
  return new GitSnapshot({ commit, tree, entries, bytes, leftOut })
}

/** Every line that is not a folder, with its whole path (latin1) as name. */
export async function listTree(git: PrivateGit, tree: ObjectId, limits: SnapshotLimits): Promise<TreeLine[]> {
  const lines: TreeLine[] = []
  let level: { prefix: string; id: ObjectId }[] = [{ prefix: '', id: tree }]
  while (level.length > 0) {
    const ids = [...new Set(level.map((folder) => folder.id))]
    const objects = await git.objectsOf(ids)
    const parsed = new Map<ObjectId, TreeLine[]>()
    for (const [index, object] of objects.entries()) {
      const id = ids[index] ?? tree
      if (object?.kind !== 'tree') throw missing(id)
      parsed.set(id, parseTree(object.bytes, tree.length / 2))
    }
    const next: typeof level = []
    for (const folder of level) {
      for (const line of parsed.get(folder.id) ?? []) {
        const name = `${folder.prefix}${line.name}`
        if (line.mode === FOLDER) next.push({ prefix: `${name}/`, id: line.id })
        else lines.push({ ...line, name })
        // Trees may share folders: a few objects can stand for billions of files.
        if (lines.length + next.length > limits.files || name.length > 4096) {
          throw unreadable(`the tree has more than ${limits.files} files, or is nested too deep`, 'Use a smaller repository.')
        }
      }
    }
    level = next
  }
  return lines
}

export function kindOf(line: TreeLine, content: Uint8Array | undefined): TreeEntry['kind'] {
  if (line.mode === SUBMODULE) return 'submodule'
  if (line.mode === LINK) return 'link'
  if (content !== undefined && content.byteLength < 1024 && Buffer.from(content).toString('latin1').startsWith(LFS_POINTER)) return 'lfs-pointer'
  return line.mode === '100755' ? 'executable' : 'file'
}

export function utf8(latin1: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(latin1, 'latin1'))
  } catch {
    return undefined
  }
}

function printable(latin1: string): string {
  return JSON.stringify(Buffer.from(latin1, 'latin1').toString('utf8')).slice(1, -1)
}

function missing(id: ObjectId): Error {
  return unreadable(
    `object ${id} is missing`,
    'If this is a partial clone, fetch everything first: git fetch --refetch --no-filter. Otherwise check the repository: git fsck.',
  )
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MB`
}
