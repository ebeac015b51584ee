import type { EventIn, RunIn } from '@fixpoint/core'
import { PlannedProposal } from '../records.ts'
import type { StepContext } from '../tools.ts'

/** The run's one lasting mark. The same plan makes the same commit, and the branch is ensured: twice is once. */
export async function publishProposal(run: RunIn<'proposing'>, { archive, tools, assertHeld, note }: StepContext): Promise<EventIn<'proposing'>> {
  const plan = await archive.get(PlannedProposal, run.proposal)
  const commit = await tools.repository.commit({ base: plan.base, edits: plan.edits, message: plan.message, at: new Date(plan.at) })
  await assertHeld()
  const { url } = await tools.codeHost.ensureProposal({ branch: plan.branch, base: plan.base, commit, title: plan.title, body: plan.body })
  note(url ?? `branch ${plan.branch}`)
  return { kind: 'proposal-published', commit }
}
