import type { CodeHost, ObjectId, OfferedProposal, PublishedProposal, Standing } from '@fixpoint/core'
import { assertOwnBranch } from './own-branches.ts'

/** What the host needs of the repository: set a branch, with the commit's objects. Twice is once. */
export interface BranchPublisher {
  publishBranch(branch: string, commit: ObjectId): Promise<void>
}

/** The repository in the folder: a proposal is a branch `fixpoint/…`, and nobody reports back what became of it. */
export class LocalCodeHost implements CodeHost {
  readonly #repository: BranchPublisher

  constructor(repository: BranchPublisher) {
    this.#repository = repository
  }

  async standing(): Promise<Standing> {
    return { wanted: true, head: undefined }
  }

  async ensureProposal({ branch, commit }: OfferedProposal): Promise<PublishedProposal> {
    assertOwnBranch(branch)
    await this.#repository.publishBranch(branch, commit)
    return { url: undefined, commit }
  }
}
