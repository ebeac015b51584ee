import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from './service-process.ts'

/** A second Docker engine, beside the machine's own and apart from it, which can be killed and started again. It has no network to give. */
export class MortalEngine implements AsyncDisposable {
  readonly host: string
  readonly #folder: string
  #process: ChildProcess | undefined

  private constructor(folder: string) {
    this.#folder = folder
    this.host = `unix://${join(folder, 'docker.sock')}`
  }

  /** With the images of the machine's own engine. A text says why there is none. */
  static async start(): Promise<MortalEngine | string> {
    // Where the machine's own engine would not be: overlays need a real disk.
    const engine = new MortalEngine(await mkdtemp(join(tmpdir(), 'fixpoint-engine-')))
    try {
      await engine.startAgain()
      const images = execFileSync('docker', ['images', '--format', '{{.Repository}}:{{.Tag}}', '--filter', 'reference=fixpoint-*'], { encoding: 'utf8' })
      const node = images.split('\n').filter((image) => image.startsWith('fixpoint-node:'))
      const saving = spawn('docker', ['save', ...node], { stdio: ['ignore', 'pipe', 'inherit'] })
      const loading = spawn('docker', ['--host', engine.host, 'load'], { stdio: [saving.stdout, 'ignore', 'inherit'] })
      const [code] = (await once(loading, 'exit')) as [number | null]
      if (code !== 0) throw new Error('the images could not be loaded')
      return engine
    } catch (error) {
      await engine[Symbol.asyncDispose]()
      return error instanceof Error ? error.message : 'unknown'
    }
  }

  async startAgain(): Promise<void> {
    const at = (name: string) => join(this.#folder, name)
    const places = ['--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid'), '--host', this.host]
    const log = openSync(at('log'), 'a')
    // In a network of its own: an engine without a bridge takes away the one that it finds, which is the machine's engine's.
    const apart = ['--net', 'dockerd', ...places, '--bridge=none', '--iptables=false', '--ip6tables=false']
    this.#process = spawn('unshare', apart, { stdio: ['ignore', log, log] })
    closeSync(log)
    const started = this.#process
    let failed = false
    started.on('error', () => (failed = true))
    const outcome = await until('the engine answers', () => (failed || started.exitCode !== null ? 'ended' : this.#answers() ? 'answers' : undefined))
    if (outcome === 'ended') throw new Error(`dockerd ended: ${(await readFile(at('log'), 'utf8')).slice(-500)}`)
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.#process?.pid === undefined || this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const exited = once(this.#process, 'exit')
    this.#process.kill(signal)
    await exited
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGTERM')
    await rm(this.#folder, { recursive: true, force: true })
  }

  #answers(): boolean {
    try {
      execFileSync('docker', ['--host', this.host, 'version'], { stdio: 'ignore', timeout: 5_000 })
      return true
    } catch {
      return false
    }
  }
}
