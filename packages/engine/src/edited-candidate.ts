import { Candidate, type Digest, type RunIn } from '@fixpoint/core'
import { applyDiff, patchFrom } from './diff.ts'
import { Edit } from './records.ts'
import { runMaterial } from './steps/run-material.ts'
import type { StepContext } from './tools.ts'

/** The drafter of a patch that somebody made by hand. */
export const PERSON = 'person'

/** What a person made of the proposal's patch. A diff that does not apply is a candidate too: the first gate says why it cannot be. */
export async function editedCandidate(run: RunIn<'informed'>, digest: Digest, context: StepContext): Promise<Candidate> {
  if (run.offered === undefined) throw new Error('a patch is edited while a proposal stands')
  const [{ by, diff }, before, { source }] = await Promise.all([
    context.archive.get(Edit, digest),
    context.archive.get(Candidate, run.offered.candidate),
    runMaterial(run, context),
  ])
  const applied = applyDiff(source, diff)
  const patch = 'problem' in applied ? { base: source.commit, diff, edits: [] } : patchFrom(source, applied.edits)
  const { summary } = before.origin
  return { patch, origin: { ...before.origin, drafter: PERSON, kind: 'edit', summary: before.origin.by === by ? summary : `${summary}, edited by ${by}`, by } }
}
