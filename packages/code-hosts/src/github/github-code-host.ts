import { type CodeHost, HostFailure, type OfferedProposal, type PublishedProposal, type Standing } from '@fixpoint/core'
import { assertOwnBranch } from '../own-branches.ts'
import type { BranchPusher } from './branch-pusher.ts'
import type { GitHubRepository } from './github-repository.ts'
import { addLabels } from './labels.ts'
import { branchTip } from './own-branch.ts'
import { ProposalBranch } from './proposal-branch.ts'
import { type AboutIssue, pullBody } from './pull-body.ts'
import { ensurePull, requestReviewers } from './pull-requests.ts'
import { type At, atOf } from './repository-place.ts'

export interface GitHubProposalOptions {
  /** What it is about; `closes`: merging the pull request closes it. */
  readonly issue?: AboutIssue | undefined
  /** By default the default branch. */
  readonly baseBranch?: string | undefined
  readonly labels?: readonly string[] | undefined
  /** People (`ann`) and teams (`acme/core`). Owners of code are asked by GitHub itself, once it is ready. */
  readonly reviewers?: readonly string[] | undefined
  /** Commits that GitHub makes and signs, where it can; by default yes. */
  readonly verifiedCommits?: boolean | undefined
  /** What did not stand in the way and is worth a line all the same. */
  readonly note?: (words: string) => void
}

const WORKFLOWS = /^\.github\/workflows\//i

/** Where the proposals of one run are published: a branch and a pull request of one repository on GitHub. Never approves, never merges. */
export class GitHubCodeHost implements CodeHost {
  readonly identity: { readonly name: string; readonly email: string }
  readonly #repository: GitHubRepository
  readonly #pusher: BranchPusher
  readonly #options: GitHubProposalOptions

  constructor(repository: GitHubRepository, pusher: BranchPusher, options: GitHubProposalOptions = {}) {
    this.identity = repository.self.identity
    this.#repository = repository
    this.#pusher = pusher
    this.#options = options
  }

  branchName(slug: string): string {
    const { issue } = this.#options
    return issue === undefined ? slug : `issue-${issue.number}-${slug}`
  }

  async standing(): Promise<Standing> {
    const repository = this.#repository
    const { issue, baseBranch } = this.#options
    try {
      const { archived, defaultBranch } = await repository.about()
      if (archived) return { wanted: false, why: `${repository.name} is archived` }
      if (issue !== undefined) {
        const now = await repository.issue(issue.number)
        if (now === undefined) return { wanted: false, why: `issue #${issue.number} of ${repository.name} is gone` }
        if (!now.open) return { wanted: false, why: `issue #${issue.number} of ${repository.name} was closed` }
      }
      return { wanted: true, head: await branchTip(repository.reading, repository.at, baseBranch ?? defaultBranch) }
    } catch (error) {
      if (error instanceof HostFailure && error.code === 'host-gone') return { wanted: false, why: `${repository.name} is gone, or not ours to see any more` }
      throw error
    }
  }

  async ensureProposal(proposal: OfferedProposal): Promise<PublishedProposal> {
    const { app, writing } = this.#repository
    const { verifiedCommits = true, baseBranch, labels = [], issue } = this.#options
    assertOwnBranch(proposal.branch)
    assertNoWorkflow(proposal)
    const { name, defaultBranch, archived } = await this.#repository.about()
    if (archived) throw new HostFailure('host-refused', `${name} is archived`, 'Unarchive it, then retry the run.')
    // An app's commit is signed by GitHub; a person's is not, whoever makes it.
    const signed = verifiedCommits && app.credentials.kind === 'app'
    const commit = await new ProposalBranch({ repository: this.#repository, pusher: this.#pusher, signed }).ensure(proposal)
    // Under its name of now: a repository that was transferred has branches of another owner.
    const at = atOf(name)
    const base = baseBranch ?? defaultBranch
    const body = pullBody(proposal, issue)
    const { number, html_url, state } = await ensurePull(writing, at, { ...proposal, base, body })
    if (state === 'open') {
      await this.#unlessRefused('the labels were not set', () => addLabels(writing, at, number, labels))
      await this.#unlessRefused('nobody was asked to review', () => this.#requestReviewers(at, number))
    }
    return { url: html_url, commit, pull: number }
  }

  async #requestReviewers(at: At, pull: number): Promise<void> {
    const { reviewers = [], note } = this.#options
    if (reviewers.length === 0) return
    const left = await requestReviewers(this.#repository.writing, at, pull, reviewers)
    if (left.length > 0) note?.(`not asked to review, because the host would not: ${left.join(', ')}`)
  }

  /** What is beside the proposal is not worth losing it. */
  async #unlessRefused(words: string, act: () => Promise<void>): Promise<void> {
    try {
      await act()
    } catch (error) {
      if (!(error instanceof HostFailure) || error.code === 'host-unreachable' || error.code === 'host-rate-limited') throw error
      this.#options.note?.(`${words}: ${error.message}`)
    }
  }
}

/** The app does not ask for the permission to change them, on purpose; said before anything is pushed. */
function assertNoWorkflow({ edits }: OfferedProposal): void {
  const workflow = edits.find(({ path }) => WORKFLOWS.test(path))
  if (workflow === undefined) return
  throw new HostFailure(
    'host-refused',
    `the patch changes a workflow (${JSON.stringify(workflow.path.slice(0, 200))}), and Fixpoint may not change workflows`,
    'Take the patch from the run and change the workflow yourself.',
  )
}
