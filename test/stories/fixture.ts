import { execFileSync, spawn } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const fixtures = join(root, 'fixtures')

export interface FixtureCase {
  readonly name: string
  readonly title: string
  /** File in `fixtures/reports`; without one the failing suite is the report. */
  readonly report?: string
  readonly runner: string
  readonly expects: 'verified' | 'implicit' | 'choice' | 'not-reproduced' | 'no-patch'
  /** A test, below `fixtures/held-out`, that tells a right fix from a wrong one. */
  readonly heldOut?: string
}

export async function fixtureCases(): Promise<FixtureCase[]> {
  const names = (await readdir(join(fixtures, 'repos'))).filter((name) => name.endsWith('.case.json'))
  return Promise.all(
    names.sort().map(async (name) => ({ name: name.replace('.case.json', ''), ...JSON.parse(await readFile(join(fixtures, 'repos', name), 'utf8')) })),
  )
}

export const reportFile = (name: string): string => join(fixtures, 'reports', name)
export const heldOutFile = (name: string): string => (name.startsWith('fixtures/') ? join(root, name) : join(fixtures, 'held-out', name))

export function git(folder: string, ...args: string[]): string {
  return execFileSync('git', ['-c', 'user.name=somebody', '-c', 'user.email=somebody@example.com', ...args], { cwd: folder, encoding: 'utf8' })
}

/** A fixture as a git repository of its own in a temporary folder, with a home for Fixpoint beside it. */
export async function checkOut(name: string): Promise<{ folder: string; home: string } & AsyncDisposable> {
  const temporary = await mkdtemp(join(tmpdir(), 'fixpoint-story-'))
  const folder = join(temporary, 'repo')
  await cp(join(fixtures, 'repos', name), folder, { recursive: true })
  git(folder, 'init', '-q', '-b', 'main')
  git(folder, 'add', '-A')
  git(folder, 'commit', '-q', '-m', 'as it runs in production')
  return { folder, home: join(temporary, 'home'), [Symbol.asyncDispose]: () => rm(dirname(folder), { recursive: true, force: true }) }
}

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** The last line of `--json`. */
  readonly result: Record<string, unknown>
}

/** The command as a person runs it: the built program, a process of its own. */
export function fixpoint(
  args: readonly string[],
  home: string,
  options: { stdin?: string | Uint8Array; env?: Record<string, string>; onLine?: (line: string, kill: (signal: NodeJS.Signals) => void) => void } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [join(root, 'apps/cli/bin/fixpoint.mjs'), ...args], {
    env: { ...process.env, FIXPOINT_HOME: home, NO_COLOR: '1', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    for (const line of text.split('\n')) options.onLine?.(line, (signal) => child.kill(signal))
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(options.stdin ?? '')
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      const last = stdout.trim().split('\n').at(-1) ?? ''
      resolve({ code, stdout, stderr, result: last.startsWith('{') ? (JSON.parse(last) as Record<string, unknown>) : {} })
    })
  })
}
