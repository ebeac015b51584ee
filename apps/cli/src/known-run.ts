import { inert, type JournalEntry, RunId } from '@fixpoint/core'
import type { ComposedStore } from './compose.ts'
import { UsageError } from './exit-codes.ts'

/** A run by its id, or by the last letters of it. Throws `UsageError`. */
export async function knownRun(id: string, journal: ComposedStore['journal']): Promise<{ readonly runId: RunId; readonly entries: readonly JournalEntry[] }> {
  const runs = await journal.list()
  const matching = runs.filter((run) => run === id || run.endsWith(id))
  const runId = RunId.safeParse(matching[0])
  if (!runId.success || matching.length > 1)
    throw new UsageError(
      matching.length > 1 ? `${id} could be ${matching.slice(0, 3).join(', ')}` : `there is no run ${inert(id, 60)}`,
      'fixpoint runs list shows all of the command line; what a service did is on its dashboard, and in fixpoint review list.',
    )
  return { runId: runId.data, entries: await journal.read(runId.data) }
}
