import { execFile } from 'node:child_process'
import { readdir, readFile, readlink, realpath } from 'node:fs/promises'
import { codeOf } from '@fixpoint/core'
import type { Account } from './account.ts'

/** What a process of ours needs of the environment, and nothing else: no settings of the person's own PostgreSQL, no keys. */
export const PLAIN_ENVIRONMENT: Readonly<Record<string, string>> = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

export interface Ended {
  readonly exitCode: number | undefined
  /** Of both streams, the last few thousand characters. */
  readonly output: string
}

/** Runs a program to its end, as `account`. Never throws: a program that cannot be started is one that ended badly. */
export function runAs(account: Account | undefined, program: string, args: readonly string[], timeoutMs: number): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { ...account, cwd: '/', env: { ...PLAIN_ENVIRONMENT }, timeout: timeoutMs, maxBuffer: 1024 * 1024, windowsHide: true }
    execFile(program, args, process.platform === 'win32' ? { ...options, cwd: undefined } : options, (error, stdout, stderr) => {
      const output = `${stdout}\n${stderr}`.trim()
      if (error === null) resolve({ exitCode: 0, output })
      else resolve({ exitCode: typeof error.code === 'number' ? error.code : undefined, output: (output || error.message).slice(-4000) })
    })
  })
}

/** A process, told from a later one that got the same number. */
export interface ProcessMark {
  readonly pid: number
  /** Ticks since the machine was started, where they can be had. */
  readonly started: string | undefined
  readonly boot: string | undefined
}

export async function markOf(pid: number): Promise<ProcessMark> {
  return { pid, started: await startedAt(pid), boot: await bootId() }
}

export async function isAlive(mark: ProcessMark): Promise<boolean> {
  if (!exists(mark.pid)) return false
  const now = await markOf(mark.pid)
  return now.boot === mark.boot && now.started === mark.started
}

export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // There, and somebody else's.
    return codeOf(error) === 'EPERM'
  }
}

/** Whether process `pid` works in `folder`, as a server of that data does. Where it cannot be told: whether there is such a process. */
export async function worksIn(pid: number, folder: string): Promise<boolean> {
  if (!exists(pid)) return false
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => undefined)
  if (cwd !== undefined) return cwd === (await realpath(folder).catch(() => folder))
  return process.platform !== 'linux' || (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).startsWith('postgres')
}

/** Whether any process at all works in `folder`; undefined where that cannot be told. */
export async function anybodyIn(folder: string): Promise<boolean | undefined> {
  if (process.platform !== 'linux') return undefined
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  for (const pid of pids) if (await worksIn(Number(pid), folder)) return true
  return false
}

/** The 22nd field; the second one, a name in parentheses, may hold anything. */
async function startedAt(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19]
}

async function bootId(): Promise<string | undefined> {
  const text = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => undefined)
  return text?.trim()
}
