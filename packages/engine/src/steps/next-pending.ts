import { Candidate, type EventIn, isSurvivor, type RunIn, type SourceSnapshot } from '@fixpoint/core'
import { hunksOf } from '../diff.ts'
import { Judgement } from '../records.ts'
import type { StepContext } from '../tools.ts'
import { answersOf } from './choose-patch.ts'
import { runMaterial } from './run-material.ts'

/**
 * The next of the candidates that wait. Patches that passed every gate are compared by what they answer, and one that answers as a better one
 * does changes nothing: where a few calls show that, the minutes of the judge are saved.
 */
export async function nextPending(run: RunIn<'informed'>, context: StepContext): Promise<EventIn<'informed'>> {
  const passed = await Promise.all(run.judged.filter(isSurvivor).map(({ judgement }) => context.archive.get(Judgement, judgement)))
  const { source } = await runMaterial(run, context)
  for (const [index, digest] of run.pending.entries()) {
    const candidate = await context.archive.get(Candidate, digest)
    const better = passed.filter((judgement) => isNoWorse(judgement, candidate, source))
    if (better.length === 0 || !(await answersAlike(better, candidate, run, context)))
      return { kind: 'patch-drafted', drafter: candidate.origin.drafter, candidate: digest, pending: run.pending.slice(index + 1) }
    context.note(`not judged, for it answers as the patch does that passed: ${candidate.origin.summary}`)
  }
  return { kind: 'pending-dismissed', count: run.pending.length }
}

/** The choice would fall on it whatever the judge said of the candidate, as long as both do the same. */
export function isNoWorse(
  { candidate: passed, verdict }: Pick<Judgement, 'candidate' | 'verdict'>,
  { origin, patch }: Candidate,
  source: SourceSnapshot,
): boolean {
  if (verdict.name !== 'fixed' || origin.contradicts !== undefined) return false
  if ((passed.origin.symptomOnly && !origin.symptomOnly) || passed.origin.score < origin.score) return false
  // Elsewhere it may do something that no call of the other one's functions shows.
  const places = (edits: typeof patch.edits) => JSON.stringify(hunksOf(source, edits).map(({ path, line }) => [path, line]))
  return places(passed.patch.edits) === places(patch.edits)
}

/** As one of them at least, on every call of what it touches. */
async function answersAlike(passed: readonly Judgement[], candidate: Candidate, run: RunIn<'informed'>, context: StepContext): Promise<boolean> {
  const [ours, ...theirs] = await answersOf(run, [{ candidate, probes: [] }, ...passed], context)
  return theirs.some(({ answers }) => answers.size > 0 && [...answers].every(([call, answer]) => ours?.answers.get(call) === answer))
}
