import type { Announcement } from '../words/announcement.ts'
import type { RunEvent } from './events.ts'
import { nextStep } from './next-step.ts'
import type { Run } from './run.ts'

/** What others are told of a fact; `run` is what it made of the run. Of most facts nothing. */
export function announcementOf(event: RunEvent, run: Run): Announcement | undefined {
  if (run.phase === 'settled') return { topic: 'run.settled', outcome: run.outcome, proposal: run.proposal, diagnosis: run.diagnosis }
  switch (event.kind) {
    case 'run-opened':
      return { topic: 'run.started' }
    case 'bug-reproduced':
      return { topic: 'run.reproduced' }
    case 'proposal-planned':
      // Who only observes offers nothing.
      return nextStep(run).kind === 'withhold-proposal' ? undefined : { topic: 'proposal.ready', proposal: event.proposal }
    default:
      return undefined
  }
}
