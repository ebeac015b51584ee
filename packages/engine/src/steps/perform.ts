import type { EventIn, PerformedStep, Phase } from '@fixpoint/core'
import type { StepContext } from '../tools.ts'
import { choosePatch } from './choose-patch.ts'
import { diagnoseRun } from './diagnose-run.ts'
import { draftPatch } from './draft-patch.ts'
import { gatherDossier } from './gather-dossier.ts'
import { judgePatch } from './judge-patch.ts'
import { minimisePatch } from './minimise-patch.ts'
import { planProposal } from './plan-proposal.ts'
import { publishProposal } from './publish-proposal.ts'
import { reproduceBug } from './reproduce-bug.ts'
import { reviewPatch } from './review-patch.ts'
import { seekSecondTest } from './seek-second-test.ts'
import { settleRun } from './settle-run.ts'
import { widenReproduction } from './widen-reproduction.ts'
import { withholdProposal } from './withhold-proposal.ts'

type StepOf<K> = Extract<PerformedStep, { kind: K }>
type PhaseOf<S> = S extends { run: { phase: infer P extends Phase } } ? P : never

/** A handler performs one step and reports a fact that the step's phase allows; another phase's fact does not compile. It may be performed twice. */
export type Steps = { readonly [K in PerformedStep['kind']]: (run: StepOf<K>['run'], context: StepContext) => Promise<EventIn<PhaseOf<StepOf<K>>>> }

const steps: Steps = {
  'reproduce-bug': reproduceBug,
  'gather-dossier': gatherDossier,
  'draft-patch': draftPatch,
  'minimise-patch': minimisePatch,
  'judge-patch': judgePatch,
  'choose-patch': choosePatch,
  'review-patch': reviewPatch,
  'widen-reproduction': widenReproduction,
  'seek-second-test': seekSecondTest,
  'plan-proposal': planProposal,
  'publish-proposal': publishProposal,
  'withhold-proposal': withholdProposal,
  'settle-run': settleRun,
  'diagnose-run': diagnoseRun,
}

export function perform(step: PerformedStep, context: StepContext): Promise<EventIn<Phase>> {
  // The compiler cannot see that `step.kind` and `step.run` belong together; `Steps` proved it for each handler.
  const handler = steps[step.kind] as (run: PerformedStep['run'], context: StepContext) => Promise<EventIn<Phase>>
  return handler(step.run, context)
}
