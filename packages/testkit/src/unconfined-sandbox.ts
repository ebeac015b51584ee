import { type ChildProcess, spawn } from 'node:child_process'
import { lstat, mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Command, type CommandResult, Failure, isRepoPath, type RoomRequest, type Sandbox } from '@fixpoint/core'
import { CappedOutput } from './capped-output.ts'

const OUTPUT_LIMIT = 1024 * 1024

/** A temporary folder that answers to the names of a room: `/workspace`, `/fixpoint/tools`, `/fixpoint/out`, `/home/agent`. */
export class UnconfinedSandbox implements Sandbox {
  readonly #root: string
  readonly #request: RoomRequest
  readonly #layDependencies: (workspace: string) => Promise<void>
  readonly #onClose: () => void
  readonly #places: readonly (readonly [string, string])[]
  readonly #running = new Set<ChildProcess>()
  readonly #groups = new Set<number>()
  #closed = false

  constructor(root: string, request: RoomRequest, layDependencies: (workspace: string) => Promise<void>, onClose: () => void) {
    this.#root = root
    this.#request = request
    this.#layDependencies = layDependencies
    this.#onClose = onClose
    this.#places = [
      ['/workspace', join(root, 'workspace')],
      ['/fixpoint/tools', join(root, 'tools')],
      ['/fixpoint/out', join(root, 'out')],
      ['/home/agent', join(root, 'home')],
    ]
  }

  async layOut(): Promise<void> {
    for (const [, folder] of this.#places) {
      await rm(folder, { recursive: true, force: true })
      await mkdir(folder, { recursive: true })
    }
    for (const [name, bytes] of this.#request.tools ?? []) await put(join(this.#root, 'tools', name), bytes)
    for (const entry of this.#request.source.list()) {
      const bytes = this.#request.source.read(entry.path)
      if (bytes !== undefined) await put(this.#inside(entry.path), bytes, entry.kind === 'executable' ? 0o755 : 0o644)
    }
    await this.#layDependencies(join(this.#root, 'workspace'))
    await this.write(this.#request.edits ?? [])
  }

  async exec(command: Command, signal: AbortSignal): Promise<CommandResult> {
    this.#assertOpen()
    signal.throwIfAborted()
    const [program, ...args] = command.argv.map((word) => this.#toHost(word))
    const started = performance.now()
    const given = Object.fromEntries(Object.entries(command.env ?? {}).map(([name, value]) => [name, this.#toHost(value)]))
    const child = spawn(program ?? '', args, {
      cwd: join(this.#root, 'workspace', command.cwd ?? '.'),
      env: { PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`, HOME: join(this.#root, 'home'), LC_ALL: 'C.UTF-8', CI: '1', ...given },
      stdio: ['pipe', 'pipe', 'pipe'],
      // Its own group, so that children are ended with it.
      detached: true,
    })
    this.#running.add(child)
    if (child.pid !== undefined) this.#groups.add(child.pid)
    const limit = command.outputLimit ?? OUTPUT_LIMIT
    const stdout = new CappedOutput(limit)
    const stderr = new CappedOutput(limit)
    child.stdout.on('data', (chunk: Buffer) => stdout.add(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.add(chunk))
    child.stdin.on('error', () => undefined)
    child.stdin.end(typeof command.stdin === 'string' ? this.#toHost(command.stdin) : (command.stdin ?? ''))
    let timedOut = false
    const stop = (): void => endGroup(child.pid)
    const deadline = setTimeout(() => {
      timedOut = true
      stop()
    }, command.timeoutMs)
    signal.addEventListener('abort', stop, { once: true })
    try {
      const ended = await endOf(child)
      signal.throwIfAborted()
      return {
        exitCode: ended.exitCode,
        stdout: this.#toRoom(stdout.text()),
        stderr: this.#toRoom(`${stderr.text()}${ended.problem}`),
        durationMs: performance.now() - started,
        timedOut,
        truncated: stdout.truncated || stderr.truncated,
        oomKilled: false,
        killed: ended.signal !== null && !timedOut,
      }
    } finally {
      clearTimeout(deadline)
      signal.removeEventListener('abort', stop)
      this.#running.delete(child)
    }
  }

  async write(files: readonly { path: string; content: string | Uint8Array | null }[]): Promise<void> {
    this.#assertOpen()
    for (const { path, content } of files) {
      if (!isRepoPath(path)) throw new Error(`${JSON.stringify(path)} is not a path inside the work tree`)
      const full = this.#inside(path)
      if (content === null) await rm(full, { recursive: true, force: true })
      else {
        const mode = await lstat(full).then(
          (facts) => (facts.isFile() ? facts.mode & 0o777 : 0o644),
          () => 0o644,
        )
        await rm(full, { recursive: true, force: true })
        await put(full, content, mode)
      }
    }
  }

  async read(paths: readonly string[], maximumBytes: number): Promise<ReadonlyMap<string, Uint8Array>> {
    this.#assertOpen()
    const found = new Map<string, Uint8Array>()
    for (const path of paths) {
      const full = path.startsWith('/fixpoint/out/') && isRepoPath(path.slice(1)) ? this.#toHost(path) : isRepoPath(path) ? this.#inside(path) : undefined
      if (full === undefined) continue
      const facts = await lstat(full).catch(() => undefined)
      if (facts === undefined || !facts.isFile() || facts.size > maximumBytes || (await realpath(full)) !== full) continue
      const bytes = await readFile(full)
      // Reports name files of the room, not of this host.
      found.set(path, path.startsWith('/') ? Buffer.from(this.#toRoom(bytes.toString('latin1')), 'latin1') : bytes)
    }
    return found
  }

  async reset(): Promise<void> {
    this.#assertOpen()
    await this.#endEverything()
    await this.layOut()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#endEverything()
    await rm(this.#root, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 })
    this.#onClose()
  }

  async #endEverything(): Promise<void> {
    const ends = [...this.#running].map((child) => endOf(child))
    for (const group of this.#groups) endGroup(group)
    await Promise.all(ends)
    this.#groups.clear()
  }

  #inside(path: string): string {
    return join(this.#root, 'workspace', path)
  }

  #toHost(text: string): string {
    return this.#places.reduce((result, [room, host]) => result.replaceAll(room, host), text)
  }

  #toRoom(text: string): string {
    return this.#places.reduce((result, [room, host]) => result.replaceAll(host, room), text)
  }

  #assertOpen(): void {
    if (this.#closed) throw new Failure('room-lost', 'the room is closed', 'Open another one.')
  }
}

async function put(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content, { mode })
}

/** A program that is not there ends with 127, as it does under a shell. */
function endOf(child: ChildProcess): Promise<{ exitCode: number | null; signal: string | null; problem: string }> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ exitCode: 127, signal: null, problem: error.message }))
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal, problem: '' }))
    // A daemon that was left behind keeps the pipes open: they are not waited for long.
    child.once('exit', (exitCode, signal) => setTimeout(() => resolve({ exitCode, signal, problem: '' }), 1000))
  })
}

function endGroup(leader: number | undefined): void {
  if (leader === undefined) return
  try {
    process.kill(-leader, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}
