import type { StoredReport } from '@fixpoint/core'

const HOUR = 3_600_000
/** Groups remembered; a storm of more distinct ones is shed anyway. */
const REMEMBERED = 20_000

/**
 * How many defects each source told anew in the last hour. Known ones always pass: they only count. What one process remembers is enough:
 * deliveries are looked at by one at a time, and a restart lets an hour's worth more through.
 */
export class StormGuard {
  readonly #known = new Set<string>()
  readonly #told = new Map<string, number[]>()

  /** From the reports that are there, newest sighting first. */
  constructor(reports: readonly StoredReport[]) {
    for (const { groupKey, source, firstSeen } of reports.toReversed()) this.#remember(groupKey, source, firstSeen)
  }

  has(groupKey: string): boolean {
    return this.#known.has(groupKey)
  }

  /** False when it is to be shed. An unknown one counts from now on, so that many at once are not all the first. */
  admits(groupKey: string, source: string, now: Date, perHour: number): boolean {
    const known = this.#known.has(groupKey)
    if (!known && this.#recent(source, now).length >= perHour) return false
    this.#remember(groupKey, source, known ? undefined : now)
    return true
  }

  /** It was a stranger to us only: there was a report before. */
  wasKnown(source: string, now: Date): void {
    this.#told.set(source, this.#recent(source, now).slice(0, -1))
  }

  #remember(groupKey: string, source: string, toldAt: Date | undefined): void {
    // The most recently seen are at the end.
    this.#known.delete(groupKey)
    this.#known.add(groupKey)
    for (const oldest of this.#known) {
      if (this.#known.size <= REMEMBERED) break
      this.#known.delete(oldest)
    }
    if (toldAt !== undefined) this.#told.set(source, [...(this.#told.get(source) ?? []), toldAt.getTime()])
  }

  #recent(source: string, now: Date): readonly number[] {
    const since = now.getTime() - HOUR
    const recent = (this.#told.get(source) ?? []).filter((at) => at > since)
    this.#told.set(source, recent)
    return recent
  }
}
