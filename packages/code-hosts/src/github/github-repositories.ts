import type { HostedRepositories, RepositoryName } from '@fixpoint/core'
import type { GitHubApp, Ourselves } from './github-app.ts'
import { GitHubRepository } from './github-repository.ts'
import { type MissedDelivery, missedDeliveries } from './missed-deliveries.ts'

/** Long enough for all that is done about one comment; short enough for somebody who has just renamed the repository. */
const SHARED_MS = 5_000

/** The repositories that the app is installed on, or that a person's token reaches. */
export class GitHubRepositories implements HostedRepositories {
  readonly self: Ourselves
  readonly #app: GitHubApp
  readonly #opened = new Map<RepositoryName, { readonly until: number; readonly repository: Promise<GitHubRepository> }>()

  private constructor(app: GitHubApp, self: Ourselves) {
    this.#app = app
    this.self = self
  }

  /** Asks the host who we are; throws `HostFailure` when it does not know us. */
  static async connect(app: GitHubApp): Promise<GitHubRepositories> {
    return new GitHubRepositories(app, await app.whoAmI())
  }

  /** Whoever opens it at about the same time shares it, so that a storm of comments does not ask ten times for each whether it is there. */
  async open(name: RepositoryName): Promise<GitHubRepository> {
    const now = performance.now()
    for (const [each, { until }] of this.#opened) if (until <= now) this.#opened.delete(each)
    const shared = this.#opened.get(name)
    if (shared !== undefined) return shared.repository
    const repository = this.#openAnew(name)
    const opened = { until: now + SHARED_MS, repository }
    this.#opened.set(name, opened)
    repository.catch(() => this.#opened.get(name) === opened && this.#opened.delete(name))
    return repository
  }

  async #openAnew(name: RepositoryName): Promise<GitHubRepository> {
    const repository = this.at(name)
    await repository.about()
    return repository
  }

  /** The same, and nobody asks whether it is there. */
  at(name: RepositoryName): GitHubRepository {
    return new GitHubRepository(this.#app, this.self, name)
  }

  async *missedDeliveries(since: Date, signal: AbortSignal): AsyncGenerator<MissedDelivery> {
    const { credentials, itself } = this.#app
    // A person's token has no deliveries of its own.
    if (credentials.kind === 'app') yield* missedDeliveries(itself, credentials.webhookSecret, since, signal)
  }
}
