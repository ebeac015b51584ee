import { Candidate, type EventIn, type FileEdit, Patch, type RunIn, type TestSelection } from '@fixpoint/core'
import { hunksOf, patchFrom, withoutHunk } from '../diff.ts'
import { PERSON } from '../edited-candidate.ts'
import { keepsPassing, passes } from '../test-room.ts'
import type { StepContext } from '../tools.ts'
import { reproductionOf, runMaterial, workshopFor } from './run-material.ts'

/** Drops hunks as long as the reproduction and the suite stay green. A patch of one hunk is as small as it gets. */
export async function minimisePatch(run: RunIn<'drafted'>, context: StepContext): Promise<EventIn<'drafted'>> {
  const { archive, note } = context
  const candidate = await archive.get(Candidate, run.candidate)
  const material = await runMaterial(run, context)
  let edits = candidate.patch.edits
  const { reproduction, baseline } = await reproductionOf(run, context)
  // What a person made is judged as they made it.
  // One test that a model wrote is too thin to say what else of a patch is idle: its author, a critic and a person look at the whole of it.
  if (candidate.origin.drafter !== PERSON && hunksOf(material.source, edits).length > 1 && reproduction.source !== 'agent') {
    await using workshop = workshopFor(run, material, context)
    const room = await workshop.open(reproduction.files.map((file) => ({ path: file.path, content: file.content })))
    const before = hunksOf(material.source, edits).length
    const failing: TestSelection = { kind: 'tests', tests: reproduction.tests }
    edits = await withoutIdleHunks(material.source, edits, context, async (rest) => {
      const onRest = async (selection: TestSelection) => {
        await room.reset()
        await room.lay(rest)
        return room.test(selection, context.signal)
      }
      return (
        passes(await onRest(failing), failing) && (baseline.problem !== undefined || keepsPassing(await onRest({ kind: 'all' }), baseline, candidate.origin))
      )
    })
    note(`${before - hunksOf(material.source, edits).length} of ${before} hunks dropped`)
  }
  const patch = patchFrom(material.source, edits)
  return { kind: 'patch-minimised', candidate: await archive.put(Candidate, { ...candidate, patch }), patch: await archive.put(Patch, patch) }
}

/** Greedy, from the last hunk to the first: one pass, and another after each hunk that went. */
export async function withoutIdleHunks(
  source: Parameters<typeof hunksOf>[0],
  edits: readonly FileEdit[],
  { tools }: Pick<StepContext, 'tools'>,
  isEnough: (rest: readonly FileEdit[]) => Promise<boolean>,
): Promise<FileEdit[]> {
  let kept = [...edits]
  for (;;) {
    const hunks = hunksOf(source, kept).reverse()
    let smaller: FileEdit[] | undefined
    for (const hunk of hunks.length > 1 ? hunks : []) {
      const rest = withoutHunk(source, kept, hunk)
      if (rest.some((edit) => edit.content !== null && tools.syntax.error(edit.path, edit.content) !== undefined)) continue
      if (!(await isEnough(rest))) continue
      smaller = rest
      break
    }
    if (!smaller) return kept
    kept = smaller
  }
}
