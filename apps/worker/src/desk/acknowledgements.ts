import { HostFailure } from '@fixpoint/core'
import { githubDeliveries, githubEvents } from '@fixpoint/intake'
import type { WorkerHands } from '../hands.ts'
import type { DeskHands } from './desk-hands.ts'
import type { HostDesk } from './host-desk.ts'

const LOOK = 100

/**
 * Shows people within a moment that they were heard, also while what others asked for is being attended to: fetching a large repository, or saying
 * much on a host that wants to be written to slowly, takes its time. What cannot be shown now is shown when its turn comes.
 */
export class Acknowledgements {
  readonly #hands: Pick<WorkerHands, 'deliveries' | 'log'>
  readonly #slug: string
  readonly #acknowledge: HostDesk['acknowledge']
  #looked: ReadonlySet<string> = new Set()

  constructor(hands: Pick<WorkerHands, 'deliveries' | 'log'>, { hosts }: Pick<DeskHands, 'hosts'>, acknowledge: HostDesk['acknowledge']) {
    this.#hands = hands
    this.#slug = hosts.self.slug
    this.#acknowledge = acknowledge
  }

  async give(signal: AbortSignal): Promise<void> {
    const waiting = await this.#hands.deliveries.list({ limit: LOOK, source: githubDeliveries.name, state: 'accepted' })
    const fresh = waiting.map(({ id }) => id).filter((id) => !this.#looked.has(id))
    this.#looked = new Set(waiting.map(({ id }) => id))
    // In the order in which they came.
    await Promise.all(fresh.reverse().map((id) => this.#give(id, signal)))
  }

  async #give(id: string, signal: AbortSignal): Promise<void> {
    const content = await this.#hands.deliveries.content(id)
    if (content === undefined || signal.aborted) return
    const news = githubEvents(content.headers, content.body, { slug: this.#slug })
    try {
      for (const event of 'events' in news ? news.events : []) await this.#acknowledge(event, id)
    } catch (error) {
      if (!(error instanceof HostFailure)) throw error
      this.#hands.log.warn({ delivery: id, code: error.code, error: error.message }, 'a sign could not be given')
    }
  }
}
