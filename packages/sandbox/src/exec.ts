import { once } from 'node:events'
import type { Duplex, Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '@fixpoint/core'
import type Docker from 'dockerode'
import { CappedOutput } from './capped-output.ts'
import { engineFailure, isGone } from './docker-engine.ts'
import { FrameReader } from './frame-reader.ts'

export interface ExecRequest {
  readonly argv: readonly string[]
  readonly user: string
  readonly folder: string
  readonly env?: Readonly<Record<string, string>>
  /** Absent: standard input is closed. */
  readonly stdin?: Iterable<Uint8Array>
  readonly timeoutMs: number
  /** Bytes kept of each stream. */
  readonly outputLimit: number
  /** Bytes of both streams together after which the command is stopped. */
  readonly floodLimit: number
  /** Takes standard output instead of its being kept. */
  readonly onStdout?: (chunk: Buffer) => void
}

export interface ExecEnd {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  readonly truncated: boolean
  readonly durationMs: number
  /** Why we stopped it, if we did. */
  readonly stopped: 'deadline' | 'flood' | undefined
}

/** A lost room is opened again by itself; who reads this has seen three of them go. */
export const LOOK = 'Run again. If it happens again, something removes or breaks the container from outside: `docker events` and `dmesg` show what.'

/** After a stop, how long the engine may take to say that the command ended before the container itself is ended. */
const STOP_GRACE_MS = 2000

/**
 * Runs one command in a running container. `stop` must end the command (whatever else it ends); it is called at the deadline, on a
 * flood and on abort. Dropping the stream alone would leave the command running. Rejects with the signal's reason on
 * abort and with `Failure('room-lost')` when the container or the result is gone.
 */
export async function execIn(container: Docker.Container, request: ExecRequest, signal: AbortSignal, stop: () => Promise<void>): Promise<ExecEnd> {
  signal.throwIfAborted()
  const started = performance.now()
  const stdout = new CappedOutput(request.outputLimit)
  const stderr = new CappedOutput(request.outputLimit)
  let exec: Docker.Exec
  let stream: Duplex
  try {
    exec = await container.exec({
      Cmd: [...request.argv],
      User: request.user,
      WorkingDir: request.folder,
      Env: Object.entries(request.env ?? {}).map(([name, value]) => `${name}=${value}`),
      AttachStdin: request.stdin !== undefined,
      AttachStdout: true,
      AttachStderr: true,
      Tty: false,
    })
    stream = await exec.start(request.stdin === undefined ? { Detach: false, Tty: false } : { Detach: false, Tty: false, hijack: true, stdin: true })
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 400) return notStarted(error, performance.now() - started)
    throw roomLost(error)
  }
  let flooded: () => void = () => {}
  const flood = new Promise<'flood'>((resolve) => {
    flooded = () => resolve('flood')
  })
  let bytes = 0
  const frames = new FrameReader((kind, payload) => {
    bytes += payload.length
    if (kind === 'stderr') stderr.push(payload)
    else if (request.onStdout === undefined) stdout.push(payload)
    else request.onStdout(payload)
    if (bytes > request.floodLimit) flooded()
  })
  stream.on('data', (chunk: Buffer) => frames.push(chunk))
  const ended = endOf(stream)
  if (request.stdin !== undefined) void feed(stream, request.stdin, ended)

  const limits = new AbortController()
  try {
    const first = await Promise.race([
      ended,
      flood,
      sleep(request.timeoutMs, 'deadline' as const, { signal: limits.signal }).catch(() => 'ended' as const),
      aborted(signal, limits.signal),
    ])
    const stopped = first === 'deadline' || first === 'flood' ? first : undefined
    if (first !== 'ended') {
      await stop().catch(() => {})
      await Promise.race([ended, sleep(STOP_GRACE_MS, undefined, { signal: limits.signal }).catch(() => {})])
      signal.throwIfAborted()
    }
    const exitCode = stopped === undefined ? await exitCodeOf(exec) : null
    const kept = { stdout: stdout.text(), stderr: stderr.text(), truncated: stdout.truncated || stderr.truncated || stopped === 'flood' }
    return { ...kept, exitCode, durationMs: performance.now() - started, stopped }
  } finally {
    limits.abort()
    stream.destroy()
  }
}

/** The engine would not start it (no such command, not executable): the same answer a shell gives. */
function notStarted(error: unknown, durationMs: number): ExecEnd {
  return { exitCode: 127, stdout: '', stderr: error instanceof Error ? error.message : String(error), truncated: false, durationMs, stopped: undefined }
}

async function exitCodeOf(exec: Docker.Exec): Promise<number> {
  try {
    const { ExitCode: code, Running: running } = await exec.inspect()
    if (running || code === null) throw new Failure('room-lost', 'the output of a command ended before the command did', LOOK)
    return code
  } catch (error) {
    throw roomLost(error)
  }
}

export function roomLost(error: unknown): unknown {
  const known = engineFailure(error)
  if (known instanceof Failure) return known
  if (!isGone(error) && (error as { statusCode?: number }).statusCode === undefined) return error
  return new Failure('room-lost', `the room is gone: ${error instanceof Error ? error.message.trim() : String(error)}`, LOOK, {
    cause: error,
  })
}

function endOf(stream: Readable): Promise<'ended'> {
  return new Promise((resolve) => {
    const done = () => resolve('ended')
    // A broken stream is the same as an ended one: whether the command ended is asked of the engine.
    stream.once('end', done).once('close', done).once('error', done)
  })
}

function aborted(signal: AbortSignal, over: AbortSignal): Promise<'aborted'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('aborted')
    signal.addEventListener('abort', () => resolve('aborted'), { once: true, signal: over })
  })
}

/** Writes with respect to the receiver's pace, then closes that direction only. A receiver that has gone is not our error. */
async function feed(stream: Duplex, chunks: Iterable<Uint8Array>, ended: Promise<unknown>): Promise<void> {
  for (const chunk of chunks) {
    if (stream.destroyed) return
    if (!stream.write(chunk)) await Promise.race([once(stream, 'drain').catch(() => {}), ended])
  }
  stream.end()
}
