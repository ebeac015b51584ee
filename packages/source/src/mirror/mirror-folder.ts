import { mkdir, readdir, rename, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from '@fixpoint/core'
import { ownConfiguration } from '../own-git.ts'

/** Where the tip of the default branch is kept, whatever the branch is called. */
export const TIP = 'refs/remotes/origin/HEAD'

/** An empty bare repository of ours. */
export async function makeMirror(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(join(folder, 'objects', 'pack'), { recursive: true, mode: 0o700 })
  await mkdir(join(folder, 'refs'), { recursive: true })
  await writeFile(join(folder, 'HEAD'), `ref: ${TIP}\n`)
  await configure(folder)
}

/** Before each use: what stands in the file is ours, whoever else may have written there. */
export async function configure(folder: string): Promise<void> {
  await writeFile(join(folder, 'config'), ownConfiguration({ bare: true, objectFormat: 'sha1' }))
}

export async function isMirror(folder: string): Promise<boolean> {
  return stat(join(folder, 'HEAD')).then(
    () => true,
    () => false,
  )
}

/** Puts a new mirror in the place of the old one. */
export async function replaceMirror(folder: string, next: string): Promise<void> {
  const old = `${folder}.old`
  await rm(old, { recursive: true, force: true })
  await rename(folder, old).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error
  })
  await rename(next, folder)
  await rm(old, { recursive: true, force: true })
}

/** What a git that was killed left half written: packs without a name, locks. */
export async function sweep(folder: string): Promise<void> {
  const packs = join(folder, 'objects', 'pack')
  for (const name of await readdir(packs).catch(() => []))
    if (name.startsWith('tmp_') || name.startsWith('.tmp-')) await unlink(join(packs, name)).catch(() => undefined)
  const left = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  for (const entry of left)
    if (entry.isFile() && entry.name.endsWith('.lock')) await unlink(join(entry.parentPath ?? folder, entry.name)).catch(() => undefined)
}

export async function packCount(folder: string): Promise<number> {
  return (await readdir(join(folder, 'objects', 'pack')).catch(() => [])).filter((name) => name.endsWith('.pack')).length
}

/** Bytes of the objects, also of those that are just coming in. */
export async function objectBytes(folder: string): Promise<number> {
  const entries = await readdir(join(folder, 'objects'), { recursive: true, withFileTypes: true }).catch(() => [])
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        stat(join(entry.parentPath, entry.name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
