import type { EventIn, RunIn } from '@fixpoint/core'
import type { StepContext } from '../tools.ts'

/** A host that nobody reports back from has been told all: the run is at rest. */
export async function settleRun(_run: RunIn<'proposed'>, _context: StepContext): Promise<EventIn<'proposed'>> {
  return { kind: 'run-settled', outcome: 'delivered' }
}
