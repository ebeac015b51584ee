import { lstat, mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { codeOf, type ObjectId } from '@fixpoint/core'
import { orDiskFull } from './file-errors.ts'
import { type GitFolder, unreadable } from './git-folder.ts'
import { giveTo } from './loose-objects.ts'
import { readRefs } from './refs.ts'

/** Ours, and nobody else's: no other name is ever written. */
const BRANCH = /^fixpoint\/(?!.*(?:\.\.|\/\/|\/\.|\.lock(?:\/|$)|\.$|\/$))[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/

export function isOurBranch(branch: string): boolean {
  return BRANCH.test(branch)
}

/**
 * Sets `refs/heads/<branch>` to a commit, by git's own protocol for refs that are files: take `<ref>.lock` exclusively,
 * compare, write, rename. No hook can run, because no git does. `expected` is the value that may be replaced.
 */
export async function writeBranch(folder: GitFolder, branch: string, commit: ObjectId, expected: ObjectId | undefined): Promise<void> {
  if (!isOurBranch(branch)) throw unreadable(`${JSON.stringify(branch.slice(0, 100))} is not a branch of ours`, 'Branches of proposals begin with fixpoint/.')
  const name = `refs/heads/${branch}`
  const path = join(folder.common, name)
  await makeRealFolders(folder, dirname(name))
  const lock = `${path}.lock`
  try {
    const file = await open(lock, 'wx', 0o644).catch((error: unknown) => {
      if (codeOf(error) === 'EEXIST') throw unreadable(`${name} is locked`, `If no other git is running, remove ${lock}.`, error)
      throw error
    })
    try {
      const refs = await readRefs(folder)
      assertFree(refs.all, name)
      if (refs.all.get(name) !== expected) throw unreadable(`${name} was moved by somebody else`, 'Look at the branch, then run the same command again.')
      if (refs.all.get(name) !== undefined) await assertNotCheckedOut(folder, name)
      await file.writeFile(`${commit}\n`)
      await file.sync()
      await giveTo(await lstat(folder.common), lock)
      await rename(lock, path)
    } finally {
      await file.close()
      await unlink(lock).catch(() => undefined)
    }
  } catch (error) {
    throw orDiskFull(error, folder.common)
  }
}

/** A branch `fixpoint` leaves no room for a branch `fixpoint/x`, and the other way round. */
function assertFree(all: ReadonlyMap<string, ObjectId>, name: string): void {
  for (const other of all.keys()) {
    if (name.startsWith(`${other}/`) || other.startsWith(`${name}/`)) {
      throw unreadable(`the branch ${name} cannot be made beside ${other}`, `Rename ${other.replace('refs/heads/', '')}: git branch -m.`)
    }
  }
}

/** Moving the branch under a work tree would make all its files look changed. */
async function assertNotCheckedOut(folder: GitFolder, name: string): Promise<void> {
  const trees = await readdir(join(folder.common, 'worktrees')).catch(() => [])
  const heads = [join(folder.common, 'HEAD'), ...trees.map((tree) => join(folder.common, 'worktrees', tree, 'HEAD'))]
  for (const head of heads) {
    const text = await readFile(head, 'utf8').catch(() => '')
    if (text.trim() === `ref: ${name}`)
      throw unreadable(`${name} is checked out, so it is not moved`, 'Switch to another branch, then run the same command again.')
  }
}

/** A link on the way would lead the write out of the repository. */
async function makeRealFolders(folder: GitFolder, name: string): Promise<void> {
  const owner = await lstat(folder.common)
  let path = folder.common
  for (const segment of name.split('/')) {
    path = join(path, segment)
    try {
      await mkdir(path)
      await giveTo(owner, path)
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw orDiskFull(error, folder.common)
      const facts = await lstat(path)
      if (facts.isDirectory()) continue
      const remedy = facts.isFile() ? `It is a branch; rename it: git branch -m ${segment} <another name>.` : 'It is a link; put a folder in its place.'
      throw unreadable(`${path} is in the way of the branch`, remedy, error)
    }
  }
}
