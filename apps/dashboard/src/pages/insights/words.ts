/** Steps of a run, as people call them. */
const STEPS: Readonly<Record<string, string>> = {
  'reproduce-bug': 'Reproducing',
  'gather-dossier': 'Gathering context',
  'draft-patch': 'Drafting',
  'minimise-patch': 'Minimising',
  'judge-patch': 'Judging',
  'review-patch': 'Second reading',
  'choose-patch': 'Choosing',
  'widen-reproduction': 'Widening the reproduction',
  'plan-proposal': 'Planning the proposal',
  'diagnose-run': 'Diagnosing',
}

/** Why a run ended without a proposal, and what helps: as docs/troubleshooting.md says it. */
const REASONS: Readonly<Record<string, readonly [means: string, help: string]>> = {
  'not-reproduced': ['The failure could not be made to happen here', 'A stack trace, a test that fails, or the right revision would help.'],
  'no-patch': ['Reproduced, and nothing that was tried makes it pass', 'The reproducing test and the suspects are a head start.'],
  'needs-a-person': ['Patches pass, and a gate or a reader refused each', 'Read the best rejected patch and the gate that refused it.'],
  'refused-by-policy': ['The settings forbid what the fix needs', 'Look at “protected” in .github/fixpoint.yml.'],
  'budget-exhausted': ['The attempts were used up', 'Allow more: budget.attempts.'],
  'time-exhausted': ['The minutes were used up', 'Allow more: budget.minutes.'],
  'model-unavailable': ['The model could not be asked', 'Try the model under Settings.'],
  overtaken: ['Somebody else mended it, or the issue was closed', 'Nothing has to be done.'],
  environment: ['The world failed: Docker, disk, network, the code host', 'First run has a checklist.'],
}

export function stepWords(step: string): string {
  return STEPS[step] ?? step
}

export function reasonWords(reason: string): { readonly means: string; readonly help: string | undefined } {
  const [means, help] = REASONS[reason] ?? [reason.replaceAll('-', ' '), undefined]
  return { means, help }
}
