import type Docker from 'dockerode'
import type { RoomLimits } from './limits.ts'
import { roomSeccompProfile } from './seccomp.ts'

/** A labelled volume inside a container: how dependencies and the egress socket come in. Host folders never do. */
export interface VolumeMount {
  readonly volume: string
  readonly path: string
  readonly readOnly: boolean
}
/** Memory-backed folder of uid 1000. `size` in bytes. */
export interface TmpfsMount {
  readonly path: string
  readonly size: number
}
/** What an environment adds to a room. A path may lie inside another mount; parents are mounted first. */
export interface RoomMounts {
  readonly volumes: readonly VolumeMount[]
  readonly tmpfs: readonly TmpfsMount[]
}

export const WORKSPACE = '/workspace'
export const RESULTS = '/fixpoint/out'
export const TOOLS = '/fixpoint/tools'
/** Root's copy of the tree as it was opened, for resets. */
export const PRISTINE = '/fixpoint/base'
export const HOME = '/home/agent'
export const TEMPORARY = '/tmp'
/** Every command runs as this user; PID 1 is root without any capability, so that no command can end it or read it. */
export const AGENT = '1000:1000'
export const KEEPER = '0:0'

export type HostConfig = Docker.HostConfig

/** The one place where the confinement of a container is put together. */
export function buildHostConfig(limits: RoomLimits, mounts: RoomMounts): HostConfig {
  const config: HostConfig = {
    NetworkMode: 'none',
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges:true', `seccomp=${JSON.stringify(roomSeccompProfile())}`],
    ReadonlyRootfs: true,
    Tmpfs: tmpfs(limits, mounts),
    Mounts: mounts.volumes.map((mount) => ({ Type: 'volume', Source: mount.volume, Target: mount.path, ReadOnly: mount.readOnly })),
    Memory: limits.memory,
    MemorySwap: limits.memory,
    NanoCpus: Math.round(limits.cpus * 1e9),
    PidsLimit: limits.processes,
    OomScoreAdj: 1000,
    OomKillDisable: false,
    Ulimits: [
      { Name: 'nofile', Soft: 4096, Hard: 4096 },
      { Name: 'core', Soft: 0, Hard: 0 },
      { Name: 'fsize', Soft: limits.fileSize, Hard: limits.fileSize },
    ],
    IpcMode: 'private',
    ShmSize: 64 * 2 ** 20,
    Init: true,
    LogConfig: { Type: 'none', Config: {} },
    RestartPolicy: { Name: 'no' },
    AutoRemove: false,
  }
  assertConfined(config)
  return config
}

function tmpfs(limits: RoomLimits, mounts: RoomMounts): Record<string, string> {
  const agentFolder = (size: number) => `rw,exec,nosuid,nodev,size=${size},nr_inodes=${limits.files},uid=1000,gid=1000,mode=0755`
  return {
    [WORKSPACE]: agentFolder(limits.workspace),
    // Executable because the work tree is too: a build tool that runs what it put into /tmp gains nothing new.
    [TEMPORARY]: `rw,exec,nosuid,nodev,size=${limits.temporary},nr_inodes=50000,mode=1777`,
    [HOME]: agentFolder(limits.home),
    [RESULTS]: agentFolder(limits.results),
    // Root's: commands read the tools and cannot replace them.
    [TOOLS]: `rw,noexec,nosuid,nodev,size=${limits.tools},nr_inodes=2000,mode=0755`,
    [PRISTINE]: `rw,noexec,nosuid,nodev,size=${limits.pristine},nr_inodes=16,mode=0755`,
    ...Object.fromEntries(mounts.tmpfs.map((mount) => [mount.path, agentFolder(mount.size)])),
  }
}

const EMPTY_OR_ABSENT = [
  'Binds',
  'CapAdd',
  'Devices',
  'DeviceRequests',
  'DeviceCgroupRules',
  'VolumesFrom',
  'Links',
  'GroupAdd',
  'ExtraHosts',
  'Sysctls',
  'PortBindings',
] as const
const HOST_NAMESPACES = ['PidMode', 'UTSMode', 'UsernsMode', 'CgroupnsMode'] as const

/** Throws when a configuration would let anything in or out that a room does not have. Unknown ways in are refused by `assertKnown`. */
export function assertConfined(config: HostConfig): void {
  const problems = confinementProblems(config as Readonly<Record<string, unknown>>)
  if (problems.length > 0) throw new Error(`refusing an unconfined container: ${problems.join('; ')}`)
}

