import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { codeOf, Failure, type SourceSnapshot, type TextMatch, type TextSearch } from '@fixpoint/core'
import { rgPath } from '@vscode/ripgrep'

interface LaidOut {
  readonly folder: string
  /** File `n` on the disk is path `n` of the tree. */
  readonly paths: readonly string[]
}

/** Characters of a line that are kept. */
const LONGEST_LINE = 2000
/** Bytes of output after which a search is enough, whatever the limit says. */
const LARGEST_OUTPUT = 32 * 1024 * 1024

/**
 * Exact search by ripgrep. A snapshot is laid out once in a private folder, under numbers instead of names: no name that
 * a stranger chose touches the disk or an argument. Matches come in the order of paths and lines.
 */
export class RipgrepSearch implements TextSearch, AsyncDisposable {
  readonly #programs: readonly string[]
  readonly #temporary: string
  readonly #laidOut = new Map<string, Promise<LaidOut>>()

  /** `programs`: where ripgrep may be, the best first. `temporary`: where snapshots are laid out; the system's temporary folder unless said. */
  constructor(options: { programs?: readonly string[]; temporary?: string } = {}) {
    this.#programs = options.programs ?? [rgPath, '/usr/bin/rg', '/usr/local/bin/rg', '/opt/homebrew/bin/rg']
    this.#temporary = options.temporary ?? tmpdir()
  }

  /** Patterns are fixed strings; empty ones and those with a line break find nothing. At most `limit` matches. */
  async search(snapshot: SourceSnapshot, patterns: readonly string[], options: { limit: number; signal: AbortSignal }): Promise<readonly TextMatch[]> {
    options.signal.throwIfAborted()
    const usable = patterns.filter((pattern) => pattern !== '' && !/[\r\n\0]/.test(pattern))
    if (usable.length === 0 || options.limit <= 0) return []
    const { folder, paths } = await this.#layOut(snapshot)
    for (const program of this.#programs) {
      try {
        return await run(program, folder, paths, usable, options)
      } catch (error) {
        if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'EACCES') throw error
      }
    }
    throw new Failure('settings-invalid', 'ripgrep was not found', 'Install the dependencies again (npm ci), or install ripgrep.')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const folders = await Promise.allSettled(this.#laidOut.values())
    this.#laidOut.clear()
    for (const result of folders) if (result.status === 'fulfilled') await rm(result.value.folder, { recursive: true, force: true })
  }

  #layOut(snapshot: SourceSnapshot): Promise<LaidOut> {
    const known = this.#laidOut.get(snapshot.tree)
    if (known !== undefined) return known
    const laidOut = layOut(snapshot, this.#temporary)
    this.#laidOut.set(snapshot.tree, laidOut)
    return laidOut
  }
}

async function layOut(snapshot: SourceSnapshot, temporary: string): Promise<LaidOut> {
  const folder = await mkdtemp(join(temporary, 'fixpoint-search-'))
  const paths: string[] = []
  for (const entry of snapshot.list()) {
    const bytes = snapshot.read(entry.path)
    if (bytes === undefined || bytes.includes(0)) continue
    const shelf = join(folder, String(Math.floor(paths.length / 1000)).padStart(6, '0'))
    if (paths.length % 1000 === 0) await mkdir(shelf)
    await writeFile(join(shelf, String(paths.length).padStart(9, '0')), bytes)
    paths.push(entry.path)
  }
  return { folder, paths }
}

function run(
  program: string,
  folder: string,
  paths: readonly string[],
  patterns: readonly string[],
  options: { limit: number; signal: AbortSignal },
): Promise<TextMatch[]> {
  const { limit, signal } = options
  return new Promise((resolve, reject) => {
    const args = ['--no-config', '--no-ignore', '--hidden', '--fixed-strings', '--null', '--line-number', '--no-heading', '--with-filename', '--color=never']
    const child = spawn(program, [...args, '--no-messages', '--sort=path', '--text', '--file=-', '--', folder], {
      cwd: folder,
      env: {},
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    const matches: TextMatch[] = []
    let rest = Buffer.alloc(0)
    let bytes = 0
    const stop = (): void => {
      child.kill('SIGKILL')
    }
    signal.addEventListener('abort', stop, { once: true })
    // It may have come while the snapshot was laid out.
    if (signal.aborted) stop()
    child.on('error', reject)
    child.stdin.on('error', () => undefined)
    child.stdin.end(`${patterns.join('\n')}\n`)
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength
      rest = Buffer.concat([rest, chunk])
      for (let end = rest.indexOf(10); end >= 0 && matches.length < limit; end = rest.indexOf(10)) {
        const match = parseLine(rest.subarray(0, end), paths)
        if (match !== undefined) matches.push(match)
        rest = rest.subarray(end + 1)
      }
      if (matches.length >= limit || bytes > LARGEST_OUTPUT) stop()
    })
    child.on('close', (exitCode) => {
      signal.removeEventListener('abort', stop)
      if (signal.aborted) reject(signal.reason)
      else if (exitCode === 0 || exitCode === 1 || exitCode === null) resolve(matches)
      else reject(new Error(`ripgrep ended with ${exitCode}`))
    })
  })
}

/** `<folder>/000000/000000012\0<line>:<text>` */
function parseLine(line: Buffer, paths: readonly string[]): TextMatch | undefined {
  const end = line.indexOf(0)
  const colon = line.indexOf(0x3a, end)
  const path = paths[Number(line.toString('latin1', end - 9, end))]
  if (end < 0 || colon < 0 || path === undefined) return undefined
  const text = line.toString('utf8', colon + 1).replace(/\r$/, '')
  return { path, line: Number(line.toString('latin1', end + 1, colon)), text: text.slice(0, LONGEST_LINE) }
}
