import type { Command, CommandResult, Environment, EnvironmentRequest, RoomRequest, Sandbox, Sandboxes, Toolchain } from '@fixpoint/core'
import { type Span, SpanStatusCode } from '@opentelemetry/api'

type StartSpan = (name: 'prepare-environment' | 'open-room' | 'run-command' | 'close-room') => Span

/** A span for everything in a room that takes time. Which command it was is the repository's affair: only how it ended is told. */
export class TracedSandboxes implements Sandboxes {
  readonly #inner: Sandboxes
  readonly #start: StartSpan

  constructor(inner: Sandboxes, start: StartSpan) {
    this.#inner = inner
    this.#start = start
  }

  selfTest(signal: AbortSignal): ReturnType<Sandboxes['selfTest']> {
    return this.#inner.selfTest(signal)
  }

  prepare(request: EnvironmentRequest, signal: AbortSignal, progress: (message: string) => void): Promise<Environment> {
    return during(this.#start('prepare-environment'), async (span) => {
      const environment = await this.#inner.prepare(request, signal, progress)
      span.setAttributes({ 'fixpoint.reused': environment.reused, 'fixpoint.downloaded_bytes': environment.downloadedBytes })
      return environment
    })
  }

  open(request: RoomRequest, signal: AbortSignal): Promise<Sandbox> {
    return during(this.#start('open-room'), async () => new TracedSandbox(await this.#inner.open(request, signal), this.#start))
  }

  image(toolchain: Toolchain): ReturnType<Sandboxes['image']> {
    return this.#inner.image(toolchain)
  }

  reap(): Promise<number> {
    return this.#inner.reap()
  }
}

class TracedSandbox implements Sandbox {
  readonly #room: Sandbox
  readonly #start: StartSpan

  constructor(room: Sandbox, start: StartSpan) {
    this.#room = room
    this.#start = start
  }

  exec(command: Command, signal: AbortSignal): Promise<CommandResult> {
    return during(this.#start('run-command'), async (span) => {
      const result = await this.#room.exec(command, signal)
      const { exitCode, timedOut, oomKilled, truncated } = result
      span.setAttributes({ 'fixpoint.timed_out': timedOut, 'fixpoint.oom_killed': oomKilled, 'fixpoint.truncated': truncated })
      if (exitCode !== null) span.setAttribute('fixpoint.exit_code', exitCode)
      return result
    })
  }

  write(files: Parameters<Sandbox['write']>[0]): Promise<void> {
    return this.#room.write(files)
  }

  read(paths: readonly string[], maximumBytes: number): Promise<ReadonlyMap<string, Uint8Array>> {
    return this.#room.read(paths, maximumBytes)
  }

  reset(): Promise<void> {
    return this.#room.reset()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return during(this.#start('close-room'), async () => this.#room[Symbol.asyncDispose]())
  }
}

/** A failure is told by its kind: its words may hold a repository's. */
async function during<T>(span: Span, work: (span: Span) => Promise<T>): Promise<T> {
  try {
    return await work(span)
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error && 'code' in error ? String(error.code) : 'failed' })
    throw error
  } finally {
    span.end()
  }
}
