import { ObjectId, type OfferedProposal } from '@fixpoint/core'
import { z } from 'zod'
import type { BranchPusher } from './branch-pusher.ts'
import { TWICE_IS_ONCE } from './github-api.ts'
import type { GitHubRepository } from './github-repository.ts'

const Made = z.object({ sha: ObjectId })
/** What is larger is pushed by git. */
const MOST_FILES = 100
const MOST_BYTES = 10 * 1024 * 1024

/**
 * The commit made by GitHub, which signs what an app makes without naming an author: `Verified`. No branch points to it yet. undefined when it is too
 * large for that, or when GitHub's tree is not the very one that was offered.
 */
export async function signedCommit(
  { writing: api, at }: GitHubRepository,
  pusher: BranchPusher,
  { base, commit, edits, message }: OfferedProposal,
  { tree, parent }: { readonly tree: ObjectId; readonly parent: ObjectId },
): Promise<ObjectId | undefined> {
  const bytes = edits.reduce((total, { content }) => total + (content === null ? 0 : Buffer.byteLength(content)), 0)
  if (edits.length === 0 || edits.length > MOST_FILES || bytes > MOST_BYTES) return undefined
  const modes = await pusher.modesOf(
    commit,
    edits.map(({ path }) => path),
  )
  const changes = edits.map(({ path, content }) => {
    const mode = modeOf(modes.get(path))
    return content === null ? { path, mode, type: 'blob' as const, sha: null } : { path, mode, type: 'blob' as const, content }
  })
  // A tree that nobody points to and a commit that no branch has are nothing yet: asking again is harmless.
  const below = await pusher.treeOf(base)
  const made = await api.ask(Made, (rest) => rest.git.createTree({ ...at, base_tree: below, tree: changes, request: TWICE_IS_ONCE }))
  if (made.sha !== tree) return undefined
  return (await api.ask(Made, (rest) => rest.git.createCommit({ ...at, message, tree, parents: [parent], request: TWICE_IS_ONCE }))).sha
}

function modeOf(mode: string | undefined): '100644' | '100755' | '120000' {
  return mode === '100755' || mode === '120000' ? mode : '100644'
}
