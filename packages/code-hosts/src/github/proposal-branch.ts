import { HostFailure, type ObjectId, type OfferedProposal } from '@fixpoint/core'
import type { BranchPusher } from './branch-pusher.ts'
import type { GitHubRepository } from './github-repository.ts'
import { branchTip } from './own-branch.ts'
import { Commit, Ref } from './replies.ts'
import { signedCommit } from './signed-commit.ts'

/** A branch that grew longer than this by our hand is not followed back to its base: it is pushed anew. */
const MOST_OWN_COMMITS = 20
/** As committer of what was made through its API, on whatever host it is. */
const GITHUB_ITSELF = /^noreply@/
/** Somebody who moves the branch each time that we look wins. */
const MOST_LOOKS = 3

export interface BranchPublishing {
  readonly repository: GitHubRepository
  readonly pusher: BranchPusher
  /** Whether GitHub is to make the commit, and sign it, where it can. */
  readonly signed: boolean
}

/**
 * The branch of a proposal: looked at, compared, made or moved. What stands on it has the tree that was offered; when it has that already, nothing is
 * done. A commit of somebody else on it is never overwritten: an update is either on top of what we saw, or pushed with a lease on it.
 */
export class ProposalBranch {
  readonly #repository: GitHubRepository
  readonly #pusher: BranchPusher
  readonly #signed: boolean

  constructor({ repository, pusher, signed }: BranchPublishing) {
    this.#repository = repository
    this.#pusher = pusher
    this.#signed = signed
  }

  async ensure(proposal: OfferedProposal): Promise<ObjectId> {
    const tree = await this.#pusher.treeOf(proposal.commit)
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      const published = await this.#ensureOnce(proposal, tree)
      if (published !== undefined) return published
    }
    throw new HostFailure('host-unreachable', `the branch ${proposal.branch} moves while it is written`, 'It is tried again by itself.')
  }

  /** undefined: somebody moved the branch in between. */
  async #ensureOnce(proposal: OfferedProposal, tree: ObjectId): Promise<ObjectId | undefined> {
    const { branch, commit } = proposal
    const { writing: api, at } = this.#repository
    const tip = await branchTip(api, at, branch)
    if (tip === undefined) return this.#begin(proposal, tree)
    const head = await this.#ownCommit(proposal, tip)
    if (head === undefined) {
      throw new HostFailure(
        'host-refused',
        `the branch ${branch} holds a commit that is not of this run (${tip.slice(0, 10)}): it is left alone`,
        'Merge it, or delete the branch, then retry the run.',
      )
    }
    if (tip === commit || (head.tree.sha === tree && (await this.#standsOn(proposal, head)))) return tip
    const signed =
      this.#signed && (await this.#standsOn(proposal, head)) ? await signedCommit(this.#repository, this.#pusher, proposal, { tree, parent: tip }) : undefined
    if (signed === undefined) return this.#push(proposal, tip)
    // On top of what we saw: when somebody was faster, GitHub refuses.
    const moved = () => api.ask(Ref, (rest) => rest.git.updateRef({ ...at, ref: `heads/${branch}`, sha: signed, force: false }))
    return (await api.unless([422], moved, /fast forward|does not exist/i))?.object.sha
  }

  async #begin(proposal: OfferedProposal, tree: ObjectId): Promise<ObjectId | undefined> {
    const { writing: api, at } = this.#repository
    const signed = this.#signed ? await signedCommit(this.#repository, this.#pusher, proposal, { tree, parent: proposal.base }) : undefined
    if (signed === undefined) return this.#push(proposal, 'absent')
    const made = () => api.ask(Ref, (rest) => rest.git.createRef({ ...at, ref: `refs/heads/${proposal.branch}`, sha: signed }))
    return (await api.unless([422], made, /already exists/i))?.object.sha
  }

  async #push({ branch, commit }: OfferedProposal, expected: ObjectId | 'absent'): Promise<ObjectId> {
    const credential = await this.#repository.app.credentialFor(this.#repository.name, 'write')
    await this.#pusher.push(branch, commit, { expected, credential })
    return commit
  }

  /** Whether the base of the proposal is below our own commits: then the next goes on top, and people see what changed since they looked. */
  async #standsOn(proposal: OfferedProposal, head: Commit): Promise<boolean> {
    let commit: Commit | undefined = head
    for (let seen = 0; commit !== undefined && seen < MOST_OWN_COMMITS; seen += 1) {
      const [parent, ...others] = commit.parents
      if (parent === undefined || others.length > 0) return false
      if (parent.sha === proposal.base) return true
      commit = await this.#ownCommit(proposal, parent.sha)
    }
    return false
  }

  /** A commit, when it is one of this run: its trailer says so, and whoever committed it is ourselves or, through the API, GitHub for us. */
  async #ownCommit({ run }: OfferedProposal, sha: ObjectId): Promise<Commit | undefined> {
    const { writing: api, at, self } = this.#repository
    const commit = await api.ask(Commit, (rest) => rest.git.getCommit({ ...at, commit_sha: sha }))
    const trailer = /^Fixpoint-Run: *(?:.*[^A-Za-z0-9_])?(run_[0-9a-z]{26})(?![0-9a-z])/m.exec(commit.message)?.[1]
    const pushed = commit.committer?.email === self.identity.email && commit.committer.name === self.identity.name
    const made = GITHUB_ITSELF.test(commit.committer?.email ?? '') && commit.author?.email?.startsWith(`${self.id}+${self.login}@users.noreply.`)
    return trailer === run && (pushed || made) ? commit : undefined
  }
}
