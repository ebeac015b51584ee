import type { CodeHost, ObjectId, OfferedProposal, PublishedProposal, Standing } from '@fixpoint/core'

/** What the host needs of the repository: set a branch, with the commit's objects. Twice is once. */
export interface BranchPublisher {
  publishBranch(branch: string, commit: ObjectId): Promise<void>
}

const OURS = /^fixpoint\/[A-Za-z0-9][A-Za-z0-9._/-]*$/

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
    if (!OURS.test(branch)) throw new Error(`a proposal's branch begins with fixpoint/, not ${JSON.stringify(branch.slice(0, 100))}`)
    await this.#repository.publishBranch(branch, commit)
    return { url: undefined, commit }
  }
}
