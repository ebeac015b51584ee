import { Failure, ObjectId } from '@fixpoint/core'
import { z } from 'zod'
import { assertOwnBranch } from '../own-branches.ts'
import type { GitHubRepository } from './github-repository.ts'
import { branchTip } from './own-branch.ts'
import { ensurePull } from './pull-requests.ts'
import { Commit } from './replies.ts'

const Made = z.object({ sha: ObjectId })

export interface WantedFile {
  /** Of ours: below `fixpoint/`. */
  readonly branch: string
  readonly path: string
  readonly content: string
  readonly message: string
  readonly title: string
  readonly body: string
}

export interface FilePull {
  readonly url: string
  readonly open: boolean
}

/**
 * One pull request that adds one file to the default branch. What is on its branch already is left as it is, for people may have worked on it, and a pull
 * request that they closed stays closed: twice is once.
 */
export async function ensureFilePull(repository: GitHubRepository, { branch, path, content, message, title, body }: WantedFile): Promise<FilePull> {
  assertOwnBranch(branch)
  const { writing: api, at } = repository
  const { defaultBranch, archived } = await repository.about()
  if (archived) throw new Failure('host-refused', `${repository.name} is archived`, 'Unarchive it first.')
  if ((await branchTip(api, at, branch)) === undefined) {
    const base = await branchTip(api, at, defaultBranch)
    if (base === undefined) throw new Failure('host-refused', `${repository.name} has no commits yet`, 'Push a first commit.')
    const below = await api.ask(Commit, (rest) => rest.git.getCommit({ ...at, commit_sha: base }))
    const file = { path, mode: '100644' as const, type: 'blob' as const, content }
    const tree = await api.ask(Made, (rest) => rest.git.createTree({ ...at, base_tree: below.tree.sha, tree: [file] }))
    const commit = await api.ask(Made, (rest) => rest.git.createCommit({ ...at, message, tree: tree.sha, parents: [base] }))
    // Somebody else, who wants the same, may have been faster.
    await api.unless([422], () => api.tell((rest) => rest.git.createRef({ ...at, ref: `refs/heads/${branch}`, sha: commit.sha })), /already exists/i)
  }
  const pull = await ensurePull(api, at, { branch, base: defaultBranch, title, body, draft: false })
  return { url: pull.html_url, open: pull.state === 'open' }
}
