import { termNamed } from '../../ui/terms.tsx'
import { DELIVERY_STATES, type DeliveryState } from './delivery-states.ts'

/** What the address of the deliveries says: which of them, and which one is open. */
export interface DeliveriesSearch {
  readonly state?: DeliveryState
  readonly source?: string
  readonly delivery?: string
}

export function deliveriesSearch(given: Record<string, unknown>): DeliveriesSearch {
  const state = termNamed(DELIVERY_STATES, given.state)
  const id = (name: 'source' | 'delivery') => (typeof given[name] === 'string' && /^[\w-]{1,100}$/.test(given[name]) ? { [name]: given[name] } : {})
  return { ...(state && { state }), ...id('source'), ...id('delivery') }
}
