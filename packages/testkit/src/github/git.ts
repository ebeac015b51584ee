import { spawn } from 'node:child_process'

const FIXED = {
  PATH: '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
}

export interface GitRun {
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string | Buffer
}

export class GitRefusal extends Error {
  readonly exitCode: number
  readonly stdout: string

  constructor(args: readonly string[], exitCode: number, stdout: string, stderr: string) {
    super(`git ${args.join(' ')} ended with ${exitCode}: ${stderr.trim()}`)
    this.exitCode = exitCode
    this.stdout = stdout
  }
}

/** The environment of every git of the double: nothing of the person who runs the tests gets in. */
export function gitEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { ...FIXED, ...more }
}

export async function git(folder: string, args: readonly string[], run: GitRun = {}): Promise<Buffer> {
  const child = spawn('git', ['-C', folder, ...args], { env: gitEnvironment(run.env), stdio: ['pipe', 'pipe', 'pipe'] })
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout.on('data', (part: Buffer) => out.push(part))
  child.stderr.on('data', (part: Buffer) => err.push(part))
  // Git may end before it read everything: that is its exit code's business.
  child.stdin.on('error', () => {})
  child.stdin.end(run.input ?? '')
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? -1))
  })
  if (exitCode !== 0) throw new GitRefusal(args, exitCode, Buffer.concat(out).toString(), Buffer.concat(err).toString())
  return Buffer.concat(out)
}
