import { readdirSync, readFileSync } from 'node:fs'
import type { CommandResult, Sandbox, SourceSnapshot } from '@fixpoint/core'
import { DockerSandboxes, type SandboxSettings } from '@fixpoint/sandbox'
import { MemorySnapshot } from '@fixpoint/testkit'
import { expect } from 'vitest'
import { connectEngine } from '../../packages/sandbox/src/docker-engine.ts'
import type { DockerRoom } from '../../packages/sandbox/src/docker-room.ts'

const MiB = 2 ** 20
/** Narrow walls, so that an attack meets them soon. */
export const LIMITS = {
  memory: 320 * MiB,
  processes: 128,
  workspace: 400 * MiB,
  temporary: 32 * MiB,
  home: 16 * MiB,
  results: 48 * MiB,
  fileSize: 64 * MiB,
  files: 20_000,
}
/** Files of this suite run beside each other: each looks for what its own rooms left. */
export const RUN = `run_security_${process.pid}`
export const docker = connectEngine()
const never = new AbortController().signal
const TREE = new MemorySnapshot({ 'a.txt': 'a' })
const NOTHING_TO_INSTALL = { toolchain: 'node' as const, way: 'none' as const, manifests: [], download: [], scripts: [], directories: [] }

export const sandboxesWith = (settings: SandboxSettings = {}): DockerSandboxes => new DockerSandboxes({ limits: LIMITS, ...settings })

export interface Attacked {
  readonly sandbox: Sandbox
  readonly id: string
  sh(script: string, timeoutMs?: number): Promise<CommandResult>
  /** Processes in the room as the engine sees them from outside. */
  processes(): Promise<number>
}

/** Opens a room for one attack; afterwards nothing of it may be left: no container, no process on the machine. */
export async function inRoom<T>(sandboxes: DockerSandboxes, attack: (room: Attacked) => Promise<T>, source: SourceSnapshot = TREE): Promise<T> {
  const environment = await sandboxes.prepare({ recipe: NOTHING_TO_INSTALL, source, runId: RUN }, never, () => {})
  const sandbox = await sandboxes.open({ runId: RUN, environment, source, tools: new Map([['tool.mjs', Buffer.from('export {}\n')]]) }, never)
  const id = (sandbox as DockerRoom).containerId
  try {
    return await attack({
      sandbox,
      id,
      sh: (script, timeoutMs = 30_000) => sandbox.exec({ argv: ['bash', '-c', script], timeoutMs }, never),
      processes: async () => (await docker.getContainer(id).top()).Processes.length,
    })
  } finally {
    await sandbox[Symbol.asyncDispose]()
    expect(await leftOvers(id), 'nothing is left of the room').toEqual([])
  }
}

/** Containers and processes that a room left behind. The engine may be on another machine: then only containers can be seen. */
export async function leftOvers(id: string): Promise<string[]> {
  const containers = await docker.listContainers({ all: true, filters: { label: [`dev.fixpoint.run=${RUN}`] } })
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && cgroupOf(name).includes(id))
  return [...containers.map((container) => `container ${container.Id}`), ...processes.map((pid) => `process ${pid}`)]
}

function cgroupOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, 'utf8')
  } catch {
    return ''
  }
}
