import type { Admission } from './admission.ts'
import type { AfterFix } from './after-fix.ts'
import type { HostDeliveries } from './desk/host-deliveries.ts'
import { measureSurvival } from './desk/survival.ts'
import type { WorkerHands } from './hands.ts'
import { quietly } from './quietly.ts'

const DAY = 24 * 3_600_000
const DUE_AT_ONCE = 1_000

interface SweepParts {
  readonly admission: Admission
  readonly afterFix: AfterFix | undefined
  readonly deliveries: HostDeliveries | undefined
  /** Says that a run was parked; twice is once. */
  readonly sayParked: (evidence: Awaited<ReturnType<WorkerHands['queue']['parked']>>[number]) => Promise<void>
  readonly tellOthers: () => Promise<void>
}

/** What is looked at once a minute, so that whatever a queue or a process lost is found again. */
export class Sweep {
  readonly #hands: WorkerHands
  readonly #parts: SweepParts

  constructor(hands: WorkerHands, parts: SweepParts) {
    this.#hands = hands
    this.#parts = parts
  }

  /** Wakes every run with a due step, settles the reports of those at rest, and asks what became of their fixes. Says how many it woke. */
  async over(signal: AbortSignal): Promise<number> {
    const { clock, queue, weekly, desk, log } = this.#hands
    const { admission, afterFix, sayParked, tellOthers } = this.#parts
    const lately = clock.now().getTime() - DAY
    // Whoever parked a run may have died before it was said.
    for (const parked of await queue.parked()) if (parked.at.getTime() > lately) await sayParked(parked)
    await admission.settle()
    if (weekly !== undefined) await quietly(log, 'the report of the week waits for the next sweep', weekly)
    await tellOthers()
    await afterFix?.look(signal)
    await quietly(log, 'what a code host delivered in vain waits for the next sweep', () => this.#takeUpAgain(signal))
    if (desk !== undefined) await quietly(log, 'the survival of patches waits for the next sweep', () => measureSurvival(desk, this.#hands, signal))
    return this.#wakeDue(signal)
  }

  async #takeUpAgain(signal: AbortSignal): Promise<void> {
    const found = (await this.#parts.deliveries?.takeUpAgain(signal)) ?? 0
    if (found > 0) await this.#hands.queue.enqueue('deliveries', {})
  }

  async #wakeDue(signal: AbortSignal): Promise<number> {
    const { runIndex, queue } = this.#hands
    const groups = await this.#parts.admission.groups()
    const due = await runIndex.due(DUE_AT_ONCE)
    for (const run of due) {
      if (signal.aborted) break
      const group = groups.get(run)
      await queue.wake(run, group === undefined ? {} : { group })
    }
    return due.length
  }
}
