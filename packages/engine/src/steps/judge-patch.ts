import { Candidate, type EventIn, type RunIn } from '@fixpoint/core'
import { outputKeeper } from '../judge/evidence.ts'
import { judge } from '../judge/judge.ts'
import { Judgement } from '../records.ts'
import type { StepContext } from '../tools.ts'
import { reproductionOf, runMaterial, workshopFor } from './run-material.ts'

/** The judge's own rooms, the base tree, the patch: nothing of the drafter's comes in. */
export async function judgePatch(run: RunIn<'minimised'>, context: StepContext): Promise<EventIn<'minimised'>> {
  const { archive, tools, note, signal } = context
  const candidate = await archive.get(Candidate, run.candidate)
  const material = await runMaterial(run, context)
  const { reproduction, baseline } = await reproductionOf(run, context)
  await using workshop = workshopFor(run, material, context)
  note(candidate.origin.summary)
  const { verdict, lesson, probes } = await judge(
    { candidate, source: material.source, workspace: material.workspace, reproduction, baseline, policy: run.policy, report: material.report },
    {
      open: (edits) => workshop.open(edits),
      environment: () => workshop.environment(),
      paths: material.paths,
      syntax: tools.syntax,
      keep: outputKeeper(tools.artifacts),
      ids: tools.ids,
      note,
      signal,
      parallelRooms: tools.parallelRooms,
    },
  )
  const { key, image, imageId, manifests } = await workshop.environment()
  const judgement = await archive.put(Judgement, {
    candidate,
    verdict,
    ...(lesson ? { lesson } : {}),
    probes: [...probes],
    environment: { key, image, imageId, manifests: { ...manifests } },
  })
  return { kind: 'patch-judged', verdict: verdict.name, judgement }
}
