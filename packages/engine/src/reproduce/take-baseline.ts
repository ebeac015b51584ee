import type { Baseline, TestRun } from '@fixpoint/core'
import { baselineFrom } from '@fixpoint/test-runners'
import type { TestRoom } from '../test-room.ts'

/** A suite that is quicker than this is run three times, so that flaky tests are known before they could mislead. */
const QUICK_MS = 60_000
const TIMES = 3

export interface BaselineRooms {
  readonly room: TestRoom
  /** Another one, where a run may have several at once. */
  readonly open: (() => Promise<TestRoom>) | undefined
}

/** The suite on the base, each time from the same tree; the second time and the third one beside each other where there is room. */
export async function takeBaseline(
  { room, open }: BaselineRooms,
  signal: AbortSignal,
  note: (message: string) => void,
): Promise<{ baseline: Baseline; suite: TestRun }> {
  const once = (where: TestRoom) => where.test({ kind: 'all' }, signal)
  const first = await once(room)
  const runs = [first]
  while (first.reported && first.durationMs < QUICK_MS && runs.length < TIMES) {
    const [, other] = await Promise.all([room.reset(), open?.()])
    await using beside = other
    runs.push(...(await Promise.all(beside === undefined ? [once(room)] : [once(room), once(beside)])))
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
