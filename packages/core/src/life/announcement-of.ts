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
    case 'patch-judged':
      return { topic: 'patch.judged' }
    case 'proposal-planned':
      // Who only observes offers nothing.
      return nextStep(run).kind === 'withhold-proposal' ? undefined : { topic: 'proposal.ready', proposal: event.proposal }
    case 'proposal-published':
      return run.phase === 'proposed' ? { topic: 'proposal.published', proposal: run.proposal, ...(event.pull && { pull: event.pull }) } : undefined
    case 'changes-requested':
      return { topic: 'changes.requested' }
    case 'run-diagnosed':
    case 'run-cancelled':
      return run.phase === 'proposed' ? { topic: 'attempt.failed', proposal: run.proposal, ...(run.diagnosis && { diagnosis: run.diagnosis }) } : undefined
    default:
      return undefined
  }
}
