import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '@fixpoint/core'
import type Docker from 'dockerode'
import { engineFailure, isGone } from './docker-engine.ts'
import { type ExecEnd, type ExecRequest, execIn, LOOK, roomLost } from './exec.ts'
import { AGENT, buildHostConfig, HOME, KEEPER, type RoomMounts, WORKSPACE } from './host-config.ts'
import type { RoomLimits } from './limits.ts'
import { RoomEvents } from './room-events.ts'

export interface ContainerPlan {
  readonly image: string
  readonly limits: RoomLimits
  readonly mounts: RoomMounts
  readonly labels: Readonly<Record<string, string>>
}

/** Commands of our own are small and quick; these bounds only keep a hostile room from holding us. */
const OWN_COMMAND = { folder: '/', timeoutMs: 30_000, outputLimit: 16_384, floodLimit: 2 ** 20 } as const
/** PID 1 (the engine's init) and the `sleep` it minds. */
const RESIDENTS = 2
/** 128 and SIGKILL. */
const KILLED = 137
const QUIET_PAUSES_MS = [0, 20, 100, 400, 1000]

/** A running, confined container: commands, and an end. */
export class RoomContainer {
  readonly id: string
  readonly #container: Docker.Container
  readonly #events: RoomEvents
  #dead = false

  private constructor(container: Docker.Container, events: RoomEvents) {
    this.id = container.id
    this.#container = container
    this.#events = events
  }

  static async start(docker: Docker, plan: ContainerPlan): Promise<RoomContainer> {
    let container: Docker.Container | undefined
    let listening: Promise<RoomEvents> | undefined
    try {
      container = await docker.createContainer({
        Image: plan.image,
        Cmd: ['sleep', 'infinity'],
        User: KEEPER,
        WorkingDir: WORKSPACE,
        // No name service and no user database is asked for it; `localhost` is enough for tests that listen.
        Hostname: 'room',
        Env: [`HOME=${HOME}`, 'CI=1', 'LANG=C.UTF-8', 'TZ=UTC'],
        Labels: { ...plan.labels },
        HostConfig: buildHostConfig(plan.limits, plan.mounts),
      })
      listening = RoomEvents.of(docker, container.id)
      const [events] = await Promise.all([listening, container.start()])
      return new RoomContainer(container, events)
    } catch (error) {
      void listening?.then((events) => events.close()).catch(() => {})
      await container?.remove({ force: true }).catch(() => {})
      throw engineFailure(error, plan.image)
    }
  }

  /** False once it was ended, by us or (as far as we have noticed) by somebody else. */
  get alive(): boolean {
    return !this.#dead
  }

  get memoryKills(): number {
    return this.#events.memoryKills
  }

  async exec(request: ExecRequest, signal: AbortSignal): Promise<ExecEnd> {
    this.#assertAlive()
    try {
      const end = await execIn(this.#container, request, signal, () => this.stop())
      // When a room is ended from outside, its commands look as if somebody had killed them alone.
      if (end.exitCode === KILLED && !(await this.#stillRuns())) throw new Failure('room-lost', 'the room ended while a command ran', LOOK)
      return end
    } catch (error) {
      if (error instanceof Failure && error.code === 'room-lost') this.#dead = true
      throw error
    }
  }

  /** A command of ours. Throws when it does not succeed: then the room is not what it should be. */
  async own(
    user: 'agent' | 'keeper',
    argv: readonly string[],
    options: { stdin?: Iterable<Uint8Array>; signal?: AbortSignal; timeoutMs?: number } = {},
  ): Promise<void> {
    const { signal = new AbortController().signal, ...rest } = options
    const end = await this.exec({ ...OWN_COMMAND, ...rest, argv, user: user === 'agent' ? AGENT : KEEPER }, signal)
    if (end.exitCode !== 0) throw new OwnCommandFailed(argv[0] ?? '', end)
  }

  /**
   * Ends every process of the room's commands at once: the kernel delivers one signal to all of a user's processes
   * without letting any of them fork away. When even that cannot be started (no process left to have), the container ends.
   */
  async stop(): Promise<void> {
    if (this.#dead) return
    try {
      const never = new AbortController().signal
      const request = { ...OWN_COMMAND, argv: ['sh', '-c', 'kill -9 -1; exit 0'], user: AGENT, timeoutMs: 1500 }
      const end = await execIn(this.#container, request, never, () => this.kill())
      if (end.exitCode !== 0) await this.kill()
    } catch {
      await this.kill()
    }
  }

  /**
   * Whether nothing runs but the residents, as the engine sees it from outside, where nothing in the room can lie.
   * Waits a little: what was killed takes its time to go.
   */
  async isQuiet(): Promise<boolean> {
    for (const pause of QUIET_PAUSES_MS) {
      await sleep(pause)
      const { Processes: processes } = await this.#container.top({ ps_args: '-eo pid,args' })
      if (processes.length === RESIDENTS) return true
    }
    return false
  }

  async kill(): Promise<void> {
    this.#dead = true
    await this.#container.kill().catch(() => {})
  }

  /** Twice is once. */
  async remove(): Promise<void> {
    this.#dead = true
    this.#events.close()
    try {
      await this.#container.remove({ force: true })
    } catch (error) {
      if (!isGone(error)) throw engineFailure(error)
    }
  }

  async #stillRuns(): Promise<boolean> {
    for (const pause of [0, 100]) {
      await sleep(pause)
      const { State: state } = await this.#container.inspect().catch((error: unknown) => {
        throw roomLost(error)
      })
      if (!state.Running || state.Dead) return false
    }
    return true
  }

  #assertAlive(): void {
    if (this.#dead) throw new Failure('room-lost', 'this room has ended', 'Open a new room, or reset this one.')
  }
}

export class OwnCommandFailed extends Error {
  readonly end: ExecEnd
  constructor(command: string, end: ExecEnd) {
    super(`${command} in the room ended with ${end.exitCode ?? end.stopped}: ${end.stderr.slice(0, 2000)}`)
    this.name = 'OwnCommandFailed'
    this.end = end
  }
}
