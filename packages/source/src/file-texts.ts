import { ObjectId } from '@fixpoint/core'
import type { GitRepository } from './git-repository.ts'

/** More is no text that a person would compare. */
const LARGEST = 4 * 1024 * 1024

/** The texts of a few files at a commit, without reading the rest of its tree. Null for what is no plain file there, or a very large one. */
export async function textsAt(repository: GitRepository, commit: ObjectId, paths: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
  const { reader } = repository
  const texts = new Map<string, string | null>(paths.map((path) => [path, null]))
  if (paths.length === 0) return texts
  const files = (await entriesAt(repository, commit, paths)).filter(({ mode, path }) => mode.startsWith('100') && texts.has(path))
  const sizes = await reader.sizesOf(files.map(({ id }) => id))
  const small = files.filter((_, index) => (sizes[index] ?? LARGEST + 1) <= LARGEST)
  const objects = await reader.objectsOf(small.map(({ id }) => id))
  for (const [index, { path }] of small.entries()) {
    const bytes = objects[index]?.bytes
    if (bytes !== undefined) texts.set(path, new TextDecoder().decode(bytes))
  }
  return texts
}

/** `100644`, `100755` or `120000` of the files and links at a commit; a path that is none is left out. */
export async function modesAt(repository: GitRepository, commit: ObjectId, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const entries = paths.length === 0 ? [] : await entriesAt(repository, commit, paths)
  return new Map(entries.filter(({ path }) => paths.includes(path)).map(({ path, mode }) => [path, mode]))
}

async function entriesAt({ reader }: GitRepository, commit: ObjectId, paths: readonly string[]) {
  const listed = await reader.text(['ls-tree', '-z', '--full-tree', '--end-of-options', ObjectId.parse(commit), '--', ...paths])
  return listed.split('\0').flatMap((line) => {
    const [, mode, id, path] = /^(\d+) blob ([0-9a-f]+)\t(.+)$/s.exec(line) ?? []
    return mode === undefined || id === undefined || path === undefined ? [] : [{ mode, id: ObjectId.parse(id), path }]
  })
}
