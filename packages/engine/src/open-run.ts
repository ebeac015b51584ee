import { BugReport, type Clock, type Ids, type Journal, type ObjectId, type Policy, RunId } from '@fixpoint/core'
import type { Archive } from './archive.ts'
import { Workspace } from './records.ts'

export interface NewRun {
  readonly report: BugReport
  readonly workspace: Workspace
  readonly base: ObjectId
  readonly policy: Policy
  /** Decided before, by somebody who wrote it down; a new one otherwise. */
  readonly runId?: RunId
}

/** Opens a run: its first fact is durable when this resolves. One that is open already stays as it is. */
export async function openRun(run: NewRun, { journal, archive, clock, ids }: { journal: Journal; archive: Archive; clock: Clock; ids: Ids }): Promise<RunId> {
  const runId = run.runId ?? RunId.parse(`run_${ids.sortable()}`)
  const report = await archive.put(BugReport, run.report)
  const workspace = await archive.put(Workspace, run.workspace)
  await using lease = await journal.lease(runId)
  if (run.runId !== undefined && (await journal.read(runId)).length > 0) return runId
  await lease.append({ v: 1, seq: 0, at: clock.now().toISOString(), event: { kind: 'run-opened', report, workspace, base: run.base, policy: run.policy } })
  return runId
}
