import { type Comparison, compare, mergedTree } from '../comparison.ts'
import type { Repository } from '../records.ts'
import { fullPullShape, type PullFacts, type PullIssue } from '../shapes/pull.ts'
import type { World } from '../world.ts'

export async function comparisonOf(repository: Repository, { pull }: PullIssue): Promise<Comparison> {
  return compare(repository.git, pull.baseSha, pull.headSha)
}

/** GitHub computes mergeability in the background: whoever asks first, and again after a push, is told `null`. */
export async function pullFacts(repository: Repository, issue: PullIssue): Promise<PullFacts> {
  const { pull, state } = issue
  const comparison = await comparisonOf(repository, issue)
  const between = `${pull.baseSha}..${pull.headSha}`
  const known = pull.mergeableAskedFor === between
  pull.mergeableAskedFor = between
  if (state === 'closed' || !known) return { comparison, mergeable: null }
  return { comparison, mergeable: (await mergedTree(repository.git, pull.baseSha, pull.headSha)) !== undefined }
}

export async function pullPayload(world: World, repository: Repository, issue: PullIssue) {
  const facts = { comparison: await comparisonOf(repository, issue), mergeable: null }
  return { pull_request: fullPullShape(world, repository, issue, facts) }
}
