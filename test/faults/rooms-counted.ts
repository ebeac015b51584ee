import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

interface EngineEvent {
  readonly Action: string
  readonly Actor: { readonly Attributes: Readonly<Record<string, string>> }
}

/** What was paid for a run: rooms and commands, counted by the engine itself, as long as it lives. */
export class RoomsCounted implements AsyncDisposable {
  readonly rooms = new Map<string, number>()
  readonly commands = new Map<string, number>()
  readonly #watching: ChildProcess
  #rest = ''

  constructor() {
    const filters = ['type=container', 'label=dev.fixpoint.run', 'event=create', 'event=exec_create'].flatMap((filter) => ['--filter', filter])
    this.#watching = spawn('docker', ['events', ...filters, '--format', '{{json .}}'], { stdio: ['ignore', 'pipe', 'inherit'] })
    this.#watching.stdout?.setEncoding('utf8').on('data', (text: string) => this.#read(text))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The engine tells a moment later.
    await sleep(500)
    if (this.#watching.exitCode !== null) return
    const exited = once(this.#watching, 'exit')
    this.#watching.kill('SIGKILL')
    await exited
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) {
      const { Action, Actor } = JSON.parse(line) as EngineEvent
      const counts = Action === 'create' ? this.rooms : this.commands
      const run = Actor.Attributes['dev.fixpoint.run'] ?? ''
      counts.set(run, (counts.get(run) ?? 0) + 1)
    }
  }
}
