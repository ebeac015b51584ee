import { readFile } from 'node:fs/promises'
import type { EnvironmentRequest } from '@fixpoint/core'
import { Failure, isRepoPath } from '@fixpoint/core'
import type Docker from 'dockerode'
import { RoomContainer } from '../container.ts'
import { Egress, SOCKET, SOCKET_FOLDER } from '../egress/egress.ts'
import { type EgressSettings, FRONT_PORT, FRONT_URL, frontUrl, type Registry } from '../egress/registry.ts'
import type { ExecEnd } from '../exec.ts'
import { AGENT, KEEPER, TEMPORARY, type VolumeMount, WORKSPACE } from '../host-config.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import { ownerLabels, thisProcess } from '../owner.ts'
import { type RoomFile, tarOf } from '../tar-in.ts'
import { cachesOf, createScratch, removeVolume } from './environment-volumes.ts'
import { installFailure } from './install-failure.ts'
import { installSteps } from './install-steps.ts'
import { manifestFiles } from './manifest-files.ts'

export interface Making {
  readonly docker: Docker
  readonly request: EnvironmentRequest
  readonly key: string
  readonly imageId: string
  /** An image with Node, for the egress container. */
  readonly egressImage: string
  readonly egress: EgressSettings
  /** Dependency folder → its volume. */
  readonly parts: ReadonlyMap<string, string>
  readonly signal: AbortSignal
  readonly progress: (message: string) => void
}

const MiB = 2 ** 20
const INSTALL_MS = 15 * 60_000
const LAY_OUT_MS = 180_000
const OUTPUT = 256 * 1024
const FLOOD = 64 * MiB
const CACHE = '/fixpoint/cache'
const ASSETS = new URL('../../../../sandbox-images/egress/', import.meta.url)
const LIMITS = { ...DEFAULT_LIMITS, memory: 3072 * MiB }
const UNPACK = ['tar', '-xmf', '-', '--no-same-owner', '-C', WORKSPACE]

/** Downloads, then runs what has to run, each in a container of its own; returns the bytes that registries gave. */
export async function install(making: Making): Promise<number> {
  const steps = installSteps(making.request.recipe)
  const manifests = manifestFiles(making.request.recipe, making.request.source, making.egress.registries)
  for (const note of manifests.notes) making.progress(note)
  const bytes = steps.online.length === 0 ? 0 : await download(making, steps.online, manifests.files)
  if (steps.offline.length > 0) {
    making.progress('running install scripts without a network')
    await offline(making, steps.offline, steps.wholeTree ? [...treeOf(making.request)] : manifests.files)
  }
  return bytes
}

async function download(making: Making, commands: readonly (readonly string[])[], files: readonly RoomFile[]): Promise<number> {
  const { docker, key, request, signal } = making
  const socketVolume = await createScratch(docker, 'egress', key, request.runId)
  const cacheVolume = await createScratch(docker, 'cache', key, request.runId)
  let egress: Egress | undefined
  let container: RoomContainer | undefined
  try {
    const program = await readFile(new URL('registry-front.mjs', ASSETS), 'utf8')
    const plan = { image: making.egressImage, program, volume: socketVolume, labels: await labelsOf(making, 'egress') }
    egress = await Egress.start(docker, making.egress, plan, signal)
    container = await openContainer(making, 'download', [
      { volume: socketVolume, path: SOCKET_FOLDER, readOnly: true },
      { volume: cacheVolume, path: CACHE, readOnly: false },
    ])
    await container.own('keeper', ['chmod', '0777', CACHE], { signal })
    await container.own('agent', ['mkdir', '-p', `${CACHE}/tmp`], { signal })
    await layOut(container, files, signal)
    await startForwarder(making, container)
    for (const argv of commands) {
      making.progress(`${argv.join(' ').slice(0, 120)} (through the registry front)`)
      const environment = downloadEnvironment(making, egress.registries)
      const first = await run(container, argv, environment, signal)
      const again = relaxed(argv, first)
      if (again !== undefined) making.progress('its packages disagree about their peers: installed as npm 6 did, with --legacy-peer-deps')
      const end = again === undefined ? first : await run(container, again, environment, signal)
      if (end.exitCode !== 0) throw installFailure(argv, end, egress.requests)
    }
    return egress.downloadedBytes
  } finally {
    await container?.remove()
    await egress?.close()
    await removeVolume(docker, socketVolume).catch(() => {})
    await removeVolume(docker, cacheVolume).catch(() => {})
  }
}

/** Peer dependencies that contradict each other were no error when many projects were written. */
function relaxed(argv: readonly string[], { exitCode, stdout, stderr }: ExecEnd): readonly string[] | undefined {
  const contradicts = exitCode !== 0 && argv[0] === 'npm' && !argv.includes('--legacy-peer-deps') && /\bERESOLVE\b/.test(stdout + stderr)
  return contradicts ? [...argv, '--legacy-peer-deps'] : undefined
}

