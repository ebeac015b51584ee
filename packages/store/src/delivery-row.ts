import type { DeliveryRecord, DeliveryState, NewDelivery } from '@fixpoint/core'
import { storableName } from './storable-text.ts'

/** A line of the table, as the driver reads it. */
export interface DeliveryRow {
  readonly id: string
  readonly source: string
  readonly key: string
  readonly delivery_id: string
  readonly received_at: Date
  readonly size: string
  readonly state: DeliveryState
  readonly reason: string | null
  readonly reports: string[]
  readonly duplicates: number
}

export function recordOf(row: DeliveryRow): DeliveryRecord {
  const { id, source, key, state, reports, duplicates } = row
  return {
    ...{ id, source, key, deliveryId: row.delivery_id, receivedAt: row.received_at, bytes: Number(row.size) },
    ...{ state, reason: row.reason ?? undefined, reports, duplicates },
  }
}

/** What tells one delivery from another. */
type Identity = Pick<NewDelivery, 'source' | 'key' | 'deliveryId'>

export function identityOf({ source, key, deliveryId }: Identity): Identity {
  return { source: storableName(source), key: storableName(key), deliveryId: storableName(deliveryId) }
}

export function identity({ source, key, deliveryId }: Identity): string {
  return JSON.stringify([source, key, deliveryId])
}

export function byIdentity<Item extends Identity>(items: readonly Item[]): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const same = groups.get(identity(item))
    if (same === undefined) groups.set(identity(item), [item])
    else same.push(item)
  }
  return groups
}
