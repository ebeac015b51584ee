import {
  type Command,
  type CommandResult,
  type Environment,
  type EnvironmentRequest,
  Failure,
  type RoomRequest,
  type Sandbox,
  type Sandboxes,
  type Toolchain,
} from '@fixpoint/core'

/** Counts what came from registries, how many rooms were opened and which could not be closed, for the ledger at the end of a run. */
export class MeteredSandboxes implements Sandboxes {
  readonly #inner: Sandboxes
  readonly #lost = new Set<object>()
  downloadedBytes = 0
  rooms = 0

  constructor(inner: Sandboxes) {
    this.#inner = inner
  }

  /** Rooms that may still be there, because the engine did not confirm their end. */
  get unclosed(): number {
    return this.#lost.size
  }

  selfTest(signal: AbortSignal): ReturnType<Sandboxes['selfTest']> {
    return this.#inner.selfTest(signal)
  }

  async prepare(request: EnvironmentRequest, signal: AbortSignal, progress: (message: string) => void): Promise<Environment> {
    const environment = await this.#inner.prepare(request, signal, progress)
    if (!environment.reused) this.downloadedBytes += environment.downloadedBytes
    return environment
  }

  async open(request: RoomRequest, signal: AbortSignal): Promise<Sandbox> {
    this.rooms += 1
    try {
      return new MeteredSandbox(await this.#inner.open(request, signal), this.#lost)
    } catch (error) {
      // Cut off in the middle, nobody knows how far the engine came. One that never answered opened nothing.
      if (error instanceof Failure && error.code === 'engine-unreachable' && !/\((?:ENOENT|ECONNREFUSED|EACCES)\)/.test(error.message)) this.#lost.add(error)
      throw error
    }
  }

  image(toolchain: Toolchain): ReturnType<Sandboxes['image']> {
    return this.#inner.image(toolchain)
  }

  reap(): Promise<number> {
    return this.#inner.reap()
  }
}

class MeteredSandbox implements Sandbox {
  readonly #room: Sandbox
  readonly #lost: Set<object>

  constructor(room: Sandbox, lost: Set<object>) {
    this.#room = room
    this.#lost = lost
  }

  exec(command: Command, signal: AbortSignal): Promise<CommandResult> {
    return this.#room.exec(command, signal)
  }

  write(files: readonly { path: string; content: string | Uint8Array | null }[]): Promise<void> {
    return this.#room.write(files)
  }

  read(paths: readonly string[], maximumBytes: number): Promise<ReadonlyMap<string, Uint8Array>> {
    return this.#room.read(paths, maximumBytes)
  }

  reset(): Promise<void> {
    return this.#room.reset()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#lost.add(this.#room)
    await this.#room[Symbol.asyncDispose]()
    this.#lost.delete(this.#room)
  }
}
