import { type DeliveryRecord, HostFailure } from '@fixpoint/core'
import { githubDeliveries, githubEvents } from '@fixpoint/intake'
import type { Conclusion, WorkerHands } from '../hands.ts'
import type { DeskHands } from './desk-hands.ts'
import type { HostDesk } from './host-desk.ts'

/** How the reason of a delivery begins that is looked at again by itself. */
const PUT_OFF = 'put off: '
/** Of what is fetched from the host itself: vouched for like what it delivers. */
const KEY = 'github-app'
const DAY = 24 * 3_600_000
const LOOK = 100

/** What a code host delivers, from the wire to the desk. */
export class HostDeliveries {
  readonly #hands: Pick<WorkerHands, 'deliveries' | 'clock' | 'log'>
  readonly #desk: DeskHands
  readonly #attend: HostDesk['attend']

  constructor(hands: Pick<WorkerHands, 'deliveries' | 'clock' | 'log'>, desk: DeskHands, attend: HostDesk['attend']) {
    this.#hands = hands
    this.#desk = desk
    this.#attend = attend
  }

  /** A host that cannot be asked now is asked again later: nothing that was delivered is lost by it. */
  async hear(delivery: DeliveryRecord, headers: Readonly<Record<string, string>>, body: Uint8Array): Promise<Conclusion> {
    const { slug } = this.#desk.hosts.self
    const news = githubEvents(headers, body, { slug })
    if ('malformed' in news) return { state: 'failed', reason: news.malformed, reports: [] }
    if ('ignored' in news) return { state: 'ignored', reason: news.ignored, reports: [] }
    const [done, ignored, reports]: [string[], string[], string[]] = [[], [], []]
    try {
      for (const event of news.events) {
        const attended = await this.#attend(event, delivery)
        if ('ignored' in attended) ignored.push(attended.ignored)
        else {
          done.push(attended.done)
          reports.push(...attended.reports)
        }
      }
    } catch (error) {
      if (!(error instanceof HostFailure)) throw error
      const passing = error.code === 'host-unreachable' || error.code === 'host-rate-limited'
      this.#hands.log.warn({ delivery: delivery.id, code: error.code, error: error.message }, 'a delivery could not be attended to')
      return { state: 'failed', reason: `${passing ? PUT_OFF : ''}${error.message}`, reports }
    }
    const reason = [...done, ...ignored].join('; ')
    return done.length > 0 ? { state: 'reported', reason, reports: [...new Set(reports)] } : { state: 'ignored', reason, reports: [] }
  }

  /** Those that were put off wait again, for a day. Says how many. */
  async again(): Promise<number> {
    const { deliveries, clock } = this.#hands
    const failed = await deliveries.list({ limit: LOOK, source: githubDeliveries.name, state: 'failed' })
    let count = 0
    for (const { id, reason, receivedAt } of failed) {
      if (reason?.startsWith(PUT_OFF) !== true || clock.now().getTime() - receivedAt.getTime() > DAY) continue
      if (await deliveries.replay(id)) count += 1
    }
    return count
  }

  /** What got lost on its way while nobody listened, as if it had just come. Twice is once. */
  async recover(since: Date, signal: AbortSignal): Promise<number> {
    let count = 0
    for await (const { id, headers, body } of this.#desk.hosts.missedDeliveries(since, signal)) {
      const { fresh } = await this.#hands.deliveries.accept({ source: githubDeliveries.name, key: KEY, deliveryId: id, headers, body })
      if (fresh) count += 1
    }
    return count
  }
}
