import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { GitHubApp, GitHubRepositories } from '@fixpoint/code-hosts'
import { Failure, HostFailure, type RepositoryName } from '@fixpoint/core'
import { type GitMirror, GitMirrors, type GitRepository } from '@fixpoint/source'
import { type Ceilings, type EffectiveSettings, effectiveSettings, type SettingsLevel } from '../effective-settings.ts'
import type { Env } from '../env.ts'
import { authorities } from '../registries.ts'
import { readSettingsFile, settingsPaths } from '../settings-files.ts'
import { allowsRepository, type GitHubSettings, readGitHubCredentials } from './github-settings.ts'
import type { OperatorSettings } from './operator-settings.ts'

const MEGABYTE = 1_048_576
/** Settings of a repository are asked for again after so long. */
const SETTINGS_MS = 30_000

/** What a repository says of itself and what is said for it, read from where its owners decide: the default branch. */
export interface HostedSettings extends EffectiveSettings {
  /** A file that cannot be understood: nothing is begun until it is mended. */
  readonly problem: string | undefined
}

/** GitHub, as the settings open it: who we are there, whose repositories we may work on, and copies of them. */
export class Hosting {
  readonly hosts: GitHubRepositories
  readonly settings: GitHubSettings
  readonly webhookSecret: string | undefined
  /** `github.com`, or the host of an Enterprise server. */
  readonly host: string
  readonly personal: boolean
  readonly #app: GitHubApp
  readonly #mirrors: GitMirrors
  readonly #env: Env
  readonly #levels: readonly SettingsLevel[]
  readonly #ceilings: Ceilings
  readonly #known = new Map<string, { readonly at: number; readonly settings: Promise<HostedSettings> }>()

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
    this.#levels = [{ from: 'operator', said: parts.operator.defaults }]
    this.#ceilings = { autonomy: parts.operator.github.autonomy, budget: parts.operator.budget }
  }

  /** Undefined when the settings name no code host. Throws `Failure('settings-invalid')`, and `HostFailure` when the host does not know us. */
  static async open(operator: OperatorSettings, env: Env, stop: AbortSignal): Promise<Hosting | undefined> {
    const { github } = operator
    if (github === undefined) return undefined
    const told = await readGitHubCredentials(github, env)
    const credentials =
      told.kind === 'app'
        ? ({ kind: 'app', id: String(told.id), privateKey: told.privateKey, webhookSecret: told.webhookSecret } as const)
        : ({ kind: 'personal-token', token: told.token } as const)
    const app = new GitHubApp({ credentials, baseUrl: github.apiUrl, stop })
    const certificateAuthorities = await authorities(env)
    const mirrors = new GitMirrors({
      folder: join(env.home, 'mirrors'),
      limits: { bytes: github.clone.megabytes * MEGABYTE, seconds: github.clone.minutes * 60 },
      ...(certificateAuthorities !== undefined && { certificateAuthorities }),
      ...(env.searchPath !== undefined && { path: env.searchPath.join(':') }),
    })
    return new Hosting({
      app,
      hosts: await GitHubRepositories.connect(app),
      mirrors,
      webhookSecret: told.webhookSecret,
      operator: { ...operator, github },
      env,
    })
  }

  allows(name: string): boolean {
    return allowsRepository(this.settings, name)
  }

  mirrorOf(name: RepositoryName): GitMirror {
    return this.#mirrors.of({ url: this.#app.gitUrl(name), credential: () => this.#app.credentialFor(name, 'read') })
  }

  /** What was fetched of a repository, with what is made of it in a git directory of ours. Fetches when it, or a revision, is not there. */
  async repository(
    name: RepositoryName,
    { signal, revisions, fresh, note }: { signal: AbortSignal; revisions: readonly string[]; fresh: boolean; note?: (message: string) => void },
  ): Promise<GitRepository> {
    const mirror = this.mirrorOf(name)
    const open = () =>
      mirror.open({ gitDirectory: join(this.#env.home, 'git', createHash('sha256').update(`${this.host}/${name}`).digest('hex').slice(0, 16)) })
    if (!fresh) {
      const known = await open().catch(absent)
      if (known !== undefined && (await holds(known, revisions))) return known
      await known?.[Symbol.asyncDispose]()
    }
    await mirror.fetch({ signal, revisions, ...(note && { note }) })
    return open()
  }

  /** For half a minute as it was read. */
  settingsOf(name: RepositoryName): Promise<HostedSettings> {
    const known = this.#known.get(name)
    if (known !== undefined && performance.now() - known.at < SETTINGS_MS) return known.settings
    const settings = this.#readSettings(name)
    this.#known.set(name, { at: performance.now(), settings })
    settings.catch(() => this.#known.delete(name))
    return settings
  }

  async #readSettings(name: RepositoryName): Promise<HostedSettings> {
    const [owner = ''] = name.split('/')
    try {
      const [organisation, own] = await Promise.all([this.#levelOf(`${owner}/.github`, `${owner}/.github: `), this.#levelOf(name, '')])
      return { ...effectiveSettings([...this.#levels, ...organisation, ...own], this.#ceilings), problem: undefined }
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'settings-invalid') throw error
      return { ...effectiveSettings(this.#levels, this.#ceilings), problem: `${error.message}. ${error.hint}` }
    }
  }

  async #levelOf(name: RepositoryName, of: string): Promise<readonly SettingsLevel[]> {
    const texts = new Map<string, string>()
    try {
      const repository = await this.hosts.open(name)
      await Promise.all(
        settingsPaths.map(async (path) => {
          const text = await repository.text(path)
          if (text !== undefined) texts.set(path, text)
        }),
      )
    } catch (error) {
      // An organisation without a `.github`, or one that we were not let into.
      if (of !== '' && error instanceof HostFailure && (error.code === 'host-gone' || error.code === 'host-refused')) return []
      throw error
    }
    const { level } = readSettingsFile((path) => texts.get(path), of)
    return level === undefined ? [] : [level]
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
