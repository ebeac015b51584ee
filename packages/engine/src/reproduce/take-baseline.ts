import type { Baseline, TestRun } from '@fixpoint/core'
import { baselineFrom } from '@fixpoint/test-runners'
import type { TestRoom } from '../test-room.ts'

/** A suite that is quicker than this is run three times, so that flaky tests are known before they could mislead. */
const QUICK_MS = 60_000
const TIMES = 3

/** The suite on the base, each time from the same tree. */
export async function takeBaseline(room: TestRoom, signal: AbortSignal, note: (message: string) => void): Promise<{ baseline: Baseline; suite: TestRun }> {
  const first = await room.test({ kind: 'all' }, signal)
  const runs = [first]
  while (first.reported && first.durationMs < QUICK_MS && runs.length < TIMES) {
    await room.reset()
    runs.push(await room.test({ kind: 'all' }, signal))
  }
  await room.reset()
  const baseline = baselineFrom(runs)
  note(
    baseline.problem
      ? `the suite could not be used: ${baseline.problem}`
      : `suite on the base: ${baseline.passing.length} pass, ${baseline.failing.length} fail${baseline.flaky.length > 0 ? `, ${baseline.flaky.length} flaky` : ''} (${runs.length}×, ${(first.durationMs / 1000).toFixed(1)} s)`,
  )
  return { baseline, suite: runs.at(-1) ?? first }
}