export function confinementProblems(config: Readonly<Record<string, unknown>>): readonly string[] {
  const problems: string[] = []
  const refuse = (condition: boolean, problem: string) => {
    if (condition) problems.push(problem)
  }
  refuse(Boolean(config.Privileged), 'Privileged')
  for (const field of EMPTY_OR_ABSENT) refuse(!isEmpty(config[field]), field)
  for (const field of HOST_NAMESPACES) refuse(!isEmpty(config[field]) && config[field] !== 'private', `${field} ${String(config[field])}`)
  refuse(config.NetworkMode !== 'none', `NetworkMode ${String(config.NetworkMode)}`)
  refuse(config.IpcMode !== 'private', `IpcMode ${String(config.IpcMode)}`)
  refuse(config.ReadonlyRootfs !== true, 'a writable root file system')
  refuse(config.PublishAllPorts === true, 'PublishAllPorts')
  refuse(config.OomKillDisable === true, 'OomKillDisable')
  refuse(config.AutoRemove === true, 'AutoRemove')
  refuse(!sameStrings(config.CapDrop, ['ALL']), 'capabilities are not dropped')
  const security = strings(config.SecurityOpt)
  refuse(!security.includes('no-new-privileges:true'), 'new privileges are possible')
  refuse(!security.some((option) => option.startsWith('seccomp={')), 'no system call filter of ours')
  refuse(
    security.some((option) => !option.startsWith('seccomp={') && option !== 'no-new-privileges:true'),
    'a security option that is not ours',
  )
  refuse(!isPositive(config.Memory) || config.MemorySwap !== config.Memory, 'memory is not limited')
  refuse(!isPositive(config.PidsLimit), 'processes are not limited')
  refuse(!isPositive(config.NanoCpus), 'processors are not limited')
  refuse(!isEmpty(config.MaskedPaths) || Array.isArray(config.MaskedPaths), 'MaskedPaths')
  refuse(Array.isArray(config.ReadonlyPaths), 'ReadonlyPaths')
  problems.push(...mountProblems(config.Mounts), ...tmpfsProblems(config.Tmpfs))
  for (const field of Object.keys(config)) refuse(!KNOWN.has(field) && !isEmpty(config[field]), `a field nobody has thought about: ${field}`)
  return problems
}

const KNOWN: ReadonlySet<string> = new Set([
  ...EMPTY_OR_ABSENT,
  ...HOST_NAMESPACES,
  ...[
    'Privileged',
    'NetworkMode',
    'IpcMode',
    'ReadonlyRootfs',
    'PublishAllPorts',
    'OomKillDisable',
    'AutoRemove',
    'CapDrop',
    'SecurityOpt',
    'Memory',
    'MemorySwap',
  ],
  ...[
    'PidsLimit',
    'NanoCpus',
    'MaskedPaths',
    'ReadonlyPaths',
    'Mounts',
    'Tmpfs',
    'OomScoreAdj',
    'Ulimits',
    'ShmSize',
    'Init',
    'LogConfig',
    'RestartPolicy',
    'Runtime',
  ],
])

/** Named volumes only: a bind, a driver's options (a local volume can be a bind in disguise) or a socket by name are refused. */
function mountProblems(mounts: unknown): string[] {
  if (mounts === undefined) return []
  if (!Array.isArray(mounts)) return ['Mounts is not a list']
  return mounts.flatMap((mount: Record<string, unknown>) => {
    const source = String(mount.Source ?? '')
    const target = String(mount.Target ?? '')
    if (mount.Type !== 'volume') return [`a ${String(mount.Type)} mount on ${target}`]
    if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(source)) return [`a volume named ${source}`]
    if (!isPlainAbsolute(target)) return [`a mount on ${target}`]
    return Object.keys(mount).some((key) => !['Type', 'Source', 'Target', 'ReadOnly'].includes(key)) ? [`mount options on ${target}`] : []
  })
}

function tmpfsProblems(tmpfs: unknown): string[] {
  if (typeof tmpfs !== 'object' || tmpfs === null) return []
  return Object.entries(tmpfs).flatMap(([path, options]) => {
    const words = String(options).split(',')
    const missing = ['nosuid', 'nodev'].filter((word) => !words.includes(word))
    if (!words.some((word) => /^size=\d+$/.test(word))) missing.push('size')
    if (!isPlainAbsolute(path)) return [`a tmpfs on ${path}`]
    return missing.map((word) => `tmpfs ${path} without ${word}`)
  })
}

function isPlainAbsolute(path: string): boolean {
  const segments = path.split('/').slice(1)
  return path.startsWith('/') && segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..') && !/[,:\0]/.test(path)
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false || value === 0) return true
  if (Array.isArray(value)) return value.length === 0
  return typeof value === 'object' && Object.keys(value).length === 0
}
const isPositive = (value: unknown): boolean => typeof value === 'number' && value > 0
const strings = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : [])
const sameStrings = (value: unknown, expected: readonly string[]): boolean => JSON.stringify(strings(value)) === JSON.stringify(expected)