/** npm and pip speak TCP only: a forwarder of ours, root without capabilities, so that nothing the installer runs can replace it. */
async function startForwarder(making: Making, container: RoomContainer): Promise<void> {
  const node = making.request.recipe.toolchain === 'node'
  const text = await readFile(new URL(node ? 'forwarder.mjs' : 'forwarder.py', ASSETS), 'utf8')
  const argv = node ? ['node', '--input-type=module', '-e', text, '--', String(FRONT_PORT), SOCKET] : ['python3', '-c', text, String(FRONT_PORT), SOCKET]
  let ready = () => {}
  const started = new Promise<undefined>((resolve) => {
    ready = () => resolve(undefined)
  })
  const request = { argv, user: KEEPER, folder: '/', timeoutMs: 3600_000, outputLimit: 4096, floodLimit: MiB, onStdout: () => ready() }
  const ended = container.exec(request, new AbortController().signal).then(
    (end) => end.stderr,
    (error: unknown) => String(error),
  )
  const problem = await Promise.race([started, ended])
  if (problem !== undefined)
    throw new Failure('install-failed', `the forwarder did not start: ${problem.slice(0, 1000)}`, 'Are the images current? node sandbox-images/build.mjs')
}

function downloadEnvironment({ request }: Making, registries: readonly Registry[]): Record<string, string> {
  const [first, ...more] = registries.filter((registry) => registry.kind === 'pip').map(frontUrl)
  const pip = {
    PIP_INDEX_URL: first ?? `${FRONT_URL}/`,
    PIP_EXTRA_INDEX_URL: more.join(' '),
    PIP_ONLY_BINARY: ':all:',
    PIP_CONFIG_FILE: '/dev/null',
    PIP_NO_CACHE_DIR: '1',
    PIP_RETRIES: '1',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
  }
  const npm = { npm_config_cache: `${CACHE}/npm`, npm_config_ignore_scripts: 'true', npm_config_replace_registry_host: 'never' }
  return { TMPDIR: `${CACHE}/tmp`, ...(request.recipe.toolchain === 'node' ? npm : pip) }
}

async function offline(making: Making, commands: readonly (readonly string[])[], files: Iterable<RoomFile>): Promise<void> {
  const container = await openContainer(making, 'scripts', [])
  try {
    await layOut(container, files, making.signal)
    for (const argv of commands) {
      // The download's settings switch scripts off; here they are what is wanted.
      const environment = { TMPDIR: TEMPORARY, npm_config_ignore_scripts: 'false', npm_config_offline: 'true', npm_config_update_notifier: 'false' }
      const end = await run(container, argv, environment, making.signal)
      if (end.exitCode !== 0) throw installFailure(argv, end, [])
    }
  } finally {
    await container.remove()
  }
}

/** Gives runners' cache folders a place to be mounted on, and says which dependency folders hold anything. */
export async function seal(making: Making): Promise<readonly string[]> {
  const container = await openContainer(making, 'seal', [])
  try {
    const kept: string[] = []
    for (const directory of making.parts.keys()) {
      const folder = `${WORKSPACE}/${directory}`
      const end = await run(container, ['find', folder, '-mindepth', '1', '-maxdepth', '1', '-print', '-quit'], {}, making.signal)
      if (end.exitCode !== 0 || end.stdout.trim() === '') continue
      kept.push(directory)
      const caches = cachesOf(directory).map((cache) => `${WORKSPACE}/${cache}`)
      if (caches.length === 0) continue
      // Whatever an install script left there (a link, say) is not where a mount may go.
      await container.own('agent', ['rm', '-rf', '--', ...caches], { signal: making.signal })
      await container.own('agent', ['mkdir', '--', ...caches], { signal: making.signal })
    }
    return kept
  } finally {
    await container.remove()
  }
}

/** A container without network that has the dependency folders to write to. */
export async function openContainer(making: Making, kind: string, extra: readonly VolumeMount[]): Promise<RoomContainer> {
  const volumes = [...making.parts].map(([directory, volume]) => ({ volume, path: `${WORKSPACE}/${directory}`, readOnly: false }))
  const container = await RoomContainer.start(making.docker, {
    image: making.imageId,
    limits: LIMITS,
    mounts: { volumes: [...volumes, ...extra], tmpfs: [] },
    labels: await labelsOf(making, kind),
  })
  try {
    // A new volume belongs to root, and so do the folders above it in the work tree.
    const folders = new Set(
      [...making.parts.keys()].flatMap((directory) => directory.split('/').map((_, at, all) => `${WORKSPACE}/${all.slice(0, at + 1).join('/')}`)),
    )
    await container.own('keeper', ['chmod', '0777', ...folders], { signal: making.signal })
    return container
  } catch (error) {
    await container.remove()
    throw error
  }
}

async function layOut(container: RoomContainer, files: Iterable<RoomFile>, signal: AbortSignal): Promise<void> {
  await container.own('agent', UNPACK, { stdin: tarOf(files), signal, timeoutMs: LAY_OUT_MS })
}

function run(container: RoomContainer, argv: readonly string[], env: Readonly<Record<string, string>>, signal: AbortSignal): Promise<ExecEnd> {
  return container.exec({ argv, user: AGENT, folder: WORKSPACE, env, timeoutMs: INSTALL_MS, outputLimit: OUTPUT, floodLimit: FLOOD }, signal)
}

async function labelsOf({ docker, request }: Making, kind: string): Promise<Record<string, string>> {
  return ownerLabels(await thisProcess(docker), kind, request.runId, new Date(Date.now() + 2 * 3600_000))
}

function* treeOf({ source, recipe }: EnvironmentRequest): Generator<RoomFile> {
  for (const { path, kind } of source.list()) {
    const content = isRepoPath(path) ? source.read(path) : undefined
    const installed = recipe.directories.some((directory) => path.startsWith(`${directory}/`))
    if (content !== undefined && !installed) yield { path, content, executable: kind === 'executable' }
  }
}
