import type { Environment, EnvironmentRequest, RoomRequest, Sandbox, Sandboxes, Toolchain } from '@fixpoint/core'

/** Counts what came from registries and how many rooms were opened, for the ledger at the end of a run. */
export class MeteredSandboxes implements Sandboxes {
  readonly #inner: Sandboxes
  downloadedBytes = 0
  rooms = 0

  constructor(inner: Sandboxes) {
    this.#inner = inner
  }

  selfTest(signal: AbortSignal): ReturnType<Sandboxes['selfTest']> {
    return this.#inner.selfTest(signal)
  }

  async prepare(request: EnvironmentRequest, signal: AbortSignal, progress: (message: string) => void): Promise<Environment> {
    const environment = await this.#inner.prepare(request, signal, progress)
    if (!environment.reused) this.downloadedBytes += environment.downloadedBytes
    return environment
  }

  open(request: RoomRequest, signal: AbortSignal): Promise<Sandbox> {
    this.rooms += 1
    return this.#inner.open(request, signal)
  }

  image(toolchain: Toolchain): ReturnType<Sandboxes['image']> {
    return this.#inner.image(toolchain)
  }

  reap(): Promise<number> {
    return this.#inner.reap()
  }
}
