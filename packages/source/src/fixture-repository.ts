import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A real repository in a temporary folder, made with the ordinary git. For tests of this package only. */
export class FixtureRepository implements Disposable {
  readonly root: string
  readonly folder: string

  constructor(options: readonly string[] = []) {
    this.root = mkdtempSync(join(tmpdir(), 'fixpoint-source-'))
    this.folder = join(this.root, 'repo')
    mkdirSync(this.folder)
    this.git(['init', '-q', ...options])
  }

  git(args: readonly string[], cwd = this.folder): string {
    const at = '2026-01-01T00:00:00Z'
    const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: this.root, GIT_CONFIG_NOSYSTEM: '1', GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at }
    const settings = ['user.name=dev', 'user.email=dev@localhost', 'protocol.file.allow=always', 'init.defaultBranch=main']
    const all = [...settings.flatMap((setting) => ['-c', setting]), ...args]
    return execFileSync('git', all, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim()
  }

  write(path: string | Buffer, text: string): void {
    if (typeof path === 'string') mkdirSync(dirname(join(this.folder, path)), { recursive: true })
    writeFileSync(typeof path === 'string' ? join(this.folder, path) : Buffer.concat([Buffer.from(`${this.folder}/`), path]), text)
  }

  commitAll(message = 'first'): string {
    this.git(['add', '-A'])
    this.git(['commit', '-q', '--no-verify', '-m', message])
    return this.git(['rev-parse', 'HEAD'])
  }

  /** Every file, link and folder below the folder with its mode and the hash of its bytes; objects by name only. */
  fingerprint(folder = this.folder): Map<string, string> {
    const seen = new Map<string, string>()
    const visit = (path: string): void => {
      for (const name of readdirSync(join(folder, path)).sort()) {
        const inside = path === '' ? name : `${path}/${name}`
        const facts = lstatSync(join(folder, inside))
        const content = facts.isSymbolicLink() ? readlinkSync(join(folder, inside)) : facts.isFile() ? readFileSync(join(folder, inside)) : ''
        if (!facts.isDirectory()) seen.set(inside, `${facts.mode} ${facts.mtimeMs} ${createHash('sha256').update(content).digest('hex')}`)
        else visit(inside)
      }
    }
    visit('')
    return seen
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true })
  }
}
