import { ObjectId } from '@fixpoint/core'
import type { GitRepository } from './git-repository.ts'

/** More is no text that a person would compare. */
const LARGEST = 4 * 1024 * 1024

/** The texts of a few files at a commit, without reading the rest of its tree. Null for what is no plain file there, or a very large one. */
export async function textsAt({ reader }: GitRepository, commit: ObjectId, paths: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
  const texts = new Map<string, string | null>(paths.map((path) => [path, null]))
  if (paths.length === 0) return texts
  const listed = await reader.text(['ls-tree', '-z', '--full-tree', '--end-of-options', ObjectId.parse(commit), '--', ...paths])
  const files = listed.split('\0').flatMap((line) => {
    const [, id, path] = /^100(?:644|755) blob ([0-9a-f]+)\t(.+)$/s.exec(line) ?? []
    return id === undefined || path === undefined || !texts.has(path) ? [] : [{ id: ObjectId.parse(id), path }]
  })
  const sizes = await reader.sizesOf(files.map(({ id }) => id))
  const small = files.filter((_, index) => (sizes[index] ?? LARGEST + 1) <= LARGEST)
  const objects = await reader.objectsOf(small.map(({ id }) => id))
  for (const [index, { path }] of small.entries()) {
    const bytes = objects[index]?.bytes
    if (bytes !== undefined) texts.set(path, new TextDecoder().decode(bytes))
  }
  return texts
}
