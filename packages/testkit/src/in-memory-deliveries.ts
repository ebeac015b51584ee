import type { Deliveries, DeliveryRecord, NewDelivery, Retention } from '@fixpoint/core'

type Content = { readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array }
type Kept = { -readonly [Field in keyof DeliveryRecord]: DeliveryRecord[Field] } & { content: Content | undefined }

/** Lines of refused deliveries that one key may make in an hour: further ones are counted on the newest. */
const REFUSED_LINES = 100
const HOUR = 3_600_000

/** Deliveries for as long as the process lives: neither durable nor encrypted. */
export class InMemoryDeliveries implements Deliveries, Retention {
  readonly #kept: Kept[] = []
  readonly #now: () => Date
  #last = 0

  constructor(now: () => Date = () => new Date()) {
    this.#now = now
  }

  async accept(delivery: NewDelivery): Promise<{ id: string; fresh: boolean }> {
    const known = this.#kept.find((kept) => kept.state !== 'refused' && isSame(kept, delivery))
    if (known !== undefined) {
      known.duplicates += 1
      return { id: known.id, fresh: false }
    }
    const line = this.#line(delivery, 'accepted', delivery.body.byteLength, undefined)
    line.content = { headers: { ...delivery.headers }, body: delivery.body.slice() }
    return { id: line.id, fresh: true }
  }

  async refuse(delivery: Omit<NewDelivery, 'body'> & { readonly bytes: number; readonly reason: string }): Promise<void> {
    const since = this.#now().getTime() - HOUR
    const refused = this.#kept.filter((kept) => kept.state === 'refused' && kept.key === delivery.key && kept.receivedAt.getTime() >= since)
    const line = refused.find((kept) => isSame(kept, delivery)) ?? (refused.length < REFUSED_LINES ? undefined : refused.at(-1))
    if (line === undefined) this.#line(delivery, 'refused', delivery.bytes, delivery.reason)
    else line.duplicates += 1
  }

  async waiting(limit: number): Promise<readonly DeliveryRecord[]> {
    return this.#kept
      .filter((kept) => kept.state === 'accepted')
      .slice(0, limit)
      .map(record)
  }

  async content(id: string): Promise<Content | undefined> {
    const content = this.#find(id)?.content
    return content === undefined ? undefined : { headers: { ...content.headers }, body: content.body.slice() }
  }

  async conclude(id: string, conclusion: Parameters<Deliveries['conclude']>[1]): Promise<void> {
    const kept = this.#find(id)
    if (kept?.state !== 'accepted') return
    kept.state = conclusion.state
    kept.reason = conclusion.reason
    kept.reports = [...conclusion.reports]
  }

  async replay(id: string): Promise<boolean> {
    const kept = this.#find(id)
    if (kept?.content === undefined) return false
    kept.state = 'accepted'
    kept.reason = undefined
    return true
  }

  async get(id: string): Promise<DeliveryRecord | undefined> {
    const kept = this.#find(id)
    return kept && record(kept)
  }

  async list(page: Parameters<Deliveries['list']>[0]): Promise<readonly DeliveryRecord[]> {
    const { before, source, state } = page
    return this.#kept
      .filter((kept) => (before === undefined || kept.id < before) && (source === undefined || kept.source === source))
      .filter((kept) => state === undefined || kept.state === state)
      .reverse()
      .slice(0, page.limit)
      .map(record)
  }

  /** Contents of concluded deliveries go; their lines stay. */
  async expire(before: Date): Promise<number> {
    const expired = this.#kept.filter((kept) => kept.content !== undefined && kept.state !== 'accepted' && kept.receivedAt < before)
    for (const kept of expired) kept.content = undefined
    return expired.length
  }

  /** Whole lines go, except of what waits. */
  async forget(before: Date): Promise<number> {
    const forgotten = this.#kept.filter((kept) => kept.state !== 'accepted' && kept.receivedAt < before)
    for (const kept of forgotten) this.#kept.splice(this.#kept.indexOf(kept), 1)
    return forgotten.length
  }

  #find(id: string): Kept | undefined {
    return this.#kept.find((kept) => kept.id === id)
  }

  #line(delivery: Omit<NewDelivery, 'body'>, state: 'accepted' | 'refused', bytes: number, reason: string | undefined): Kept {
    const { source, key, deliveryId } = delivery
    this.#last += 1
    const id = `dlv_${String(this.#last).padStart(26, '0')}`
    const line: Kept = {
      ...{ id, source, key, deliveryId, receivedAt: this.#now(), bytes, state, reason, reports: [], duplicates: 0 },
      content: undefined,
    }
    this.#kept.push(line)
    return line
  }
}

function isSame(kept: Kept, delivery: Omit<NewDelivery, 'body'>): boolean {
  return kept.source === delivery.source && kept.key === delivery.key && kept.deliveryId === delivery.deliveryId
}

function record({ content: _, ...line }: Kept): DeliveryRecord {
  return { ...line, reports: [...line.reports] }
}
