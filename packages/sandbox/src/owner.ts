import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** Who made a container or volume: enough to tell, later and from another process, whether its maker still lives. */
export interface Owner {
  readonly bootId: string
  readonly pid: number
  /** In the kernel's own ticks, so that a reused process id is not taken for its predecessor. */
  readonly startTime: string
}

export const LABEL = {
  kind: 'dev.fixpoint.kind',
  run: 'dev.fixpoint.run',
  boot: 'dev.fixpoint.boot',
  pid: 'dev.fixpoint.pid',
  started: 'dev.fixpoint.started',
  expires: 'dev.fixpoint.expires',
} as const

export function thisProcess(): Owner {
  return { bootId: bootId(), pid: process.pid, startTime: startTimeOf(process.pid) ?? 'unknown' }
}

/** Labels carry what cannot change. `kind` is `room`, or another word for what its maker removes itself when it lives. */
export function ownerLabels(owner: Owner, kind: string, runId: string, expires: Date): Record<string, string> {
  return {
    [LABEL.kind]: kind,
    [LABEL.run]: runId,
    [LABEL.boot]: owner.bootId,
    [LABEL.pid]: String(owner.pid),
    [LABEL.started]: owner.startTime,
    [LABEL.expires]: expires.toISOString(),
  }
}

/** `unknown` when another machine (or an earlier boot of this one) made it: then only its expiry speaks. */
export function ownerState(labels: Readonly<Record<string, string>>): 'alive' | 'dead' | 'unknown' {
  if (labels[LABEL.boot] !== bootId()) return 'unknown'
  const pid = Number(labels[LABEL.pid])
  if (!Number.isSafeInteger(pid) || pid <= 0) return 'dead'
  const started = startTimeOf(pid)
  if (started !== undefined) return started === labels[LABEL.started] ? 'alive' : 'dead'
  return labels[LABEL.started] === 'unknown' && answers(pid) ? 'alive' : 'dead'
}

function bootId(): string {
  return readOrUndefined('/proc/sys/kernel/random/boot_id')?.trim() ?? hostname()
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
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function readOrUndefined(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
