import type { Baseline, Reproduction, RunIn } from '@fixpoint/core'
import { type ExecutedFunctions, executedFunctions } from '@fixpoint/patterns'
import { type RunMaterial, workshopFor } from './steps/run-material.ts'
import type { StepContext } from './tools.ts'

const LONGEST_MS = 60_000

/** What the failing tests execute. It only ranks suspects: where it cannot be found out, the run goes on without. */
export async function executionOf(
  run: RunIn<'reproduced'>,
  material: RunMaterial,
  { reproduction, baseline }: { readonly reproduction: Reproduction; readonly baseline: Baseline },
  context: StepContext,
): Promise<ExecutedFunctions | undefined> {
  const { tools, signal, note } = context
  try {
    await using workshop = workshopFor(run, material, context)
    const { source, workspace } = material
    const times = { suiteMs: baseline.durationMs, timeoutMs: Math.min(LONGEST_MS, run.policy.testTimeoutMs) }
    const room = await workshop.open()
    return await executedFunctions({ room, source, syntax: tools.syntax, project: workspace.project, reproduction, nonce: tools.ids.nonce(), ...times }, signal)
  } catch (error) {
    signal.throwIfAborted()
    note(`what the failing test executes is not known: ${error instanceof Error ? error.message : String(error)}`)
    return undefined
  }
}
