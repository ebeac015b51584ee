import type { OutboundMessage, Subscription } from '@fixpoint/core'
import type { Posted } from './post.ts'
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
  /** Somebody in this process, who knows how to reach who is to hear of it. */
  | (Subscription & { readonly kind: 'here'; readonly tell: (message: OutboundMessage, signal: AbortSignal) => Promise<Posted> })
