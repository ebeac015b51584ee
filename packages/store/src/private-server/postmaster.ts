import { type ChildProcess, spawn } from 'node:child_process'
import { open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Account } from './account.ts'
import type { Binaries } from './binaries.ts'
import { type Listening, SOCKET_NUMBER } from './listening.ts'
import { anybodyIn, PLAIN_ENVIRONMENT, worksIn } from './processes.ts'

/** A server as its own `postmaster.pid` tells of it. */
export interface Postmaster {
  readonly pid: number
  readonly ready: boolean
  readonly listening: Listening | undefined
}

export function pidFileOf(data: string): string {
  return join(data, 'postmaster.pid')
}

/** The server that works on `data` now. What a crash left behind is no server. */
export async function postmasterOf(data: string): Promise<Postmaster | undefined> {
  const text = await readFile(pidFileOf(data), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const [pidLine = '', , , port = '', socket = '', , , status = ''] = text.split('\n').map((line) => line.trim())
  const pid = Number(pidLine)
  if (!Number.isInteger(pid) || pid <= 1 || !(await worksIn(pid, data))) return undefined
  const listening = socket !== '' ? { socket } : Number(port) > 0 ? { port: Number(port) } : undefined
  return { pid, ready: status.startsWith('ready'), listening }
}

/**
 * Removes the lock of a server that is gone, if surely nobody works on the data. PostgreSQL does so itself unless the number of the dead
 * process belongs to another one by now, which is common in containers. To be called in one's turn only: nobody starts one meanwhile.
 */
export async function clearStaleLock(data: string, listening: Listening): Promise<void> {
  if ((await anybodyIn(data)) !== false) return
  await rm(pidFileOf(data), { force: true })
  if ('socket' in listening) {
    for (const suffix of ['', '.lock']) await rm(join(listening.socket, `.s.PGSQL.${SOCKET_NUMBER}${suffix}`), { force: true })
  }
}

export interface Spawned {
  readonly process: ChildProcess
  readonly pid: number
  /** Resolves when the process has ended, to what it said at its start. */
  readonly ended: Promise<string>
}

export interface PostmasterOptions {
  readonly binaries: Binaries
  readonly account: Account | undefined
  readonly data: string
  readonly listening: Listening
  /** What it says before it keeps its own log. */
  readonly startLog: string
  readonly settings: Readonly<Record<string, string>>
}

export async function spawnPostmaster(options: PostmasterOptions): Promise<Spawned> {
  const { account, binaries, data, listening, startLog } = options
  const settings: Record<string, string> = {
    ...('socket' in listening
      ? { listen_addresses: '', port: String(SOCKET_NUMBER), unix_socket_directories: listening.socket, unix_socket_permissions: '0700' }
      : { listen_addresses: '127.0.0.1', port: String(listening.port), unix_socket_directories: '' }),
    // A week of logs, each day over the one of last week; without statements and values, which may be secret.
    logging_collector: 'on',
    log_directory: 'log',
    log_filename: 'postgresql-%a.log',
    log_truncate_on_rotation: 'on',
    log_rotation_age: '1d',
    log_rotation_size: '0',
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    timezone: 'UTC',
    ...options.settings,
  }
  const args = ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
  const log = await open(startLog, 'w', 0o600)
  try {
    const child = spawn(binaries.postgres, args, {
      ...account,
      cwd: '/',
      env: { ...PLAIN_ENVIRONMENT },
      stdio: ['ignore', log.fd, log.fd],
      // A Ctrl-C at our terminal is ours to handle first.
      detached: true,
      windowsHide: true,
    })
    const ended = new Promise<string>((resolve) => {
      const end = async () => resolve((await readFile(startLog, 'utf8').catch(() => '')).slice(-4000))
      child.once('exit', end)
      child.once('error', end)
    })
    child.unref()
    return { process: child, pid: child.pid ?? 0, ended }
  } finally {
    await log.close()
  }
}

/** Ends a server of ours: asked first, then made to. */
export async function endServer(server: Spawned): Promise<void> {
  for (const [ask, patience] of [
    [askToStop, 30_000],
    [makeStop, 10_000],
  ] as const) {
    if (server.process.exitCode !== null || server.process.signalCode !== null) return
    ask(server.pid)
    const timer = new AbortController()
    await Promise.race([server.ended, sleep(patience, undefined, { signal: timer.signal }).catch(() => undefined)])
    timer.abort()
  }
}

/** "Fast": connections are ended, transactions rolled back, everything is written. */
export function askToStop(pid: number): void {
  signal(pid, 'SIGINT')
}

/** "Immediate": the next start recovers from the log. */
function makeStop(pid: number): void {
  signal(pid, 'SIGQUIT')
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // Gone already.
  }
}
