import type { Assets } from '../words/assets.ts'
import type { FileEdit } from '../words/patch.ts'
import type { EnvironmentRecipe, Toolchain } from '../words/project.ts'
import type { SourceSnapshot } from './source-snapshot.ts'

/** A command is an argument array; a shell is only ever started inside a room. */
export interface Command {
  readonly argv: readonly [string, ...string[]]
  /** Relative to the work tree. */
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly stdin?: string | Uint8Array
  /** Bytes kept of each stream: half from its head, half from its tail. */
  readonly outputLimit?: number
}

/** How a command ended. Never an exception: a failing test is the answer that was asked for. */
export interface CommandResult {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  readonly durationMs: number
  readonly timedOut: boolean
  /** Output beyond the limit was dropped (and, past the flood limit, the command stopped). */
  readonly truncated: boolean
  readonly oomKilled: boolean
  /** Ended by a signal that was neither the deadline nor memory. */
  readonly killed: boolean
}

/** An installed set of dependencies, by key. `none` when the project needs none. */
export interface Environment {
  readonly key: string
  readonly recipe: EnvironmentRecipe
  readonly image: string
  readonly imageId: string
  /** SHA-256 of each manifest that made the key. */
  readonly manifests: Readonly<Record<string, string>>
  /** Bytes that came from registries while it was made; 0 when it was reused. */
  readonly downloadedBytes: number
  readonly reused: boolean
}

export interface EnvironmentRequest {
  readonly recipe: EnvironmentRecipe
  readonly source: SourceSnapshot
  /** The folder whose installed dependencies are copied when the recipe says `copy`. */
  readonly folder?: string
  readonly runId: string
}

export interface RoomRequest {
  readonly runId: string
  readonly environment: Environment
  readonly source: SourceSnapshot
  /** Laid over the source when the room opens. */
  readonly edits?: readonly FileEdit[]
  /** Laid out under `/fixpoint/tools`, which commands can read and not write. */
  readonly tools?: Assets
}

export interface Sandboxes {
  /** Proves that the confinement holds before the first room. Throws `Failure('self-test-failed')`. Cheap when it passed lately. */
  selfTest(signal: AbortSignal): Promise<{ checks: readonly { name: string; passed: boolean; detail: string }[] }>
  /** Installs or reuses. Throws `Failure('install-failed')` with the end of the installer's output. */
  prepare(request: EnvironmentRequest, signal: AbortSignal, progress: (message: string) => void): Promise<Environment>
  open(request: RoomRequest, signal: AbortSignal): Promise<Sandbox>
  /** Whether the image of a toolchain is built, and which. */
  image(toolchain: Toolchain): Promise<{ name: string; id: string } | undefined>
  /** Removes what dead processes left behind; returns how many things. */
  reap(): Promise<number>
}

/** A room: a checked-out tree, no keys, no network, nobody else's files. Disposing kills everything in it. */
export interface Sandbox extends AsyncDisposable {
  /** Throws `Failure('room-lost')` when the result is lost; the room is then unusable. */
  exec(command: Command, signal: AbortSignal): Promise<CommandResult>
  /** Writes files into the work tree; `null` deletes. */
  write(files: readonly { path: string; content: string | Uint8Array | null }[]): Promise<void>
  /** Regular files only, each at most `maximumBytes`; links, devices, and what is too big are left out. Paths relative to the work tree, or absolute under `/fixpoint/out`. */
  read(paths: readonly string[], maximumBytes: number): Promise<ReadonlyMap<string, Uint8Array>>
  /** Back to the tree as the room was opened; every process that was left is dead. */
  reset(): Promise<void>
}
