import { createHash } from 'node:crypto'
import { type EnvironmentRecipe, Failure, isRepoPath, type SourceSnapshot } from '@fixpoint/core'

/** Bumped when an environment of the same inputs is made differently. */
const MAKING = 1

export interface KeyParts {
  readonly hash: string
  /** SHA-256 of each manifest. */
  readonly manifests: Readonly<Record<string, string>>
}

/** What decides what is installed: manifests, recipe, image, and for a copy what lies in the folder. */
export function environmentKey(recipe: EnvironmentRecipe, source: SourceSnapshot, imageId: string, extra = ''): KeyParts {
  const manifests: Record<string, string> = {}
  for (const path of [...new Set(recipe.manifests)].sort()) {
    const content = source.read(path)
    if (content !== undefined) manifests[path] = sha256(content)
  }
  // Which folders turn out to hold anything is a result: a recipe without the empty ones means the same environment.
  const { toolchain, way, download, scripts, setupCommand = null } = recipe
  const hash = sha256(JSON.stringify([MAKING, toolchain, way, download, scripts, setupCommand, imageId, manifests, extra])).slice(0, 32)
  return { hash, manifests }
}

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex')

/** Throws for a folder that is not plainly a dependency folder: it becomes a mount point. */
export function assertDependencyFolders(folders: readonly string[]): void {
  const odd = folders.find((folder) => !isRepoPath(folder) || /[^\w@./+ -]/.test(folder) || !/(?:^|\/)(?:node_modules|\.?venv)$/.test(folder))
  if (odd !== undefined)
    throw new Failure('install-failed', `${JSON.stringify(odd)} is not a dependency folder`, 'Dependency folders are called node_modules or .venv.')
  if (folders.length > 200)
    throw new Failure('install-failed', `${folders.length} dependency folders are more than 200`, 'Is one of the workspace patterns too wide?')
}
