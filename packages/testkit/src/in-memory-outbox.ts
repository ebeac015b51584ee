import type { Announcement, Attempted, OutboundMessage, Outbox, RunId, Subscription } from '@fixpoint/core'

/** What others are told, for as long as the process lives. */
export class InMemoryOutbox implements Outbox {
  readonly #subscriptions: readonly Subscription[]
  readonly #now: () => Date
  readonly #kept = new Map<string, { message: OutboundMessage; readonly key: string; takenUntil: number }>()

  constructor(subscriptions: readonly Subscription[] = [], now: () => Date = () => new Date()) {
    this.#subscriptions = subscriptions
    this.#now = now
  }

  async announce(announcement: Announcement, key: string, run?: RunId): Promise<number> {
    const subscribed = this.#subscriptions.filter(
      ({ name, topics }) =>
        topics.includes(announcement.topic) &&
        ![...this.#kept.values()].some((one) => one.key === key && one.message.subscriber === name && one.message.announcement.topic === announcement.topic),
    )
    for (const { name } of subscribed) {
      const id = `out_${String(this.#kept.size + 1).padStart(26, '0')}`
      const at = this.#now()
      const unknown = { run, report: undefined, repository: undefined, reason: undefined }
      this.#kept.set(id, { message: { id, subscriber: name, announcement, at, ...unknown, state: 'waiting', attempts: 0, nextAt: at }, key, takenUntil: 0 })
    }
    return subscribed.length
  }

  async get(id: string): Promise<OutboundMessage | undefined> {
    return this.#kept.get(id)?.message
  }

  async due(): Promise<readonly string[]> {
    const first = new Map<string, string>()
    for (const { id, subscriber } of this.#due()) if (!first.has(subscriber)) first.set(subscriber, id)
    return [...first.values()]
  }

  async take(subscriber: string, forMs: number): Promise<OutboundMessage | undefined> {
    const now = this.#now().getTime()
    const busy = [...this.#kept.values()].some(
      ({ message, takenUntil }) => message.subscriber === subscriber && message.state === 'waiting' && takenUntil > now,
    )
    const message = busy ? undefined : this.#due().find((one) => one.subscriber === subscriber)
    if (message === undefined) return undefined
    this.#change(message.id, { attempts: message.attempts + 1 }, now + forMs)
    return this.get(message.id)
  }

  async conclude(id: string, attempted: Attempted): Promise<void> {
    if ((await this.get(id))?.state !== 'waiting') return
    const reason = 'reason' in attempted ? attempted.reason : undefined
    if ('state' in attempted) this.#change(id, { state: attempted.state, reason })
    else this.#change(id, { reason, nextAt: new Date(this.#now().getTime() + attempted.againInMs) })
  }

  async resend(id: string): Promise<boolean> {
    return this.#change(id, { state: 'waiting', attempts: 0, nextAt: this.#now(), reason: undefined })
  }

  async list({ limit, before, state, subscriber }: Parameters<Outbox['list']>[0]): Promise<readonly OutboundMessage[]> {
    return [...this.#kept.values()]
      .map(({ message }) => message)
      .filter((one) => (before === undefined || one.id < before) && (state ?? one.state) === one.state && (subscriber ?? one.subscriber) === one.subscriber)
      .reverse()
      .slice(0, limit)
  }

  #due(): readonly OutboundMessage[] {
    const now = this.#now()
    return [...this.#kept.values()]
      .filter(({ message, takenUntil }) => message.state === 'waiting' && message.nextAt <= now && takenUntil <= now.getTime())
      .map(({ message }) => message)
  }

  #change(id: string, changes: Partial<OutboundMessage>, takenUntil = 0): boolean {
    const kept = this.#kept.get(id)
    if (kept === undefined) return false
    kept.message = { ...kept.message, ...changes }
    kept.takenUntil = takenUntil
    return true
  }
}
