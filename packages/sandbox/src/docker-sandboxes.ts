import { type Environment, type EnvironmentRequest, Failure, isRepoPath, type RoomRequest, type Sandbox, type Sandboxes, type Toolchain } from '@fixpoint/core'
import type Docker from 'dockerode'
import { assertAnswers, connectEngine, type EngineAddress, engineFailure, isGone } from './docker-engine.ts'
import { DockerRoom } from './docker-room.ts'
import type { RoomMounts } from './host-config.ts'
import { DEFAULT_LIMITS, type RoomLimits, withRoomFor } from './limits.ts'
import { ownerLabels, thisProcess } from './owner.ts'
import { reap } from './reaper.ts'
import { proofKey, runSelfTest, type SelfTestCheck } from './self-test.ts'
import { type RoomFile, tarSize } from './tar-in.ts'

export interface SandboxSettings {
  readonly engine?: EngineAddress
  readonly limits?: Partial<RoomLimits>
  /** Image of each toolchain; those of `sandbox-images/` unless said. */
  readonly images?: Partial<Record<Toolchain, string>>
  /** After this a room is anybody's to remove. Six hours unless said. */
  readonly roomLifetimeMs?: number
  /** Where the proof of an earlier process is kept; without it every process proves the confinement once per image. */
  readonly selfTestStamps?: SelfTestStamps
  /** How dependencies are installed and mounted. */
  readonly environments?: Environments
}

/** `key` is a file name's worth of letters; a stamp that cannot be read is no stamp. */
export interface SelfTestStamps {
  load(key: string): Promise<string | undefined>
  save(key: string, stamp: string): Promise<void>
}

/** The other half of this package: dependencies as volumes. */
export interface Environments {
  ensure(docker: Docker, request: EnvironmentRequest, signal: AbortSignal, progress: (message: string) => void): Promise<Environment>
  mountsOf(environment: Environment): RoomMounts
}

const SIX_HOURS = 6 * 3600_000
const STAMP_LIFETIME_MS = 24 * 3600_000

export class DockerSandboxes implements Sandboxes {
  readonly #docker: Docker
  readonly #settings: SandboxSettings
  readonly #limits: RoomLimits
  #cores: number | undefined
  readonly #proofs = new Map<string, Promise<readonly SelfTestCheck[]>>()

  constructor(settings: SandboxSettings = {}) {
    this.#settings = settings
    this.#limits = { ...DEFAULT_LIMITS, ...settings.limits }
    this.#docker = connectEngine(settings.engine)
  }

  async selfTest(signal: AbortSignal): Promise<{ checks: readonly SelfTestCheck[] }> {
    const image = (await this.image('node')) ?? (await this.image('python'))
    if (image === undefined) throw missing(this.#imageName('node'))
    return { checks: await this.#prove(image.id, signal) }
  }

  async prepare(request: EnvironmentRequest, signal: AbortSignal, progress: (message: string) => void): Promise<Environment> {
    await assertAnswers(this.#docker)
    if (request.recipe.way !== 'none') {
      if (this.#settings.environments === undefined)
        throw new Failure('install-failed', 'dependencies cannot be installed: nothing is configured to do it', 'Give `environments` to DockerSandboxes.')
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

  /** Refuses (`self-test-failed`) when this image's confinement has not been proved, here or lately. */
  async open(request: RoomRequest, signal: AbortSignal): Promise<Sandbox> {
    const tree = treeOf(request)
    const size = tarSize(tree)
    if (size > this.#limits.tree) throw tooLarge(size, this.#limits.tree)
    const image = request.environment.imageId
    await this.#prove(image, signal)
    const plan = {
      image,
      limits: withRoomFor(size, await this.#affordable()),
      mounts: this.#settings.environments?.mountsOf(request.environment) ?? { volumes: [], tmpfs: [] },
      labels: await this.#labels('room', request.runId),
      tree,
      tools: [...(request.tools ?? [])].map(([path, content]) => ({ path, content, executable: true })),
    }
    return await DockerRoom.open(this.#docker, plan, signal)
  }

  async image(toolchain: Toolchain): Promise<{ name: string; id: string } | undefined> {
    const name = this.#imageName(toolchain)
    await assertAnswers(this.#docker)
    try {
      return { name, id: (await this.#docker.getImage(name).inspect()).Id }
    } catch (error) {
      if (isGone(error)) return undefined
      throw engineFailure(error, name)
    }
  }

  async reap(): Promise<number> {
    await assertAnswers(this.#docker)
    return await reap(this.#docker)
  }

  /** Proves once per image and engine; concurrent callers share the proof, and one that failed is tried anew. */
  async #prove(image: string, signal: AbortSignal): Promise<readonly SelfTestCheck[]> {
    const running = this.#proofs.get(image) ?? this.#proof(image, signal)
    this.#proofs.set(image, running)
    try {
      return await running
    } catch (error) {
      this.#proofs.delete(image)
      throw error
    }
  }

  async #proof(image: string, signal: AbortSignal): Promise<readonly SelfTestCheck[]> {
    const limits = await this.#affordable()
    const key = await proofKey(this.#docker, image, limits)
    const stamp = await this.#settings.selfTestStamps?.load(key)
    if (stamp !== undefined && Date.now() - Date.parse(stamp) < STAMP_LIFETIME_MS) return [{ name: 'confinement', passed: true, detail: `proved at ${stamp}` }]
    const checks = await runSelfTest(this.#docker, image, limits, await this.#labels('room', 'self-test'), signal)
    const failed = checks.filter((check) => !check.passed)
    if (failed.length > 0) throw unconfined(failed)
    await this.#settings.selfTestStamps?.save(key, new Date().toISOString())
    return checks
  }

  async #affordable(): Promise<RoomLimits> {
    return { ...this.#limits, cpus: Math.min(this.#limits.cpus, await this.#coresOfEngine()) }
  }

  async #labels(kind: string, runId: string): Promise<Record<string, string>> {
    return ownerLabels(await thisProcess(this.#docker), kind, runId, new Date(Date.now() + (this.#settings.roomLifetimeMs ?? SIX_HOURS)))
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

function unconfined(failed: readonly SelfTestCheck[]): Failure {
  const what = failed.map((check) => `${check.name} (${check.detail})`).join('; ')
  return new Failure(
    'self-test-failed',
    `the sandbox does not confine: ${what}`,
    'Fixpoint does not run without its sandbox. Update Docker and the kernel; docs/troubleshooting.md names the usual causes.',
  )
}

function tooLarge(size: number, limit: number): Failure {
  const megabytes = (bytes: number) => Math.ceil(bytes / 2 ** 20)
  return new Failure(
    'disk-full',
    `the tree has ${megabytes(size)} MB, a room takes ${megabytes(limit)} MB`,
    'Move large data files out of the repository, or into .gitignore with --dirty.',
  )
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
