import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { GitHubApp, GitHubRepositories, type Pace } from '@fixpoint/code-hosts'
import { Failure, HostFailure, type ObjectId, type RepositoryName } from '@fixpoint/core'
import { type GitMirror, GitMirrors, type GitRepository } from '@fixpoint/source'
import { clock } from '../compose.ts'
import type { Env } from '../env.ts'
import { outwardFetch } from '../outward-fetch.ts'
import { authorities } from '../registries.ts'
import { allowsRepository, type GitHubSettings, readGitHubCredentials } from './github-settings.ts'
import { HostedSettings } from './hosted-settings.ts'
import type { OperatorSettings } from './operator-settings.ts'

const MEGABYTE = 1_048_576

/** GitHub, as the settings open it: who we are there, whose repositories we may work on, and copies of them. */
export class Hosting {
  readonly hosts: GitHubRepositories
  readonly settings: GitHubSettings
  /** What each repository says of itself, and what is said for it. */
  readonly rules: HostedSettings
  readonly webhookSecret: string | undefined
  /** `github.com`, or the host of an Enterprise server. */
  readonly host: string
  readonly personal: boolean
  readonly #app: GitHubApp
  readonly #mirrors: GitMirrors
  readonly #env: Env

  private constructor(parts: {
    app: GitHubApp
    hosts: GitHubRepositories
    mirrors: GitMirrors
    webhookSecret: string | undefined
    operator: OperatorSettings & { github: GitHubSettings }
    env: Env
  }) {
    this.hosts = parts.hosts
    this.settings = parts.operator.github
    this.webhookSecret = parts.webhookSecret
    this.host = new URL(parts.app.addresses.web).host
    this.personal = parts.app.credentials.kind === 'personal-token'
    this.#app = parts.app
    this.#mirrors = parts.mirrors
    this.#env = parts.env
    this.rules = new HostedSettings(parts.hosts, parts.operator, clock)
  }

  /** Undefined when the settings name no code host. Throws `Failure('settings-invalid')`, and `HostFailure` when the host does not know us. */
  static async open(operator: OperatorSettings, env: Env, stop: AbortSignal, pace?: Partial<Pace>): Promise<Hosting | undefined> {
    const { github } = operator
    if (github === undefined) return undefined
    const credentials = await readGitHubCredentials(github, env)
    const certificateAuthorities = await authorities(env)
    const fetch = outwardFetch(env, certificateAuthorities)
    const app = new GitHubApp({ credentials, baseUrl: github.apiUrl, stop, ...(fetch && { fetch }), ...(pace !== undefined && { pace }) })
    const mirrors = new GitMirrors({
      folder: join(env.home, 'mirrors'),
      limits: { bytes: github.clone.megabytes * MEGABYTE, seconds: github.clone.minutes * 60 },
      ...(certificateAuthorities !== undefined && { certificateAuthorities }),
      ...(env.proxy !== undefined && { proxy: env.proxy }),
      ...(env.searchPath !== undefined && { path: env.searchPath.join(':') }),
    })
    return new Hosting({
      app,
      hosts: await GitHubRepositories.connect(app),
      mirrors,
      webhookSecret: credentials.webhookSecret,
      operator: { ...operator, github },
      env,
    })
  }

  /** Where people read about the app and install it; a personal token has no such page. */
  get appPage(): string | undefined {
    return this.personal ? undefined : `${this.#app.addresses.web}/apps/${this.hosts.self.slug}`
  }

  membersToken(organisation: string): Promise<string> {
    return this.#app.membersToken(organisation)
  }

  /** Undefined for a repository of no code host. */
  pullUrl(repository: string, number: number): string | undefined {
    const page = this.pageOf(repository)
    return page === undefined ? undefined : `${page}/pull/${number}`
  }

  /** Where people look at a repository; undefined for one of no code host. */
  pageOf(repository: string): string | undefined {
    return /^[\w.-]+\/[\w.-]+$/.test(repository) ? `${this.#app.addresses.web}/${repository}` : undefined
  }

  /** Where people look at lines of a file. */
  linesPage(repository: string, commit: ObjectId, path: string, [first, last]: readonly [number, number]): string | undefined {
    const page = this.pageOf(repository)
    const file = path.split('/').map(encodeURIComponent).join('/')
    return page === undefined ? undefined : `${page}/blob/${commit}/${file}#L${first}${last > first ? `-L${last}` : ''}`
  }

  allows(name: string): boolean {
    return allowsRepository(this.settings, name)
  }

  /** `now`: what the host calls it, when its name is another one by now. */
  mirrorOf(name: RepositoryName, now: RepositoryName = name): GitMirror {
    return this.#mirrors.of({ url: this.#app.gitUrl(now), keptAs: this.#app.gitUrl(name), credential: () => this.#app.credentialFor(now, 'read') })
  }

  /** What was fetched of a repository, with what is made of it in a git directory of ours. Fetches when it, or a revision, is not there. */
  async repository(
    name: RepositoryName,
    { signal, revisions, fresh, note }: { signal: AbortSignal; revisions: readonly string[]; fresh: boolean; note?: (message: string) => void },
  ): Promise<GitRepository> {
    if (!fresh) {
      const known = await this.#fetched(name).catch(absent)
      if (known !== undefined && (await holds(known, revisions))) return known
      await known?.[Symbol.asyncDispose]()
    }
    await this.mirrorOf(name, await this.nameOfNow(name)).fetch({ signal, revisions, ...(note && { note }) })
    return this.#fetched(name)
  }

  /** Git follows nobody elsewhere: a repository that got another name is asked for under it. One that we may not see any more keeps its name. */
  async nameOfNow(name: RepositoryName): Promise<RepositoryName> {
    return unlessRefused(async () => (await this.hosts.at(name).about()).name, name)
  }

  #fetched(name: RepositoryName): Promise<GitRepository> {
    return this.mirrorOf(name).open({
      gitDirectory: join(this.#env.home, 'git', createHash('sha256').update(`${this.host}/${name}`).digest('hex').slice(0, 16)),
    })
  }
}

/** What a host that says no to us, or does not know of it any more, leaves us with. */
export async function unlessRefused<T>(ask: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof HostFailure && (error.code === 'host-gone' || error.code === 'host-refused')) return otherwise
    throw error
  }
}

function absent(error: unknown): undefined {
  if (error instanceof Failure && error.code === 'repository-unreadable') return undefined
  throw error
}

async function holds(repository: GitRepository, revisions: readonly string[]): Promise<boolean> {
  for (const revision of revisions) if ((await repository.resolve(revision).catch(absent)) === undefined) return false
  return true
}
