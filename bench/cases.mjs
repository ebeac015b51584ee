// Historical bugs to measure on. They live outside the repository: FIXPOINT_BENCH names the folder with bugs-dev.jsonl and case.py,
// FIXPOINT_BENCH_REPOS the folder with the bare clones. See the README of that folder.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const bench = process.env.FIXPOINT_BENCH
const repositories = process.env.FIXPOINT_BENCH_REPOS
const work = process.env.FIXPOINT_BENCH_WORK ?? join(tmpdir(), 'fixpoint-bench')

/** The runners that Fixpoint knows by now; cases of others are counted and left out. */
export const KNOWN_RUNNERS = new Set(['mocha', 'jest', 'node:test', 'vitest'])

export function readCases() {
  if (!bench || !repositories) {
    process.stderr.write('Set FIXPOINT_BENCH to the folder with bugs-dev.jsonl and FIXPOINT_BENCH_REPOS to the folder with the bare clones.\n')
    process.exit(3)
  }
  return readFileSync(join(bench, 'bugs-dev.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

const git = (cwd, ...args) =>
  execFileSync('git', ['-c', 'user.name=bench', '-c', 'user.email=bench@localhost', '-c', 'core.autocrlf=false', ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })

/** A case as a repository of one commit; with its tests visible, or hidden. Prepared once, copied afterwards. */
export function layOut(bug, { hideTests = false } = {}) {
  const kept = join(work, 'prepared', `${bug.id}${hideTests ? '-hidden' : ''}`)
  if (!existsSync(join(kept, '.git'))) {
    rmSync(kept, { recursive: true, force: true })
    mkdirSync(join(work, 'prepared'), { recursive: true })
    execFileSync('python3', [join(bench, 'case.py'), 'prepare', bug.id, kept, ...(hideTests ? ['--hide-tests'] : [])], { stdio: ['ignore', 'ignore', 'pipe'] })
    rmSync(join(kept, '.git'), { recursive: true, force: true })
    git(kept, 'init', '-q', '-b', 'main')
    git(kept, 'add', '-A', '-f', '--', '.', ':!node_modules')
    git(kept, 'commit', '-q', '-m', 'base')
  }
  const folder = join(work, 'trees', `${bug.id}-${process.pid}`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(join(work, 'trees'), { recursive: true })
  cpSync(kept, folder, { recursive: true, verbatimSymlinks: true })
  return folder
}

/** What the fix made of the source files. */
export function trueFix(bug) {
  const name = bug.repo.replace('/', '+')
  const dir = [join(repositories, name, 'repo'), join(repositories, `${name}.git`), join(repositories, name)].find((path) => existsSync(join(path, 'HEAD')))
  return bug.src_files.map((path) => ({ path, content: git(dir, 'show', `${bug.fix_commit}:${path}`) }))
}

export function reportText(bug) {
  return `# ${bug.title}\n\n${bug.report}\n\n\`\`\`\n${bug.trace}\n\`\`\`\n`
}

/** Whether the hidden tests of a case pass on a tree. */
export function score(bug, folder) {
  return JSON.parse(
    execFileSync('python3', [join(bench, 'case.py'), 'score', bug.id, folder], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 2 ** 26 }),
  )
}
