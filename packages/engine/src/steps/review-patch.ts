import { BugReport, type EventIn, type RunIn } from '@fixpoint/core'
import { withStandIns } from '@fixpoint/intake'
import { interlocutorOf } from '../interlocutors.ts'
import { Judgement, Words } from '../records.ts'
import type { StepContext } from '../tools.ts'
import { reproductionOf, runMaterial } from './run-material.ts'

/** One look at a patch that passed every gate, by a mind that did not write it. It can send the run back once; it proves nothing. */
export async function reviewPatch(run: RunIn<'judged'>, context: StepContext): Promise<EventIn<'judged'>> {
  const { archive, tools, note, signal } = context
  const lane = run.policy.critic ?? ''
  const model = interlocutorOf(run, lane, 'review', context)
  const unread = { kind: 'patch-reviewed', lane, approved: true } as const
  if (model === undefined || tools.critic === undefined) return unread
  const material = await runMaterial(run, context)
  const { reproduction } = await reproductionOf(run, context)
  const { candidate, verdict } = await archive.get(Judgement, run.judgement)
  const evidence = verdict.gates.map((gate) => `${gate.gate}: ${gate.status}: ${gate.summary}`)
  const report = withStandIns(await archive.get(BugReport, run.report))
  const review = await tools.critic.review({ report, reproduction, candidate, evidence, source: material.source }, model, signal)
  if (review === undefined) return unread
  note(review.approved ? 'the critic has no objection' : `the critic sends it back: ${review.why.split('\n')[0]}`)
  if (review.approved) return unread
  const words = `A reviewer read this patch and the report, and objects:\n${review.why}\n\n${candidate.patch.diff}`
  return { kind: 'patch-reviewed', lane, approved: false, lesson: await archive.put(Words, { by: `critic (${lane})`, words }) }
}
