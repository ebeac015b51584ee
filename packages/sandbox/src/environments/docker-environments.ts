import { type Environment, type EnvironmentRequest, Failure, type Toolchain } from '@fixpoint/core'
import type Docker from 'dockerode'
import { engineFailure, isGone } from '../docker-engine.ts'
import type { Environments } from '../docker-sandboxes.ts'
import type { EgressSettings } from '../egress/registry.ts'
import type { RoomMounts } from '../host-config.ts'
import { copyInstalled, installedDigest } from './copy-installed.ts'
import { assertDependencyFolders, environmentKey } from './environment-key.ts'
import {
  createPart,
  type FinishedEnvironment,
  findFinished,
  freshKey,
  markFinished,
  mountsOfEnvironment,
  removeParts,
  sweepHalfMade,
} from './environment-volumes.ts'
import { install, type Making, seal } from './installer.ts'

export interface EnvironmentSettings {
  readonly egress: EgressSettings
  /** Image of each toolchain; those of `sandbox-images/` unless said. */
  readonly images?: Partial<Record<Toolchain, string>>
}

/** Dependencies of projects as labelled volumes: made once, mounted read-only. */
export class DockerEnvironments implements Environments {
  readonly #settings: EnvironmentSettings
  /** Makers of one process wait for each other; those of several processes are told apart by the mark. */
  readonly #underWay = new Map<string, Promise<Environment>>()

  constructor(settings: EnvironmentSettings) {
    this.#settings = settings
  }

  /** Throws `Failure('install-failed')` with the end of the installer's output and a hint. */
  async ensure(docker: Docker, request: EnvironmentRequest, signal: AbortSignal, progress: (message: string) => void): Promise<Environment> {
    signal.throwIfAborted()
    const { recipe } = request
    const image = await this.#image(docker, recipe.toolchain)
    if (recipe.way === 'none')
      return { key: `none-${recipe.toolchain}`, recipe, image: image.name, imageId: image.id, manifests: {}, downloadedBytes: 0, reused: true }
    assertDependencyFolders(recipe.directories)
    const extra = recipe.way === 'copy' ? await installedDigest(folderOf(request), recipe) : ''
    const { hash, manifests } = environmentKey(recipe, request.source, image.id, extra)
    const result = (found: FinishedEnvironment, downloadedBytes: number, reused: boolean): Environment => ({
      key: found.key,
      recipe: { ...recipe, directories: [...found.directories] },
      image: image.name,
      imageId: image.id,
      manifests,
      downloadedBytes,
      reused,
    })
    try {
      const found = await findFinished(docker, hash)
      if (found !== undefined) return result(found, 0, true)
      const other = this.#underWay.get(hash)
      if (other !== undefined) {
        await other.catch(() => {})
        return await this.ensure(docker, request, signal, progress)
      }
      const making = this.#make(docker, request, hash, image.id, signal, progress).then((made) => result(made.found, made.bytes, false))
      this.#underWay.set(hash, making)
      return await making.finally(() => this.#underWay.delete(hash))
    } catch (error) {
      throw engineFailure(error, image.name)
    }
  }

  mountsOf(environment: Environment): RoomMounts {
    return mountsOfEnvironment(environment)
  }

  async #make(docker: Docker, request: EnvironmentRequest, hash: string, imageId: string, signal: AbortSignal, progress: (message: string) => void) {
    await sweepHalfMade(docker)
    const key = freshKey(hash)
    try {
      const parts = new Map<string, string>()
      for (const directory of request.recipe.directories) parts.set(directory, await createPart(docker, key, directory, request.runId))
      const egressImage = (await this.#image(docker, 'node')).id
      const making: Making = { docker, request, key, imageId, egressImage, egress: this.#settings.egress, parts, signal, progress }
      const bytes = request.recipe.way === 'copy' ? await copyInstalled(making, folderOf(request)) : await install(making)
      const directories = await seal(making)
      signal.throwIfAborted()
      const found = await markFinished(docker, hash, { key, directories })
      // Somebody was faster: theirs is the one, ours was for nothing.
      if (found.key !== key) await removeParts(docker, key)
      return { found, bytes }
    } catch (error) {
      await removeParts(docker, key).catch(() => {})
      throw error
    }
  }

  async #image(docker: Docker, toolchain: Toolchain): Promise<{ name: string; id: string }> {
    const name = this.#settings.images?.[toolchain] ?? `fixpoint-${toolchain}:latest`
    try {
      return { name, id: (await docker.getImage(name).inspect()).Id }
    } catch (error) {
      if (isGone(error)) throw new Failure('image-missing', `the image ${name} is not built`, 'node sandbox-images/build.mjs')
      throw engineFailure(error, name)
    }
  }
}

function folderOf(request: EnvironmentRequest): string {
  if (request.folder === undefined) throw new Failure('install-failed', 'there is no folder to copy installed dependencies from', 'Pass `--deps install`.')
  return request.folder
}
