import { isRepoPath, type Policy, type Project, type SourceSnapshot } from '@fixpoint/core'
import ignore from 'ignore'

/** What decides what a test means, or what a machine does with the code: never a bug fix's business, whatever the repository says. */
const ALWAYS_PROTECTED = [
  '.github/**',
  '.gitlab-ci.yml',
  '.circleci/**',
  'Jenkinsfile',
  'azure-pipelines.yml',
  '.travis.yml',
  'bitbucket-pipelines.yml',
  '.gitattributes',
  '.gitmodules',
  '.gitignore',
  '.fixpointignore',
  '.aiexclude',
  '.cursorignore',
  '.fixpoint.yml',
  'fixpoint.config.json',
  '.npmrc',
  '.yarnrc*',
  '.husky/**',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'poetry.lock',
  'uv.lock',
  'Pipfile.lock',
  'package.json',
  'pyproject.toml',
  'setup.cfg',
  'setup.py',
  'requirements*.txt',
  'tox.ini',
  'pytest.ini',
  'conftest.py',
  'vitest.config.*',
  'vite.config.*',
  'jest.config.*',
  '.mocharc*',
  'babel.config.*',
  '.babelrc*',
  'tsconfig*.json',
  '**/__snapshots__/**',
  '**/__mocks__/**',
  '**/*.snap',
  'AGENTS.md',
  'CLAUDE.md',
]

/** Which paths a patch may touch, and why not. */
export class PathPolicy {
  readonly #rules: ReturnType<typeof ignore>
  readonly #protected: ReadonlySet<string>
  readonly #source: SourceSnapshot

  constructor(source: SourceSnapshot, project: Project, policy: Policy) {
    this.#rules = ignore().add([...ALWAYS_PROTECTED, ...policy.protectedPaths])
    this.#protected = new Set([...project.protectedFiles, ...project.testFiles])
    this.#source = source
  }

  /** Why a patch must not touch this path; undefined when it may. */
  refusal(path: string): { readonly why: string; readonly tampering: boolean } | undefined {
    if (!isRepoPath(path)) return { why: `${JSON.stringify(path)} is not a path inside the repository`, tampering: false }
    if (this.#protected.has(path)) return { why: `${path} is a test, a test setting or a CI file; those stay as on the base`, tampering: true }
    if (this.#rules.ignores(path)) return { why: `${path} is protected`, tampering: true }
    const entries = this.#source.list()
    const entry = entries.find((candidate) => candidate.path === path)
    if (entry && entry.kind !== 'file' && entry.kind !== 'executable') return { why: `${path} is a ${entry.kind}`, tampering: false }
    const through = entries.find((candidate) => candidate.kind !== 'file' && candidate.kind !== 'executable' && path.startsWith(`${candidate.path}/`))
    if (through) return { why: `${path} lies behind the ${through.kind} ${through.path}`, tampering: false }
    return undefined
  }
}
