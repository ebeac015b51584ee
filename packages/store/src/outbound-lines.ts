import type { Announcement, Subscription } from '@fixpoint/core'
import { SortableIds } from './sortable-ids.ts'

/** The lines of `fixpoint.outbound` that an announcement takes: one for everybody who subscribed to its topic. */
export class OutboundLines {
  readonly #subscriptions: readonly Subscription[]
  readonly #ids = new SortableIds()

  constructor(subscriptions: readonly Subscription[]) {
    this.#subscriptions = subscriptions
  }

  /** As JSON, for `json_to_recordset`: id, subscriber, topic, announcement. */
  of(announcement: Announcement | undefined): string {
    if (announcement === undefined) return '[]'
    const { topic } = announcement
    const subscribed = this.#subscriptions.filter(({ topics }) => topics.includes(topic))
    return JSON.stringify(subscribed.map(({ name }) => ({ id: this.#ids.next('out'), subscriber: name, topic, announcement })))
  }
}
