import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { Failure, type SourceSnapshot } from '@fixpoint/core'
import { GitRepository } from '@fixpoint/source'
import { exists } from '../folders.ts'
import { type HeldOutFile, INSTALLED, type LaidOut } from './evaluation-case.ts'

/** A folder as it is, its installed dependencies too, without any history. */
export async function layOutFolder(from: string, to: string): Promise<LaidOut> {
  await cp(from, to, { recursive: true, verbatimSymlinks: true, filter: (path) => basename(path) !== '.git' })
  return { committed: 'listed' }
}

/** The tree of one commit; `copy`: with what is installed in the repository's folder. */
export async function layOutCommit(repository: string, revision: string, to: string, dependencies?: 'copy' | 'install'): Promise<LaidOut> {
  await withRepository(repository, async (git) => writeTree(await git.snapshot(await git.resolve(revision)), to))
  if (dependencies === 'copy')
    for (const name of INSTALLED)
      if (await exists(join(repository, name))) await cp(join(repository, name), join(to, name), { recursive: true, verbatimSymlinks: true })
  return { committed: 'every-file' }
}

/** What a commit made of some files. Throws `Failure('repository-unreadable')` for one that is not there. */
export async function filesOfCommit(repository: string, revision: string, paths: readonly string[]): Promise<readonly HeldOutFile[]> {
  return withRepository(repository, async (git) => {
    const source = await git.snapshot(await git.resolve(revision))
    return paths.map((path) => {
      const content = source.read(path)
      if (content === undefined) throw new Failure('repository-unreadable', `${revision} has no file ${path}`, 'Correct the case: heldOut.paths.')
      return { path, content }
    })
  })
}

/** Links and submodules are left out, as they are in a room. */
async function writeTree(source: SourceSnapshot, to: string): Promise<void> {
  for (const { path, kind } of source.list()) {
    const bytes = source.read(path)
    if (bytes === undefined) continue
    const file = join(to, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, bytes)
    if (kind === 'executable') await chmod(file, 0o755)
  }
}

/** Somebody's repository, with a work tree or bare. */
async function withRepository<T>(folder: string, use: (git: GitRepository) => Promise<T>): Promise<T> {
  const temporary = await mkdtemp(join(tmpdir(), 'fixpoint-case-'))
  try {
    const bare = !(await exists(join(folder, '.git'))) && (await exists(join(folder, 'HEAD'))) && (await exists(join(folder, 'objects')))
    if (bare) await writeFile(join(temporary, '.git'), `gitdir: ${folder}\n`)
    await using git = await GitRepository.open(bare ? temporary : folder)
    return await use(git)
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}
