import { createHash } from 'node:crypto'
import { cp, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Environment, type EnvironmentRequest, Failure, type RoomRequest, type Sandbox, type Sandboxes, type Toolchain } from '@fixpoint/core'
import { UnconfinedSandbox } from './unconfined-sandbox.ts'

/**
 * Rooms that confine nothing: commands run on this host, as this user, with this network, in a temporary folder. For our
 * own fixtures in tests that are not about confinement. `install` and `setup` recipes are refused.
 */
export class UnconfinedSandboxes implements Sandboxes {
  readonly #copies = new Map<string, string>()
  /** Rooms that are open: a test can ask that none is left. */
  readonly openRooms = new Set<Sandbox>()

  async selfTest(): Promise<{ checks: readonly { name: string; passed: boolean; detail: string }[] }> {
    return { checks: [{ name: 'nothing is confined', passed: true, detail: 'commands run on this host: for fixtures in tests only' }] }
  }

  async prepare(request: EnvironmentRequest, signal: AbortSignal): Promise<Environment> {
    signal.throwIfAborted()
    const { recipe } = request
    if (recipe.way === 'install' || recipe.way === 'setup') {
      throw new Failure('install-failed', 'unconfined rooms install nothing', 'Use a fixture without dependencies, or the Docker sandboxes.')
    }
    const manifests = Object.fromEntries(recipe.manifests.map((path) => [path, sha256(request.source.read(path) ?? new Uint8Array())]))
    const key = sha256(JSON.stringify([recipe, manifests, request.folder ?? ''])).slice(0, 32)
    const reused = this.#copies.has(key)
    this.#copies.set(key, request.folder ?? '')
    return { key, recipe, image: 'unconfined', imageId: 'unconfined', manifests, downloadedBytes: 0, reused }
  }

  async open(request: RoomRequest, signal: AbortSignal): Promise<Sandbox> {
    signal.throwIfAborted()
    const root = await realpath(await mkdtemp(join(tmpdir(), 'fixpoint-unconfined-')))
    try {
      const folder = this.#copies.get(request.environment.key)
      const layDependencies = async (workspace: string): Promise<void> => {
        if (request.environment.recipe.way !== 'copy' || folder === undefined) return
        for (const directory of request.environment.recipe.directories)
          await cp(join(folder, directory), join(workspace, directory), { recursive: true, verbatimSymlinks: true })
      }
      const sandbox = new UnconfinedSandbox(root, request, layDependencies, () => this.openRooms.delete(sandbox))
      await sandbox.layOut()
      this.openRooms.add(sandbox)
      return sandbox
    } catch (error) {
      await rm(root, { recursive: true, force: true })
      throw error
    }
  }

  async image(_toolchain: Toolchain): Promise<{ name: string; id: string }> {
    return { name: 'unconfined', id: 'unconfined' }
  }

  async reap(): Promise<number> {
    return 0
  }
}

function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}
