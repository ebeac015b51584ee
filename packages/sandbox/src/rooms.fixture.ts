import type { Environment, EnvironmentRecipe, SourceSnapshot, Toolchain, TreeEntry } from '@fixpoint/core'
import type { DockerSandboxes } from './docker-sandboxes.ts'

/** A tree in memory for tests of rooms: content by path, and entries of other kinds. */
export function snapshotOf(files: Readonly<Record<string, string | Uint8Array>>, odd: readonly TreeEntry[] = []): SourceSnapshot {
  const contents = new Map(Object.entries(files).map(([path, content]) => [path, Buffer.from(content)]))
  const entries = [...contents].map(([path, content]): TreeEntry => ({ path, kind: 'file', size: content.length, blob: '0' }))
  return {
    commit: '0'.repeat(40),
    tree: '0'.repeat(40),
    list: () => [...entries, ...odd],
    read: (path) => contents.get(path),
    text: (path) => contents.get(path)?.toString('utf8'),
  }
}

const RECIPE: EnvironmentRecipe = { toolchain: 'node', way: 'none', manifests: [], download: [], scripts: [], directories: [] }

export async function bareEnvironment(sandboxes: DockerSandboxes, toolchain: Toolchain = 'node'): Promise<Environment> {
  const request = { recipe: { ...RECIPE, toolchain }, source: snapshotOf({}), runId: 'run_test' }
  return await sandboxes.prepare(request, new AbortController().signal, () => {})
}
