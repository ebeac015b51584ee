/** What became of a delivery. `accepted`: durable, and not looked at yet. `refused`: not verified; nothing of it was kept but the fact. */
export type DeliveryState = 'accepted' | 'reported' | 'ignored' | 'shed' | 'failed' | 'refused'

export interface NewDelivery {
  /** Name of the adapter: `sentry`, `grafana`, … */
  readonly source: string
  /** Id of the ingest key that it came by. */
  readonly key: string
  /** The source's own id of this delivery, or a digest of its bytes where it gives none. */
  readonly deliveryId: string
  readonly headers: Readonly<Record<string, string>>
  /** As it came over the wire, decoded from its content encoding. */
  readonly body: Uint8Array
}

/** A line of the delivery log. */
export interface DeliveryRecord {
  readonly id: string
  readonly source: string
  readonly key: string
  readonly deliveryId: string
  readonly receivedAt: Date
  readonly bytes: number
  readonly state: DeliveryState
  /** Why it was ignored, shed, refused or failed. */
  readonly reason: string | undefined
  /** Reports that it became a sighting of. */
  readonly reports: readonly string[]
  /** How often the source sent it again. */
  readonly duplicates: number
}

/** Raw webhook deliveries: committed before they are answered, encrypted at rest, kept for their retention. */
export interface Deliveries {
  /** Durable when it resolves. `fresh` is false when this (source, key, deliveryId) is there already; then only a counter rose. */
  accept(delivery: NewDelivery): Promise<{ readonly id: string; readonly fresh: boolean }>
  /** One that was not verified: counted for the owner of the key, its body dropped. */
  refuse(delivery: Omit<NewDelivery, 'body'> & { readonly bytes: number; readonly reason: string }): Promise<void>
  /** Accepted and not concluded, oldest first. */
  waiting(limit: number): Promise<readonly DeliveryRecord[]>
  content(id: string): Promise<{ readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array } | undefined>
  conclude(
    id: string,
    conclusion: { readonly state: Exclude<DeliveryState, 'accepted' | 'refused'>; readonly reason?: string; readonly reports: readonly string[] },
  ): Promise<void>
  /** Makes a concluded delivery wait again. False when it is unknown, refused or expired. */
  replay(id: string): Promise<boolean>
  /** Undefined when it is unknown, or forgotten. */
  get(id: string): Promise<DeliveryRecord | undefined>
  /** Newest first; `before` is an id of an earlier page. */
  list(page: { readonly limit: number; readonly before?: string; readonly source?: string; readonly state?: DeliveryState }): Promise<readonly DeliveryRecord[]>
}
