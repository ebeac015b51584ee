import type { ObjectId } from '@fixpoint/core'
import { assertOwnBranch } from '../own-branches.ts'
import type { GitHubApi } from './github-api.ts'
import { Ref } from './replies.ts'
import type { At } from './repository-place.ts'

/** Where a branch stands; undefined: there is none. */
export async function branchTip(api: GitHubApi, at: At, branch: string): Promise<ObjectId | undefined> {
  const ref = await api.unless([404, 409], () => api.ask(Ref, (rest) => rest.git.getRef({ ...at, ref: `heads/${branch}` })))
  return ref?.object.sha
}

/** Deletes a branch of ours whose tip is still this commit. */
export async function deleteOwnBranch(api: GitHubApi, at: At, branch: string, tip: ObjectId): Promise<void> {
  assertOwnBranch(branch)
  if ((await branchTip(api, at, branch)) !== tip) return
  await api.unless([404, 422], () => api.tell((rest) => rest.git.deleteRef({ ...at, ref: `heads/${branch}` })), /not exist|not found/i)
}
