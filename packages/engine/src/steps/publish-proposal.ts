import { type EventIn, Failure, type ObjectId, type RunIn } from '@fixpoint/core'
import { changedLines } from '../diff.ts'
import { PlannedProposal } from '../records.ts'
import type { StepContext } from '../tools.ts'

/** How much larger a patch may become in a review, and what is small enough to grow by as much. */
const GROWTH = 4
const SMALL = 10

/**
 * The run's one lasting mark. The same plan makes the same commit, and the proposal is ensured: twice is once. What nobody wants any more is not
 * published; a base that moved is followed once, so that what people see was judged on what they have.
 */
export async function publishProposal(run: RunIn<'proposing'>, context: StepContext): Promise<EventIn<'proposing'>> {
  const { archive, tools, assertHeld, note, runId } = context
  const plan = await archive.get(PlannedProposal, run.proposal)
  const standing = await tools.codeHost.standing()
  if (!standing.wanted) throw new Failure('overtaken', standing.why, 'Open the issue again, or label another one.')
  // A pull request that is open already keeps its base: the host says whether it can still be merged.
  if (standing.head !== undefined && standing.head !== run.base && !run.moved && run.published === undefined) {
    note(`the branch it is meant for moved to ${standing.head.slice(0, 10)}: reproduced and judged again`)
    return { kind: 'base-moved', base: standing.head, ...((await touches(plan, run.base, standing.head, context)) ? {} : { carried: run.candidate }) }
  }
  if (run.published !== undefined) refuseGrowth(await archive.get(PlannedProposal, run.published.proposal), plan)
  const { base, edits, message, branch, title, body, strength, certificate } = plan
  const commit = await tools.repository.commit({ base, edits, message, at: new Date(plan.at), by: tools.codeHost.identity })
  await assertHeld()
  const draft = run.policy.autonomy !== 'pr'
  const published = await tools.codeHost.ensureProposal({ run: runId, branch, base, commit, strength, title, body, edits, message, draft, certificate })
  note(published.url ?? `branch ${branch}`)
  return { kind: 'proposal-published', commit: published.commit, ...(published.pull === undefined ? {} : { pull: published.pull }) }
}

/** What people began to review is not turned into something else behind their backs. */
function refuseGrowth(before: PlannedProposal, after: PlannedProposal): void {
  const [was, is] = [changedLines(before.diff), changedLines(after.diff)]
  if (is <= GROWTH * Math.max(SMALL, was)) return
  throw new Failure(
    'patch-outgrown',
    `what was asked for makes a patch of ${is} changed lines out of one of ${was}`,
    'Look at it with a person: the pull request stands as it stood.',
  )
}

/** Whether a file of the proposal is another one on the new base. */
async function touches(plan: PlannedProposal, from: ObjectId, to: ObjectId, { tools }: StepContext): Promise<boolean> {
  const [before, after] = await Promise.all([tools.repository.snapshot(from), tools.repository.snapshot(to)])
  return plan.edits.some(({ path }) => before.text(path) !== after.text(path))
}
