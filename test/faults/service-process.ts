import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const COMMAND = fileURLToPath(new URL('../../apps/cli/bin/fixpoint.mjs', import.meta.url))
const PATIENCE_MS = 180_000

/** A real process of the service, and every word it said. */
export class ServiceProcess {
  readonly process: ChildProcess
  said = ''

  constructor(args: readonly string[], env: Readonly<Record<string, string>>) {
    this.process = spawn(process.execPath, [COMMAND, ...args], { env: { ...process.env, NO_COLOR: '1', ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [this.process.stdout, this.process.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (this.said += text))
  }

  get alive(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null
  }

  signal(name: NodeJS.Signals): void {
    this.process.kill(name)
  }

  /** Its exit code, when it has ended; `signal` asks it to. */
  async ended(signal?: NodeJS.Signals): Promise<number | null> {
    if (this.alive) {
      const exited = once(this.process, 'exit')
      if (signal !== undefined) this.signal(signal)
      await exited
    }
    return this.process.exitCode
  }

  /** Waits until it says something, after the `from`-th letter of what it said. */
  async says(what: RegExp, from = 0): Promise<RegExpExecArray> {
    const found = await until(
      `it says ${what}`,
      () => what.exec(this.said.slice(from)) ?? (this.alive ? undefined : 'ended'),
      () => this.said,
    )
    if (found === 'ended') throw new Error(`it ended before it said ${what}\n${this.said}`)
    return found
  }
}

/** Looks until there is something, for three minutes unless told otherwise. */
export async function until<T>(
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
  evidence: () => string = () => '',
  patienceMs = PATIENCE_MS,
): Promise<T> {
  for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(100)) {
    const found = await look()
    if (found !== undefined) return found
  }
  throw new Error(`waited in vain: ${what}\n${evidence().slice(-6_000)}`)
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
