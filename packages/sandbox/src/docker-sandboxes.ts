import { type Environment, type EnvironmentRequest, Failure, isRepoPath, type RoomRequest, type Sandbox, type Sandboxes, type Toolchain } from '@fixpoint/core'
import type Docker from 'dockerode'
import { connectEngine, type EngineAddress, engineFailure, isGone } from './docker-engine.ts'
import { DockerRoom } from './docker-room.ts'
import type { RoomMounts } from './host-config.ts'
import { DEFAULT_LIMITS, type RoomLimits } from './limits.ts'
import { type Owner, ownerLabels, thisProcess } from './owner.ts'
import { reap } from './reaper.ts'
import type { RoomFile } from './tar-in.ts'

export interface SandboxSettings {
  readonly engine?: EngineAddress
  readonly limits?: Partial<RoomLimits>
  /** Image of each toolchain; those of `sandbox-images/` unless said. */
  readonly images?: Partial<Record<Toolchain, string>>
  /** After this a room is anybody's to remove. Six hours unless said. */
  readonly roomLifetimeMs?: number
  /** How dependencies are installed and mounted. */
  readonly environments?: Environments
}

/** The other half of this package: dependencies as volumes. */
export interface Environments {
  ensure(docker: Docker, request: EnvironmentRequest, signal: AbortSignal, progress: (message: string) => void): Promise<Environment>
  mountsOf(environment: Environment): RoomMounts
}

const SIX_HOURS = 6 * 3600_000

export class DockerSandboxes implements Sandboxes {
  readonly #docker: Docker
  readonly #settings: SandboxSettings
  readonly #limits: RoomLimits
  readonly #owner: Owner = thisProcess()
  #cores: number | undefined

  constructor(settings: SandboxSettings = {}) {
    this.#settings = settings
    this.#limits = { ...DEFAULT_LIMITS, ...settings.limits }
    this.#docker = connectEngine(settings.engine)
  }

  async selfTest(_signal: AbortSignal): Promise<{ checks: readonly { name: string; passed: boolean; detail: string }[] }> {
    throw new Failure('self-test-failed', 'not built yet', '')
  }

  async prepare(request: EnvironmentRequest, signal: AbortSignal, progress: (message: string) => void): Promise<Environment> {
    if (request.recipe.way !== 'none' && this.#settings.environments !== undefined) {
      return await this.#settings.environments.ensure(this.#docker, request, signal, progress)
    }
    const image = await this.image(request.recipe.toolchain)
    if (image === undefined) throw missing(this.#imageName(request.recipe.toolchain))
    return {
      key: `none-${request.recipe.toolchain}`,
      recipe: request.recipe,
      image: image.name,
      imageId: image.id,
      manifests: {},
      downloadedBytes: 0,
      reused: true,
    }
  }

  async open(request: RoomRequest, signal: AbortSignal): Promise<Sandbox> {
    const files = treeOf(request)
    const expires = new Date(Date.now() + (this.#settings.roomLifetimeMs ?? SIX_HOURS))
    return await DockerRoom.open(
      this.#docker,
      {
        image: request.environment.imageId,
        limits: { ...this.#limits, cpus: Math.min(this.#limits.cpus, await this.#coresOfEngine()) },
        mounts: this.#settings.environments?.mountsOf(request.environment) ?? { volumes: [], tmpfs: [] },
        labels: ownerLabels(this.#owner, 'room', request.runId, expires),
        tree: () => files,
        tools: [...(request.tools ?? [])].map(([path, content]) => ({ path, content, executable: true })),
      },
      signal,
    )
  }

  async image(toolchain: Toolchain): Promise<{ name: string; id: string } | undefined> {
    const name = this.#imageName(toolchain)
    try {
      return { name, id: (await this.#docker.getImage(name).inspect()).Id }
    } catch (error) {
      if (isGone(error)) return undefined
      throw engineFailure(error, name)
    }
  }

  async reap(): Promise<number> {
    return await reap(this.#docker)
  }

  #imageName(toolchain: Toolchain): string {
    return this.#settings.images?.[toolchain] ?? `fixpoint-${toolchain}:latest`
  }

  async #coresOfEngine(): Promise<number> {
    try {
      this.#cores ??= ((await this.#docker.info()) as { NCPU: number }).NCPU
      return this.#cores
    } catch (error) {
      throw engineFailure(error)
    }
  }
}

function missing(image: string): Failure {
  return new Failure('image-missing', `the image ${image} is not built`, 'node sandbox-images/build.mjs')
}

/** Regular files of the snapshot under the edits. Links, submodules, pointers and impossible paths stay out. */
function treeOf(request: RoomRequest): readonly RoomFile[] {
  const edits = new Map((request.edits ?? []).map((edit) => [edit.path, edit.content]))
  const files: RoomFile[] = []
  for (const entry of request.source.list()) {
    if ((entry.kind !== 'file' && entry.kind !== 'executable') || !isRepoPath(entry.path)) continue
    const executable = entry.kind === 'executable'
    const edited = edits.get(entry.path)
    edits.delete(entry.path)
    if (edited === null) continue
    const content = edited === undefined ? request.source.read(entry.path) : Buffer.from(edited)
    if (content !== undefined) files.push({ path: entry.path, content, executable })
  }
  for (const [path, content] of edits) {
    if (!isRepoPath(path)) throw new Error(`not a path inside the work tree: ${JSON.stringify(path)}`)
    if (content !== null) files.push({ path, content: Buffer.from(content), executable: false })
  }
  return files
}
