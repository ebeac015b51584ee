import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Baseline, type FileEdit, Policy, type Reproduction, type RunId, type SourceSnapshot, type Verdict } from '@fixpoint/core'
import { judge, patchFrom, type Workspace } from '@fixpoint/engine'
import { detectProject } from '@fixpoint/test-runners'
import { type Composed, compose } from '../../apps/cli/src/compose.ts'
import { PathPolicy } from '../../packages/engine/src/path-policy.ts'
import { takeBaseline } from '../../packages/engine/src/reproduce/take-baseline.ts'
import { Workshop } from '../../packages/engine/src/workshop.ts'

const RUN = 'run_01jsecurity0000000000000000' as RunId
const never = new AbortController().signal

/** A temporary folder with a git repository and, beside it, a home for Fixpoint. */
export async function repositoryOf(files: Readonly<Record<string, string>>): Promise<{ root: string; folder: string; home: string } & AsyncDisposable> {
  const root = await mkdtemp(join(tmpdir(), 'fixpoint-security-'))
  const folder = join(root, 'repo')
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  git(folder, 'init', '-q', '-b', 'main')
  git(folder, 'add', '-A')
  git(folder, 'commit', '-q', '-m', 'as it runs in production')
  return { root, folder, home: join(root, 'home'), [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) }
}

export function git(folder: string, ...args: string[]): string {
  const env = { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1' }
  return execFileSync('git', ['-c', 'user.name=somebody', '-c', 'user.email=somebody@example.com', ...args], { cwd: folder, env, encoding: 'utf8' })
}

/** A defect whose tests fail on the base, and the composed product to judge patches of it with. */
export class Laboratory implements AsyncDisposable {
  readonly hands: Composed
  readonly source: SourceSnapshot
  readonly workspace: Workspace
  readonly baseline: Baseline
  readonly reproduction: Reproduction
  readonly #repository: AsyncDisposable
  readonly #policy = Policy.parse({ testTimeoutMs: 20_000 })

  private constructor(parts: Pick<Laboratory, 'hands' | 'source' | 'workspace' | 'baseline' | 'reproduction'>, repository: AsyncDisposable) {
    this.hands = parts.hands
    this.source = parts.source
    this.workspace = parts.workspace
    this.baseline = parts.baseline
    this.reproduction = parts.reproduction
    this.#repository = repository
  }

  /** `dependencies` is a folder whose `node_modules` is copied into the rooms. */
  static async open(files: Readonly<Record<string, string>>, dependencies?: string): Promise<Laboratory> {
    const repository = await repositoryOf(files)
    const hands = await compose(repository.folder, {
      home: repository.home,
      certificateAuthorities: undefined,
      dockerHost: process.env.DOCKER_HOST,
      color: false,
    })
    const source = await hands.tools.repository.snapshot(await hands.tools.repository.resolve())
    const detected = detectProject(source, { deps: dependencies === undefined ? 'install' : 'copy' })
    if ('unsupported' in detected) throw new Error(detected.unsupported)
    const workspace: Workspace = {
      repository: repository.folder,
      project: detected.project,
      recipe: detected.recipe,
      commands: {},
      ...(dependencies === undefined ? {} : { dependencyFolder: dependencies }),
    }
    await using workshop = new Workshop({ runId: RUN, tools: hands.tools, workspace, source, policy: Policy.parse({}), signal: never, note: () => {} })
    const { baseline, suite } = await takeBaseline({ room: await workshop.open(), open: undefined }, never, () => {})
    const failing = suite.tests.filter((test) => test.status === 'failed')
    const failure = failing.find((test) => test.failure)?.failure
    if (failure === undefined) throw new Error(`the defect does not show: ${suite.problem ?? suite.output}`)
    const reproduction: Reproduction = {
      source: 'named-test',
      tests: failing.map(({ id, file, path }) => ({ id, file, path })),
      files: [],
      failure,
      oracle: 'specified',
      because: [],
      probes: [],
    }
    return new Laboratory({ hands, source, workspace, baseline, reproduction }, repository)
  }

  async judge(edits: readonly FileEdit[]): Promise<Verdict> {
    const { hands, source, workspace, reproduction, baseline } = this
    const policy = this.#policy
    const patch = patchFrom(source, edits)
    const candidate = { patch, origin: { drafter: 'attacker', kind: 'cheat', summary: 'a patch', symptomOnly: false, score: 1 } }
    await using workshop = new Workshop({ runId: RUN, tools: hands.tools, workspace, source, policy, signal: never, note: () => {} })
    const tools = {
      open: (laid: readonly FileEdit[]) => workshop.open(laid),
      environment: () => workshop.environment(),
      paths: new PathPolicy(source, workspace.project, policy),
      syntax: hands.tools.syntax,
      keep: async (output: string) => hands.tools.hash(output),
      ids: hands.tools.ids,
      note: () => {},
      signal: never,
      parallelRooms: hands.tools.parallelRooms,
    }
    const { verdict } = await judge({ candidate, source, workspace, reproduction, baseline, policy, report: undefined }, tools)
    return verdict
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.hands[Symbol.asyncDispose]()
    await this.#repository[Symbol.asyncDispose]()
  }
}

/** The gate that ended it, and why. */
export function refusal(verdict: Verdict): string {
  const gate = verdict.gates.find((each) => each.status === 'failed')
  return gate === undefined ? verdict.name : `${verdict.name} by ${gate.gate}: ${gate.summary}`
}
