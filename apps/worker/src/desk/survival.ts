import { HostFailure } from '@fixpoint/core'
import type { WorkerHands } from '../hands.ts'
import type { DeskHands } from './desk-hands.ts'

/** Pull requests of one sweep. */
const LOOK = 5

/** How much of what was merged still stands after 7, 30 and 90 days. What cannot be asked now is asked at the next sweep. */
export async function measureSurvival(
  { threads, survivalOf }: DeskHands,
  { clock, log }: Pick<WorkerHands, 'clock' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  for (const { repository, number, commit, days } of await threads.survivalDue(clock.now(), LOOK)) {
    if (signal.aborted || commit === undefined) continue
    try {
      await threads.survived(repository, number, days, await survivalOf(repository, commit))
    } catch (error) {
      if (!(error instanceof HostFailure)) throw error
      log.warn({ repository, pull: number, days, error: error.message }, 'how much of a patch survived could not be found out')
      // It will not tell any more; that is not to say that nothing stands.
      if (error.code === 'host-gone') await threads.lost(repository, number)
    }
  }
}
