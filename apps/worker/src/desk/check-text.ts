import type { OurCheck } from '@fixpoint/core'
import type { RunStatus } from './run-status.ts'
import { commentText, headline, type ThreadStatus } from './status-text.ts'

const STOP = { action: 'stop', label: 'Stop', description: 'End this run' }
const RETRY = { action: 'retry', label: 'Retry', description: 'Begin another run' }
const APPROVE = { action: 'approve', label: 'Approve', description: 'Open the draft pull request' }
const READY = { action: 'ready', label: 'Ready for review', description: 'Mark the draft as ready' }

/**
 * Our checks, as they should stand now: one on the commit that the run began with, and one on what it proposes. The first is never red: it says how
 * our work goes and nothing about that commit.
 */
export function checksOf(thread: ThreadStatus): readonly OurCheck[] {
  const { run, runUrl, parked } = thread
  if (run === undefined) return []
  const text = commentText(thread)
  const common = { run: run.run, title: headline(thread), text, url: runUrl }
  const first: OurCheck = { ...common, commit: run.base, state: parked ? 'action-required' : stateOf(run), buttons: parked ? [RETRY, STOP] : buttonsOf(run) }
  if (run.published === undefined) return [first]
  const second: OurCheck = {
    ...common,
    commit: run.published.commit,
    state: run.phase === 'proposed' || run.outcome !== undefined ? 'success' : 'in-progress',
    buttons: run.phase === 'proposed' ? [READY] : [],
  }
  return [{ ...first, state: 'neutral', buttons: [] }, second]
}

function stateOf(run: RunStatus): OurCheck['state'] {
  if (run.awaitsApproval) return 'action-required'
  if (run.outcome === 'cancelled') return 'cancelled'
  if (run.outcome !== undefined) return 'neutral'
  return 'in-progress'
}

function buttonsOf(run: RunStatus): OurCheck['buttons'] {
  if (run.awaitsApproval) return [APPROVE, STOP]
  return run.outcome === undefined ? [STOP] : [RETRY]
}
