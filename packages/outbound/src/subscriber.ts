import type { Subscription } from '@fixpoint/core'
import type { Reach } from './reach.ts'

interface Receiver extends Subscription {
  readonly url: string
  readonly reach: Reach
}

/** Who is told, and how. Secrets are here: it is never shown. */
export type Subscriber =
  | (Receiver & {
      readonly kind: 'webhook'
      /** `whsec_…`; several while they are being changed. */
      readonly secrets: readonly string[]
    })
  /** The address is the secret. */
  | (Receiver & { readonly kind: 'slack' })
