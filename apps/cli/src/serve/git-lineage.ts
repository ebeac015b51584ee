import { Failure, type ObjectId } from '@fixpoint/core'
import { GitRepository } from '@fixpoint/source'
import type { Lineage } from '@fixpoint/worker'

/** What the history of a repository on this machine tells of a fix. */
export class GitLineage implements Lineage {
  readonly #repository: GitRepository
  readonly #branch: string

  private constructor(repository: GitRepository, branch: string) {
    this.#repository = repository
    this.#branch = branch
  }

  /** `revision`: what runs start from. */
  static async open({ path, revision }: { readonly path: string; readonly revision: string }): Promise<GitLineage> {
    return new GitLineage(await GitRepository.open(path), revision)
  }

  /** One that is open, from the tip of its default branch. */
  static of(repository: GitRepository): GitLineage {
    return new GitLineage(repository, 'HEAD')
  }

  async contains(revisions: readonly string[], change: ObjectId): Promise<'yes' | 'no' | 'unknown'> {
    for (const revision of revisions) {
      const commit = await this.#commitOf(revision)
      if (commit !== undefined) return (await this.#repository.contains(commit, change)) ? 'yes' : 'no'
    }
    return 'unknown'
  }

  async landed(change: ObjectId): Promise<boolean> {
    const tip = await this.#commitOf(this.#branch)
    return (tip !== undefined && (await this.#repository.contains(tip, change))) || (await this.#repository.isTagged(change))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#repository[Symbol.asyncDispose]()
  }

  async #commitOf(revision: string): Promise<ObjectId | undefined> {
    try {
      return await this.#repository.resolve(revision)
    } catch (error) {
      if (error instanceof Failure && error.code === 'repository-unreadable') return undefined
      throw error
    }
  }
}
