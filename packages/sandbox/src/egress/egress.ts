import { Failure, timeLimit } from '@fixpoint/core'
import type Docker from 'dockerode'
import { engineFailure } from '../docker-engine.ts'
import { execIn } from '../exec.ts'
import { buildHostConfig, KEEPER } from '../host-config.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import { assertRegistries, type EgressSettings, FRONT_URL, type Registry } from './registry.ts'
import { WheelFolders } from './wheel-folders.ts'

export interface RegistryRequest {
  readonly method: string
  readonly path: string
  readonly status: number
  /** From upstream, as they came over the wire. */
  readonly bytes: number
  /** Why it was refused or failed. */
  readonly reason?: string
}

export interface EgressPlan {
  /** An image with Node. */
  readonly image: string
  readonly program: string
  readonly volume: string
  readonly labels: Readonly<Record<string, string>>
}

export const SOCKET_FOLDER = '/fixpoint/egress'
export const SOCKET = `${SOCKET_FOLDER}/front.sock`
const MiB = 2 ** 20
const LOG_LIMIT = 20_000
const READY_MS = 30_000
const LONGEST_MS = 3600_000

/** The one container with a network: it runs only our registry front, and holds only the operator's settings. */
export class Egress {
  readonly requests: RegistryRequest[] = []
  /** The operator's, and one for each of his folders of wheels. */
  readonly registries: readonly Registry[]
  readonly #container: Docker.Container
  readonly #wheels: WheelFolders | undefined
  readonly #ended = new AbortController()
  #bytes = 0
  #rest = ''
  #ready = () => {}

  private constructor(container: Docker.Container, registries: readonly Registry[], wheels: WheelFolders | undefined) {
    this.#container = container
    this.registries = [...registries, ...(wheels?.registries ?? [])]
    this.#wheels = wheels
  }

  get downloadedBytes(): number {
    return this.#bytes
  }

  static async start(docker: Docker, settings: EgressSettings, plan: EgressPlan, signal: AbortSignal): Promise<Egress> {
    assertRegistries(settings.registries)
    const limits = { ...DEFAULT_LIMITS, memory: 768 * MiB, processes: 64 }
    const confined = buildHostConfig(limits, { volumes: [{ volume: plan.volume, path: SOCKET_FOLDER, readOnly: false }], tmpfs: [] })
    let container: Docker.Container | undefined
    let wheels: WheelFolders | undefined
    try {
      container = await docker.createContainer({
        Image: plan.image,
        Cmd: ['sleep', 'infinity'],
        User: KEEPER,
        Hostname: 'egress',
        Labels: { ...plan.labels },
        // Everything a room's confinement is, but for the network that it exists for.
        HostConfig: { ...confined, NetworkMode: 'bridge' },
      })
      await container.start()
      if (settings.wheelFolders?.length) wheels = await serveWheels(settings.wheelFolders, container)
      const egress = new Egress(container, settings.registries, wheels)
      await egress.#serve(settings, plan.program, signal)
      return egress
    } catch (error) {
      wheels?.close()
      await container?.remove({ force: true }).catch(() => {})
      throw engineFailure(error, plan.image)
    }
  }

  async close(): Promise<void> {
    this.#ended.abort()
    this.#wheels?.close()
    await this.#container.remove({ force: true }).catch(() => {})
  }

  async #serve(settings: EgressSettings, program: string, signal: AbortSignal): Promise<void> {
    const registries = this.registries.map((registry) => ({ ...registry, files: registry.files ?? [] }))
    const { maximumBytes = 2048 * MiB, certificateAuthorities } = settings
    const input = JSON.stringify({ registries, certificateAuthorities, maximumBytes, socket: SOCKET, publicUrl: FRONT_URL })
    const ready = new Promise<void>((resolve) => {
      this.#ready = resolve
    })
    const request = {
      argv: ['node', '--input-type=module', '-e', program],
      user: KEEPER,
      folder: '/',
      // Settings hold tokens: standard input is the one place where nobody else reads.
      stdin: [Buffer.from(input)],
      timeoutMs: LONGEST_MS,
      outputLimit: 16_384,
      floodLimit: 256 * MiB,
      onStdout: (chunk: Buffer) => this.#read(chunk.toString('utf8')),
    }
    const end = execIn(this.#container, request, this.#ended.signal, async () => {})
    const failed = end.then(
      ({ stderr }) => stderr,
      (error: unknown) => String(error),
    )
    const limit = AbortSignal.any([signal, timeLimit(READY_MS)])
    const late = new Promise<string>((resolve) => limit.addEventListener('abort', () => resolve('it did not start in time'), { once: true }))
    const problem = await Promise.race([ready, failed, late])
    signal.throwIfAborted()
    if (problem !== undefined)
      throw new Failure(
        'install-failed',
        `the registry front did not start: ${problem.slice(0, 2000)}`,
        'Is the node image current? node sandbox-images/build.mjs',
      )
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) {
      const said = JSON.parse(line) as RegistryRequest | { ready: true }
      if ('ready' in said) this.#ready()
      else {
        this.#bytes += said.bytes
        if (this.requests.length < LOG_LIMIT) this.requests.push(said)
      }
    }
  }
}

/** Undefined when this machine is not the container's neighbour (an engine elsewhere): the registries are still there. */
async function serveWheels(folders: readonly string[], container: Docker.Container): Promise<WheelFolders | undefined> {
  const host = (await container.inspect()).NetworkSettings.Networks.bridge?.Gateway
  return host ? WheelFolders.serve(folders, host).catch(() => undefined) : undefined
}
