import { type DeliveryRecord, type HostEvent, HostFailure } from '@fixpoint/core'
import { githubDeliveries, githubEvents } from '@fixpoint/intake'
import type { Conclusion, WorkerHands } from '../hands.ts'
import type { DeskHands } from './desk-hands.ts'
import type { HostDesk } from './host-desk.ts'

/** How the reason of a delivery begins that is looked at again by itself, at once or not before some moment. */
const PUT_OFF = /^put off(?: until (\S+))?: /
/** Of what is fetched from the host itself: vouched for like what it delivers. */
const KEY = 'github-app'
const MINUTE = 60_000
const DAY = 24 * 3_600_000
/** GitHub keeps the list of its deliveries for three days. */
const RECOVER_AT_START_MS = 3 * DAY
const LOOK = 100

/** What a code host delivers, from the wire to the desk. */
export class HostDeliveries {
  readonly #hands: Pick<WorkerHands, 'deliveries' | 'clock' | 'log'>
  readonly #desk: DeskHands
  readonly #attend: HostDesk['attend']
  readonly #lastOf = new Map<string, Promise<unknown>>()
  #recovered: Date | undefined

  constructor(hands: Pick<WorkerHands, 'deliveries' | 'clock' | 'log'>, desk: DeskHands, attend: HostDesk['attend']) {
    this.#hands = hands
    this.#desk = desk
    this.#attend = attend
  }

  /** What is told of one repository is attended to in the order in which it is handed on here: a label that is taken off and put on again is on. */
  async hear(delivery: DeliveryRecord, headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<Conclusion> {
    const { slug } = this.#desk.hosts.self
    const news = githubEvents(headers, body, { slug })
    if ('malformed' in news) return { state: 'failed', reason: news.malformed, reports: [] }
    if ('ignored' in news) return { state: 'ignored', reason: news.ignored, reports: [] }
    const about = news.events[0]?.repository ?? ''
    const before = this.#lastOf.get(about)
    const attended = (async () => {
      await before?.catch(() => undefined)
      return this.#attendTo(news.events, delivery)
    })()
    this.#lastOf.set(about, attended)
    try {
      return await attended
    } finally {
      if (this.#lastOf.get(about) === attended) this.#lastOf.delete(about)
    }
  }

  /** A host that cannot be asked now is asked again later: nothing that was delivered is lost by it. */
  async #attendTo(events: readonly HostEvent[], delivery: DeliveryRecord): Promise<Conclusion> {
    const [done, ignored, reports]: [string[], string[], string[]] = [[], [], []]
    let until: Date | undefined
    try {
      for (const event of events) {
        const attended = await this.#attend(event, delivery)
        if ('ignored' in attended) ignored.push(attended.ignored)
        else {
          done.push(attended.done)
          reports.push(...attended.reports)
          until = attended.until ?? until
        }
      }
    } catch (error) {
      if (!(error instanceof HostFailure)) throw error
      const passing = error.code === 'host-unreachable' || error.code === 'host-rate-limited'
      this.#hands.log.warn({ delivery: delivery.id, code: error.code, error: error.message }, 'a delivery could not be attended to')
      return { state: 'failed', reason: `${passing ? 'put off: ' : ''}${error.message}`, reports }
    }
    const reason = [...done, ...ignored].join('; ')
    if (until !== undefined) return { state: 'failed', reason: `put off until ${until.toISOString()}: ${reason}, and more is under way`, reports }
    return done.length > 0 ? { state: 'reported', reason, reports: [...new Set(reports)] } : { state: 'ignored', reason, reports: [] }
  }

  /** What could not be attended to, and what the host could not hand over, waits to be looked at. Says how much. */
  async takeUpAgain(signal: AbortSignal): Promise<number> {
    const putOff = await this.#again()
    const now = this.#hands.clock.now()
    if (now.getTime() - (this.#recovered?.getTime() ?? 0) < this.#desk.recoverMs) return putOff
    // A moment more than since the last look: what was on its way then.
    const since = new Date((this.#recovered?.getTime() ?? now.getTime() - RECOVER_AT_START_MS) - MINUTE)
    const lost = await this.#recover(since, signal)
    this.#recovered = now
    return putOff + lost
  }

  /** Those that were put off, for a day. */
  async #again(): Promise<number> {
    const { deliveries, clock } = this.#hands
    const failed = await deliveries.list({ limit: LOOK, source: githubDeliveries.name, state: 'failed' })
    let count = 0
    for (const { id, reason, receivedAt } of failed) {
      const putOff = PUT_OFF.exec(reason ?? '')
      const now = clock.now().getTime()
      if (putOff === null || Date.parse(putOff[1] ?? '') > now || now - receivedAt.getTime() > DAY) continue
      if (await deliveries.replay(id)) count += 1
    }
    return count
  }

  /** What got lost on its way while nobody listened, as if it had just come. Twice is once. */
  async #recover(since: Date, signal: AbortSignal): Promise<number> {
    let count = 0
    for await (const { id, headers, body } of this.#desk.hosts.missedDeliveries(since, signal)) {
      const { fresh } = await this.#hands.deliveries.accept({ source: githubDeliveries.name, key: KEY, deliveryId: id, headers, body })
      if (fresh) count += 1
    }
    return count
  }
}
