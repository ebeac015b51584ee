import type { EventIn, RunIn } from '@fixpoint/core'
import type { StepContext } from '../tools.ts'

/** Somebody who only watches has the proposal in the archive and nothing in the world. */
export async function withholdProposal(_run: RunIn<'proposing'>, { note }: StepContext): Promise<EventIn<'proposing'>> {
  note('only observing: the proposal is kept, and not published')
  return { kind: 'proposal-withheld' }
}
