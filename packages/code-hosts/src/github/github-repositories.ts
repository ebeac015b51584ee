import type { HostedRepositories, RepositoryName } from '@fixpoint/core'
import type { GitHubApp, Ourselves } from './github-app.ts'
import { GitHubRepository } from './github-repository.ts'
import { type MissedDelivery, missedDeliveries } from './missed-deliveries.ts'

/** The repositories that the app is installed on, or that a person's token reaches. */
export class GitHubRepositories implements HostedRepositories {
  readonly self: Ourselves
  readonly #app: GitHubApp

  private constructor(app: GitHubApp, self: Ourselves) {
    this.#app = app
    this.self = self
  }

  /** Asks the host who we are; throws `HostFailure` when it does not know us. */
  static async connect(app: GitHubApp): Promise<GitHubRepositories> {
    return new GitHubRepositories(app, await app.whoAmI())
  }

  async open(name: RepositoryName): Promise<GitHubRepository> {
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
