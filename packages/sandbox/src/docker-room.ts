import { type Command, type CommandResult, isRepoPath, type Sandbox } from '@fixpoint/core'
import type Docker from 'dockerode'
import { type ContainerPlan, RoomContainer } from './container.ts'
import type { ExecEnd } from './exec.ts'
import { AGENT, HOME, PRISTINE, RESULTS, TEMPORARY, TOOLS, WORKSPACE } from './host-config.ts'
import { type RoomFile, tarOf, tarSize } from './tar-in.ts'
import { readTar } from './tar-out.ts'

export interface RoomPlan extends ContainerPlan {
  /** The tree with its edits, as it is to be at the opening and after each reset. */
  readonly tree: readonly RoomFile[]
  readonly tools: readonly RoomFile[]
}

const DEFAULT_OUTPUT_LIMIT = 4 * 2 ** 20
const FLOOD_LIMIT = 64 * 2 ** 20
const LAY_OUT_TIMEOUT_MS = 120_000
/** `-m`: times are those of the room, so that a second write of the same size is still seen as a change. */
const UNPACK = ['tar', '-xmB', '--no-same-owner', '--recursive-unlink', '-C']
const PRISTINE_TAR = `${PRISTINE}/tree.tar`

/** A room in a Docker container. One command at a time is the intended use: what ends one command ends all that run. */
export class DockerRoom implements Sandbox {
  readonly #docker: Docker
  readonly #plan: RoomPlan
  #container: RoomContainer
  #disposed = false

  private constructor(docker: Docker, plan: RoomPlan, container: RoomContainer) {
    this.#docker = docker
    this.#plan = plan
    this.#container = container
  }

  static async open(docker: Docker, plan: RoomPlan, signal: AbortSignal): Promise<DockerRoom> {
    return new DockerRoom(docker, plan, await openContainer(docker, plan, signal))
  }

  /** The engine's name for it: for a person's `docker ps`, and for tests. */
  get containerId(): string {
    return this.#container.id
  }

  async exec(command: Command, signal: AbortSignal): Promise<CommandResult> {
    const container = this.#container
    const killsBefore = container.memoryKills
    const end = await container.exec(
      {
        argv: command.argv,
        user: AGENT,
        folder: folderOf(command),
        timeoutMs: command.timeoutMs,
        outputLimit: command.outputLimit ?? DEFAULT_OUTPUT_LIMIT,
        floodLimit: Math.max(FLOOD_LIMIT, 2 * (command.outputLimit ?? 0)),
        ...(command.env === undefined ? {} : { env: command.env }),
        ...(command.stdin === undefined ? {} : { stdin: [Buffer.from(command.stdin)] }),
      },
      signal,
    )
    return resultOf(end, container.memoryKills > killsBefore)
  }

  async write(files: readonly { path: string; content: string | Uint8Array | null }[]): Promise<void> {
    const foreign = files.find((file) => !isRepoPath(file.path))
    if (foreign !== undefined) throw new Error(`not a path inside the work tree: ${JSON.stringify(foreign.path)}`)
    if (files.length === 0) return
    const gone = files.filter((file) => file.content === null).map((file) => `./${file.path}`)
    const kept = files.flatMap((file) => (file.content === null ? [] : [{ path: file.path, content: Buffer.from(file.content), executable: false }]))
    const parents = [...new Set(files.flatMap((file) => parentsIn(file.path)))].map((path) => `./${path}`)
    await this.#container.own('agent', ['sh', '-c', WRITE_SCRIPT, 'write', String(parents.length), ...parents, ...gone], { stdin: tarOf(kept) })
  }

