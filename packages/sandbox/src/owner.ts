import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { codeOf } from '@fixpoint/core'
import type Docker from 'dockerode'
import { isGone } from './docker-engine.ts'

/** Who made a container or volume: enough to tell, later and from another process, whether its maker still lives. */
export interface Owner {
  /** Where its process id means something: a boot of a kernel, and a namespace of process ids (a container has one of its own). */
  readonly place: string
  readonly pid: number
  /** In the kernel's own ticks, so that a reused process id is not taken for its predecessor. */
  readonly startTime: string
  /** The life of the container it runs in, when that is one of the same engine: its workers cannot see each other's processes. */
  readonly container?: string | undefined
}

export const LABEL = {
  kind: 'dev.fixpoint.kind',
  run: 'dev.fixpoint.run',
  place: 'dev.fixpoint.place',
  pid: 'dev.fixpoint.pid',
  started: 'dev.fixpoint.started',
  container: 'dev.fixpoint.container',
  expires: 'dev.fixpoint.expires',
} as const

/** `docker`: where what it makes will be. */
export async function thisProcess(docker: Docker): Promise<Owner> {
  const container = containerIdIn(readOrUndefined('/proc/self/mountinfo') ?? '')
  return {
    place: place(),
    pid: process.pid,
    startTime: startTimeOf(process.pid) ?? 'unknown',
    container: container === undefined ? undefined : await lifeOf(docker, container),
  }
}

/** Labels carry what cannot change. `kind` is `room`, or another word for what its maker removes itself when it lives. */
export function ownerLabels(owner: Owner, kind: string, runId: string, expires: Date): Record<string, string> {
  return {
    [LABEL.kind]: kind,
    [LABEL.run]: runId,
    [LABEL.place]: owner.place,
    [LABEL.pid]: String(owner.pid),
    [LABEL.started]: owner.startTime,
    ...(owner.container !== undefined && { [LABEL.container]: owner.container }),
    [LABEL.expires]: expires.toISOString(),
  }
}

/** `unknown` when another machine, an earlier boot of this one, or a container of another engine made it: then only its expiry speaks. */
export async function ownerState(docker: Docker, labels: Readonly<Record<string, string>>): Promise<'alive' | 'dead' | 'unknown'> {
  if (labels[LABEL.place] !== place()) {
    const container = labels[LABEL.container]
    if (container === undefined) return 'unknown'
    return (await lifeOf(docker, container.split(' ')[0] ?? '')) === container ? 'alive' : 'dead'
  }
  const pid = Number(labels[LABEL.pid])
  if (!Number.isSafeInteger(pid) || pid <= 0) return 'dead'
  const started = startTimeOf(pid)
  if (started !== undefined) return started === labels[LABEL.started] ? 'alive' : 'dead'
  return labels[LABEL.started] === 'unknown' && answers(pid) ? 'alive' : 'dead'
}

function place(): string {
  const boot = readOrUndefined('/proc/sys/kernel/random/boot_id')?.trim() ?? hostname()
  return [boot, namespace()].filter(Boolean).join(' ')
}

function namespace(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return undefined
  }
}

/** An engine mounts files of a container's folder over its `/etc/hostname`, and names the folder after it. */
export function containerIdIn(mounts: string): string | undefined {
  return /^\d+ \d+ \S+ \S*\/([0-9a-f]{64})\/\S+ \/etc\/hostname /m.exec(mounts)?.[1]
}

/** A container that is started again has another life. Undefined when the engine has none of this name that runs. */
async function lifeOf(docker: Docker, id: string): Promise<string | undefined> {
  try {
    const { Id, State } = await docker.getContainer(id).inspect()
    return State.Running ? `${Id} ${State.StartedAt}` : undefined
  } catch (error) {
    if (isGone(error)) return undefined
    throw error
  }
}

/** Field 22 of `/proc/<pid>/stat`; the command name before it may hold spaces and brackets. */
function startTimeOf(pid: number): string | undefined {
  const stat = readOrUndefined(`/proc/${pid}/stat`)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
}

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

function readOrUndefined(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
