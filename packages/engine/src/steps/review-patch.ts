import { BugReport, type EventIn, Failure, mustBeRead, Review, type RunIn } from '@fixpoint/core'
import { withStandIns } from '@fixpoint/intake'
import { codeViewOf } from '../code-view.ts'
import { interlocutorOf } from '../interlocutors.ts'
import { objectionOf } from '../objection.ts'
import { Findings, Judgement, Words } from '../records.ts'
import type { StepContext } from '../tools.ts'
import { reproductionOf, runMaterial } from './run-material.ts'

/**
 * A look at a patch that passed every gate, by a mind that did not write it. What it objects to is mended once: the patch by a drafter, the
 * test by its author. It proves nothing; what rests on a model's words alone is not proposed without it.
 */
export async function reviewPatch(run: RunIn<'judged'>, context: StepContext): Promise<EventIn<'judged'>> {
  const { archive, note } = context
  const lane = readersLane(run) ?? ''
  const read = await readBy(lane, run, context)
  if (read === undefined) return unread(run, lane, context)
  const { objection, why } = read
  const review = await archive.put(Review, read)
  note(objection === 'none' ? 'the critic has no objection' : `the critic objects to the ${objection}: ${why.split('\n')[0]}`)
  if (objection === 'none') return { kind: 'patch-reviewed', lane, approved: true, review }
  const { candidate } = await archive.get(Judgement, run.judgement)
  const words = `Somebody read this patch, the report and the test that shows the failure, and objects to the ${objection}:\n${objectionOf(read)}\n\n${candidate.patch.diff}`
  return { kind: 'patch-reviewed', lane, approved: false, review, objection, lesson: await archive.put(Words, { by: `critic (${lane})`, words }) }
}

/** Why a patch that stands so far is not proposed. */
export const UNREAD = 'nobody but its author has read it'

/** The lane of the policy, else the last that has a model, which is the strongest. */
export function readersLane({ policy }: Pick<RunIn<'judged'>, 'policy'>): string | undefined {
  return policy.critic ?? policy.lanes.findLast((each) => each.model !== undefined)?.name
}

async function readBy(lane: string, run: RunIn<'judged'>, context: StepContext): Promise<Review | undefined> {
  const { archive, tools, signal } = context
  const model = interlocutorOf(run, lane, `review ${run.readings + 1}`, context)
  if (model === undefined || tools.critic === undefined) return undefined
  const { source } = await runMaterial(run, context)
  const { reproduction } = await reproductionOf(run, context)
  const { candidate, verdict } = await archive.get(Judgement, run.judgement)
  const evidence = verdict.gates.map((gate) => `${gate.gate}: ${gate.status}: ${gate.summary}`)
  const report = withStandIns(await archive.get(BugReport, run.report))
  const task = { report, reproduction, candidate, evidence, contradicted: verdict.contradicted ?? [], source }
  try {
    return await tools.critic.review(task, { ...codeViewOf(source, tools, signal, () => candidate.patch.edits), model }, signal)
  } catch (failure) {
    // A patch that the evidence carries is not lost because nobody could read it.
    const isModels = failure instanceof Failure && (failure.code.startsWith('model-') || failure.code === 'budget-exhausted')
    if (!isModels || mustBeRead(run)) throw failure
    return undefined
  }
}

async function unread(run: RunIn<'judged'>, lane: string, { archive }: StepContext): Promise<EventIn<'judged'>> {
  if (!mustBeRead(run)) return { kind: 'patch-reviewed', lane, approved: true }
  const tried = ['the second reading that a patch needs whose test a model wrote, or that existing tests contradict, gave no verdict']
  return { kind: 'run-stopped', reason: 'needs-a-person', detail: await archive.put(Findings, { tried, unproposed: UNREAD }) }
}
