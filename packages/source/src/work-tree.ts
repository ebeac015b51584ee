import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, open, readlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { codeOf, isRepoPath, type ObjectId } from '@fixpoint/core'
import { type GitFolder, unreadable } from './git-folder.ts'
import { listTree, type SnapshotLimits, utf8 } from './git-snapshot.ts'
import { objectIdOf } from './loose-objects.ts'
import type { PrivateGit } from './private-git.ts'
import { LINK, SUBMODULE } from './trees.ts'

/** How one path of the work tree differs from a commit. `file` is null where it is gone. */
export interface WorkTreeChange {
  readonly path: string
  readonly file: { readonly id: ObjectId; readonly mode: string; readonly bytes: Uint8Array } | null
}

interface Tracked {
  readonly mode: string
  readonly id: ObjectId
}

/**
 * What differs between the work tree and a tree, found by our own reading and hashing: no filter, no fsmonitor, no index.
 * Links are taken as links and never followed. Git is asked only which untracked files are not ignored.
 */
export async function workTreeChanges(git: PrivateGit, folder: GitFolder, tree: ObjectId, limits: SnapshotLimits): Promise<WorkTreeChange[]> {
  const tracked = new Map<string, Tracked>()
  for (const line of await listTree(git, tree, limits)) {
    const path = utf8(line.name)
    if (path !== undefined && isRepoPath(path)) tracked.set(path, line)
  }
  // Our index is empty, so that git calls every file untracked that is not ignored.
  const untracked = (await git.text(['ls-files', '--others', '--exclude-standard', '-z'], { workTree: true })).split('\0').filter((path) => isRepoPath(path))
  const paths = [...new Set([...tracked.keys(), ...untracked])].sort()
  if (paths.length > limits.files) throw unreadable(`the work tree has more than ${limits.files} files`, 'Add what is generated to .gitignore.')
  const reader = new WorkTreeReader(folder)
  const changes: WorkTreeChange[] = []
  let bytes = 0
  for (const path of paths) {
    const before = tracked.get(path)
    if (before?.mode === SUBMODULE) continue
    const now = await reader.read(path, limits.bytes)
    if (now === undefined) {
      if (before !== undefined && !folder.sparse) changes.push({ path, file: null })
      continue
    }
    const mode = now.link ? LINK : folder.keepsModes || before === undefined ? now.mode : before.mode
    const id = objectIdOf('blob', now.bytes, folder.objectFormat)
    if (before !== undefined && before.mode === mode && (before.id === id || (await isItsPointer(git, before.id, now.bytes)))) continue
    bytes += now.bytes.byteLength
    if (bytes > limits.bytes) throw unreadable('the uncommitted files are too large to take', 'Add what is generated to .gitignore, or commit first.')
    changes.push({ path, file: { id, mode, bytes: now.bytes } })
  }
  return changes
}

/** Large files that LFS keeps elsewhere: the commit has a pointer with their SHA-256, the work tree the file itself. */
async function isItsPointer(git: PrivateGit, blob: ObjectId, bytes: Uint8Array): Promise<boolean> {
  const [size] = await git.sizesOf([blob])
  if (size === undefined || size >= 1024) return false
  const [pointer] = await git.objectsOf([blob])
  const text = Buffer.from(pointer?.bytes ?? []).toString('latin1')
  return text.startsWith('version https://git-lfs.github.com/spec/v1\n') && text.includes(`\noid sha256:${createHash('sha256').update(bytes).digest('hex')}\n`)
}

class WorkTreeReader {
  readonly #folder: GitFolder
  readonly #realFolders = new Map<string, boolean>([['.', true]])

  constructor(folder: GitFolder) {
    this.#folder = folder
  }

  /** Undefined for what is not a file or a link inside the work tree. */
  async read(path: string, maximum: number): Promise<{ bytes: Uint8Array; mode: string; link: boolean } | undefined> {
    if (!(await this.#isRealFolder(dirname(path)))) return undefined
    const full = join(this.#folder.workTree, path)
    try {
      if ((await lstat(full)).isSymbolicLink()) return { bytes: Buffer.from(await readlink(full, 'buffer')), mode: LINK, link: true }
      // A pipe would block an ordinary open, and a link may have come since the look.
      const file = await open(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
      try {
        const facts = await file.stat()
        if (!facts.isFile()) return undefined
        if (facts.size > maximum) throw unreadable(`${path} is too large to take`, 'Add it to .gitignore, or commit first.')
        return { bytes: await file.readFile(), mode: (facts.mode & 0o100) === 0 ? '100644' : '100755', link: false }
      } finally {
        await file.close()
      }
    } catch (error) {
      if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO'].includes(codeOf(error) ?? '')) return undefined
      throw error
    }
  }

  /** Every folder on the way is a folder, not a link to somewhere. */
  async #isRealFolder(path: string): Promise<boolean> {
    const known = this.#realFolders.get(path)
    if (known !== undefined) return known
    const real =
      (await this.#isRealFolder(dirname(path))) &&
      (await lstat(join(this.#folder.workTree, path)).then(
        (facts) => facts.isDirectory(),
        () => false,
      ))
    this.#realFolders.set(path, real)
    return real
  }
}
