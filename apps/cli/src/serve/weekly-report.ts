import type { Clock, ObservedReport, Outbox, Subscription } from '@fixpoint/core'

const DAY_MS = 24 * 3_600_000

interface WeeklyHands {
  readonly observed: { between(since: Date, until: Date): Promise<ObservedReport> }
  readonly outbox: Pick<Outbox, 'announce'>
  readonly subscribers: readonly Subscription[]
  readonly clock: Pick<Clock, 'now'>
}

/** Tells those who asked for it what the last week (Monday to Monday, UTC) would have proposed. Once, whoever asks and however often. */
export class WeeklyReport {
  readonly #hands: WeeklyHands
  #told = ''

  constructor(hands: WeeklyHands) {
    this.#hands = hands
  }

  async tellIfDue(): Promise<void> {
    const { observed, outbox, subscribers, clock } = this.#hands
    const until = mondayOf(clock.now())
    const week = until.toISOString().slice(0, 10)
    if (week === this.#told || !subscribers.some(({ topics }) => topics.includes('observe.weekly'))) return
    const since = new Date(until.getTime() - 7 * DAY_MS)
    const { counts } = await observed.between(since, until)
    if (counts.withheld > 0)
      await outbox.announce({ topic: 'observe.weekly', since: since.toISOString(), until: until.toISOString(), ...counts }, `week ${week}`)
    this.#told = week
  }
}

function mondayOf(now: Date): Date {
  const days = (now.getUTCDay() + 6) % 7
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() - days))
}
