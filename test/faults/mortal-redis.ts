import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { freePort, until } from './service-process.ts'

/** A real Redis on a port of its own, which can be killed, emptied, frozen and started again. */
export class MortalRedis {
  readonly url: string
  readonly #folder: string
  readonly #port: number
  #process: ChildProcess | undefined

  private constructor(folder: string, port: number) {
    this.#folder = folder
    this.#port = port
    this.url = `redis://127.0.0.1:${port}`
  }

  static async start(folder: string): Promise<MortalRedis> {
    await mkdir(folder, { recursive: true })
    const redis = new MortalRedis(folder, await freePort())
    await redis.startAgain()
    return redis
  }

  async startAgain(): Promise<void> {
    const settings = ['--port', `${this.#port}`, '--bind', '127.0.0.1', '--dir', this.#folder, '--save', '', '--appendonly', 'yes']
    this.#process = spawn('redis-server', settings, { stdio: 'ignore' })
    await until('Redis answers', () => (this.#ask('PING').includes('PONG') ? true : undefined))
  }

  async kill(): Promise<void> {
    if (this.#process === undefined || this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const exited = once(this.#process, 'exit')
    this.#process.kill('SIGKILL')
    await exited
  }

  flush(): void {
    if (!this.#ask('FLUSHALL').includes('OK')) throw new Error('Redis was not emptied')
  }

  freeze(): void {
    this.#process?.kill('SIGSTOP')
  }

  thaw(): void {
    this.#process?.kill('SIGCONT')
  }

  #ask(command: string): string {
    try {
      return execFileSync('redis-cli', ['-p', `${this.#port}`, command], { encoding: 'utf8', timeout: 5_000, stdio: ['ignore', 'pipe', 'ignore'] })
    } catch {
      return ''
    }
  }
}
