import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LocalCodeHost } from '@fixpoint/code-hosts'
import type { Artifacts, Assets, Clock, CodeHost, Drafter, Hash, Ids, Journal, Reproducer } from '@fixpoint/core'
import { type EngineTools, engineAssets } from '@fixpoint/engine'
import { createPatternDrafter, createReplayReproducer, patternAssets } from '@fixpoint/patterns'
import { DockerEnvironments, DockerSandboxes, type Environments, probeInstalled, type SelfTestStamps } from '@fixpoint/sandbox'
import { GitHistory, GitRepository, RipgrepSearch } from '@fixpoint/source'
import { FileArtifacts, FileJournal, runFolder } from '@fixpoint/store'
import { openSyntax, type Syntax } from '@fixpoint/syntax'
import { testRunnerAssets } from '@fixpoint/test-runners'
import { monotonicFactory } from 'ulid'
import type { Env } from './env.ts'
import { makeHomeFolder, temporaryFolder } from './folders.ts'
import { MeteredSandboxes } from './metered-sandboxes.ts'
import { egressOf } from './registries.ts'

/** Rooms in which a drafter tries candidates at the same time. */
const PARALLEL_ROOMS = 2

export const clock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => void (await sleep(ms, undefined, { signal })),
}

const hash: Hash = (bytes) => createHash('sha256').update(bytes).digest('hex')

export interface ComposedStore {
  readonly journal: Journal
  readonly artifacts: FileArtifacts
  readonly runFolder: (run: Parameters<Journal['read']>[0]) => string
}

export interface Composed extends ComposedStore, AsyncDisposable {
  readonly tools: EngineTools & { readonly sandboxes: MeteredSandboxes; readonly repository: GitRepository }
  readonly probeInstalled: typeof probeInstalled
}

/** What a caller may put in place of the hands that a person gets: measurements bring their own drafters. */
export interface Instead {
  readonly drafters?: readonly Drafter[]
  readonly reproducers?: readonly Reproducer[]
  /** A service keeps its runs in a database. */
  readonly artifacts?: Artifacts
  /** One that is open already, and is closed with the rest; instead of the one in the folder. */
  readonly repository?: GitRepository
  readonly codeHost?: CodeHost
  /** Our own git directory; for a repository that does not outlive its run. */
  readonly gitDirectory?: string
}

/** The store alone, for commands that only read. */
export function composeStore(env: Env): ComposedStore {
  return { journal: new FileJournal(env.home), artifacts: new FileArtifacts(env.home), runFolder: (run) => runFolder(env.home, run) }
}

/** The hands of the command line on the brains: files, the local Docker engine, the repository in a folder. */
export async function compose(folder: string, env: Env, instead: Instead = {}): Promise<Composed> {
  const store = composeStore(env)
  const repository = instead.repository ?? (await openFolder(folder, env, instead.gitDirectory))
  const ids = newIds()
  const sandboxes = sandboxesFor(env)
  const syntax = await loadSyntax()
  const temporary = await temporaryFolder(env.home)
  const search = new RipgrepSearch({ temporary })
  const tools = {
    artifacts: instead.artifacts ?? store.artifacts,
    sandboxes: new MeteredSandboxes(sandboxes),
    repository,
    history: new GitHistory(repository),
    search,
    codeHost: instead.codeHost ?? new LocalCodeHost(repository),
    clock,
    ids,
    hash,
    syntax,
    assets: await readAssets([testRunnerAssets, patternAssets, engineAssets]),
    drafters: instead.drafters ?? [createPatternDrafter(syntax)],
    reproducers: instead.reproducers ?? [createReplayReproducer({ syntax, nonce: ids.nonce })],
    parallelRooms: PARALLEL_ROOMS,
  }
  return {
    ...store,
    tools,
    probeInstalled,
    async [Symbol.asyncDispose]() {
      await search[Symbol.asyncDispose]()
      await repository[Symbol.asyncDispose]()
      await rm(temporary, { recursive: true, force: true })
    },
  }
}

/** The repository in a folder, with a git directory of our own beside it. */
export async function openFolder(
  folder: string,
  env: Pick<Env, 'home'>,
  gitDirectory = join(env.home, 'git', hash(folder).slice(0, 16)),
): Promise<GitRepository> {
  await makeHomeFolder(join(env.home, 'git'))
  return GitRepository.open(folder, { gitDirectory })
}

/** `prove: 'anew'`: the confinement is tried again even if it was proved lately. */
export function sandboxesFor(env: Env, { prove = 'lately' }: { prove?: 'lately' | 'anew' } = {}): DockerSandboxes {
  return new DockerSandboxes({
    engine: { host: env.dockerHost },
    environments: environmentsFor(env),
    ...(prove === 'anew' ? {} : { selfTestStamps: fileStamps(join(env.home, 'self-tests')) }),
  })
}

/** Registries are looked up when something is installed, and not before: asking npm and pip takes a second. */
function environmentsFor(env: Env): Environments {
  const offline = new DockerEnvironments({ egress: { registries: [] } })
  let online: Promise<DockerEnvironments> | undefined
  return {
    async ensure(...request) {
      online ??= egressOf(env).then((egress) => new DockerEnvironments({ egress }))
      return (await online).ensure(...request)
    },
    mountsOf: (environment) => offline.mountsOf(environment),
  }
}

/** Proofs that the sandbox confines on this machine, so that not every command pays for one. */
function fileStamps(folder: string): SelfTestStamps {
  const file = (key: string) => join(folder, `${hash(key).slice(0, 32)}.json`)
  return {
    load: (key) => readFile(file(key), 'utf8').catch(() => undefined),
    async save(key, stamp) {
      await makeHomeFolder(folder)
      await writeFile(file(key), stamp, { mode: 0o600 })
    },
  }
}

export function newIds(): Ids {
  const ulid = monotonicFactory()
  return { sortable: () => ulid().toLowerCase(), nonce: () => randomBytes(16).toString('hex') }
}

/** The grammars are files of two packages; the syntax package itself reads nothing. */
export async function loadSyntax(): Promise<Syntax> {
  const require = createRequire(import.meta.url)
  const grammar = (name: string) => readFile(require.resolve(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${name}.wasm`))
  const [engine, javascript, typescript, tsx, python] = await Promise.all([
    readFile(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
    grammar('javascript'),
    grammar('typescript'),
    grammar('tsx'),
    grammar('python'),
  ])
  return openSyntax({ engine, javascript, typescript, tsx, python })
}

async function readAssets(folders: readonly URL[]): Promise<Assets> {
  const files = new Map<string, Uint8Array>()
  for (const folder of folders) for (const name of await readdir(folder)) files.set(name, await readFile(new URL(name, folder)))
  return files
}
