import type { Subscription } from '@fixpoint/core'

/** Who is told, and how. Secrets are here: it is never shown. */
export type Subscriber =
  | (Subscription & {
      readonly kind: 'webhook'
      readonly url: string
      /** `whsec_…`; several while they are being changed. */
      readonly secrets: readonly string[]
    })
  /** The address is the secret. */
  | (Subscription & { readonly kind: 'slack'; readonly url: string })