  async read(paths: readonly string[], maximumBytes: number): Promise<ReadonlyMap<string, Uint8Array>> {
    const names = new Map(paths.map((path) => [nameInRoom(path), path]))
    if (names.size === 0) return new Map()
    const chunks: Buffer[] = []
    const archiveLimit = names.size * (maximumBytes + 8192) + 2 ** 20
    await this.#container.exec(
      {
        // Names arrive on standard input and start with a folder of ours: none can be taken for an option.
        argv: ['sh', '-c', READ_SCRIPT, 'read', `-${maximumBytes + 1}c`],
        user: AGENT,
        folder: '/',
        stdin: [Buffer.from([...names.keys()].map((name) => `${name}\0`).join(''))],
        timeoutMs: LAY_OUT_TIMEOUT_MS,
        outputLimit: 16_384,
        floodLimit: archiveLimit,
        onStdout: (chunk) => chunks.push(chunk),
      },
      new AbortController().signal,
    )
    const limits = { maximumEntries: names.size * 2, maximumFileBytes: maximumBytes, maximumTotalBytes: archiveLimit }
    const { files } = await readTar(chunks, limits)
    return new Map(
      [...files].flatMap(([name, content]) => {
        const path = names.get(name)
        return path === undefined ? [] : [[path, content] as const]
      }),
    )
  }

  async reset(): Promise<void> {
    if (this.#disposed) throw new Error('a disposed room cannot be reset')
    if (await this.#resetInPlace().catch(() => false)) return
    await this.#container.remove()
    this.#container = await openContainer(this.#docker, this.#plan, new AbortController().signal)
  }

  /** False when anything is not as it should be: then a fresh container is the answer. */
  async #resetInPlace(): Promise<boolean> {
    const container = this.#container
    if (!container.alive) return false
    await container.stop()
    if (!container.alive || !(await container.isQuiet())) return false
    // From here on nothing runs in the room but what is ours.
    const keptInside = isLarge(this.#plan)
    await container.own('agent', ['sh', '-c', resetScript(keptInside ? PRISTINE_TAR : '-'), 'reset', ...this.#everythingWritable()], {
      ...(keptInside ? {} : { stdin: tarOf(this.#plan.tree) }),
      timeoutMs: LAY_OUT_TIMEOUT_MS,
    })
    return true
  }

  /** Arguments of a `find` for all that commands may have left, but for mount points and the folders above them. */
  #everythingWritable(): readonly string[] {
    const keep = keepsOf(this.#plan).flatMap((path) => ['!', '-path', path.replace(/[[\]*?\\]/g, '\\$&')])
    const folders = [WORKSPACE, TEMPORARY, HOME, RESULTS, '/dev/shm', '/dev/mqueue', ...this.#plan.mounts.tmpfs.map((mount) => mount.path)]
    return [...folders, '-xdev', '-mindepth', '1', ...keep]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true
    await this.#container.remove()
  }
}

/** A link or a file where a folder belongs is removed first, so that nothing is written through it to somewhere else. */
const WRITE_SCRIPT = `
cd ${WORKSPACE} || exit
count=$1
shift
while [ "$count" -gt 0 ]; do
  if [ -L "$1" ] || [ -f "$1" ]; then rm -f -- "$1" || exit; fi
  shift
  count=$((count - 1))
done
if [ $# -gt 0 ]; then rm -rf -- "$@" || exit; fi
exec ${UNPACK.join(' ')} . -f -`

const READ_SCRIPT = `xargs -0 -r sh -c 'size=$1; shift; find "$@" -maxdepth 0 -type f -size "$size" -print0' find "$1" | tar -cf - --null --no-recursion -T -`

/** "$@" is a `find` without its action. A folder that its owner made unreadable is opened first. */
const resetScript = (archive: string) => `
if ! find "$@" -delete 2>/dev/null; then
  find "$@" -type d ! -perm -700 -exec chmod u+rwx {} \\;
  find "$@" -delete || exit
fi
ipcrm -a 2>/dev/null
exec ${UNPACK.join(' ')} ${WORKSPACE} -f ${archive}`

async function openContainer(docker: Docker, plan: RoomPlan, signal: AbortSignal): Promise<RoomContainer> {
  signal.throwIfAborted()
  const container = await RoomContainer.start(docker, plan)
  try {
    signal.throwIfAborted()
    const parents = parentsOf(plan)
    // The engine makes the parents of a mount as root; root without capabilities may at least open what is its own.
    if (parents.length > 0) await container.own('keeper', ['chmod', '0777', ...parents], { signal })
    const layOut = isLarge(plan) ? layOutAndKeep(container, plan, signal) : layOutTree(container, plan, signal)
    const tools = plan.tools.length === 0 ? undefined : container.own('keeper', [...UNPACK, TOOLS, '-f', '-'], { stdin: tarOf(plan.tools), signal })
    await Promise.all([layOut, tools])
    return container
  } catch (error) {
    await container.remove().catch(() => {})
    throw error
  }
}

/** Sending a large tree costs more than unpacking it: a room keeps a copy, which only root can change, for its resets. */
const LARGE_BYTES = 4 * 2 ** 20
const isLarge = (plan: RoomPlan): boolean => tarSize(plan.tree) >= LARGE_BYTES

async function layOutTree(container: RoomContainer, plan: RoomPlan, signal: AbortSignal): Promise<void> {
  await container.own('agent', [...UNPACK, WORKSPACE, '-f', '-'], { stdin: tarOf(plan.tree), signal, timeoutMs: LAY_OUT_TIMEOUT_MS })
}

/** Root receives the archive, keeps it and passes it on to the user who unpacks it, all at once. Nobody hostile is in the room yet. */
async function layOutAndKeep(container: RoomContainer, plan: RoomPlan, signal: AbortSignal): Promise<void> {
  const options = { signal, timeoutMs: LAY_OUT_TIMEOUT_MS }
  const pipe = `${RESULTS}/tree.pipe`
  const unpack = container.own('agent', ['sh', '-c', `mkfifo -m 0666 ${pipe} && ${UNPACK.join(' ')} ${WORKSPACE} -f ${pipe} && rm ${pipe}`], options)
  const receive = `until [ -p ${pipe} ]; do sleep 0.01; done; exec tee ${PRISTINE_TAR} > ${pipe}`
  await Promise.all([unpack, container.own('keeper', ['sh', '-c', receive], { ...options, stdin: tarOf(plan.tree) })])
}

/** Mount points inside the work tree and the folders above them. */
function keepsOf(plan: RoomPlan): readonly string[] {
  const points = [...plan.mounts.volumes, ...plan.mounts.tmpfs].map((mount) => mount.path)
  return [...new Set([...points, ...parentsOf(plan)])]
}
function parentsOf(plan: RoomPlan): readonly string[] {
  const parents = plan.mounts.volumes.flatMap(({ path }) =>
    path.startsWith(`${WORKSPACE}/`) ? parentsIn(path.slice(WORKSPACE.length + 1)).map((parent) => `${WORKSPACE}/${parent}`) : [],
  )
  return [...new Set(parents)]
}

/** `a`, `a/b` of `a/b/c`: outermost first. */
function parentsIn(path: string): readonly string[] {
  const segments = path.split('/').slice(0, -1)
  return segments.map((_, index) => segments.slice(0, index + 1).join('/'))
}

function folderOf(command: Command): string {
  if (command.cwd === undefined || command.cwd === '' || command.cwd === '.') return WORKSPACE
  if (!isRepoPath(command.cwd)) throw new Error(`not a folder inside the work tree: ${JSON.stringify(command.cwd)}`)
  return `${WORKSPACE}/${command.cwd}`
}

/** `workspace/src/a.js` or `fixpoint/out/report.json`. */
function nameInRoom(path: string): string {
  const result = path.startsWith(`${RESULTS}/`)
  const inside = result ? path.slice(RESULTS.length + 1) : path
  if (!isRepoPath(inside)) throw new Error(`not a path inside the work tree or ${RESULTS}: ${JSON.stringify(path)}`)
  return `${(result ? RESULTS : WORKSPACE).slice(1)}/${inside}`
}

const SIGNALLED = 128

function resultOf(end: ExecEnd, memoryKill: boolean): CommandResult {
  const timedOut = end.stopped === 'deadline'
  const failed = end.exitCode !== 0
  const oomKilled = memoryKill && failed && !timedOut
  return {
    exitCode: end.exitCode,
    stdout: end.stdout,
    stderr: end.stderr,
    durationMs: end.durationMs,
    timedOut,
    truncated: end.truncated,
    oomKilled,
    killed: !timedOut && !oomKilled && (end.stopped === 'flood' || (end.exitCode !== null && end.exitCode > SIGNALLED && end.exitCode <= SIGNALLED + 64)),
  }
}
