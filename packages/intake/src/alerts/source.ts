import type { Alert, Hash } from '@fixpoint/core'

/** Names in lower case, one text each. */
export type Headers = Readonly<Record<string, string>>

export interface SignedRequest {
  readonly headers: Headers
  /** As it came, decoded from its content encoding and nothing else. */
  readonly body: Uint8Array
  /** What the owner of the ingest key agreed on with the source. */
  readonly secret: string | undefined
  readonly now: Date
  /** The text of a certificate at an https address that the source has already pinned to the host it may come from. Follow no redirect. */
  readonly fetchCertificate?: ((url: string) => Promise<string>) | undefined
  /** Topics that the owner allows (AWS SNS); without them every topic that knows the ingest key. */
  readonly topics?: readonly string[] | undefined
}

/** `unsigned`: nothing but the ingest key vouches for it. `retry`: it could not be told this time (answer 503); everything else is a 401. */
export type Verification = { readonly verified: true; readonly unsigned?: true } | { readonly verified: false; readonly why: string; readonly retry?: true }

export type Normalised =
  /** `leftOut`: how many more alerts the payload held. */
  | { readonly alerts: readonly Alert[]; readonly leftOut: number }
  | { readonly ignored: string }
  /** The source asks whether we want what it sends: GET this address once, without following a redirect. Only after `verify`. */
  | { readonly confirm: { readonly url: string; readonly topic: string } }
  | { readonly malformed: string }

/**
 * One alert source. Everything is pure but the certificate that the caller fetches. Only what the signature covers decides: a header beside
 * it can be changed by whoever replays a delivery.
 */
export interface AlertSource {
  /** In `/hooks/<name>/<ingest-key>`. */
  readonly name: string
  readonly title: string
  /** Without parameters, in lower case. */
  readonly contentTypes: readonly string[]
  /** It cannot sign: without a secret the ingest key alone vouches for it; with one it has to send `Authorization: Bearer <secret>`. */
  readonly unsigned: boolean
  /** Whether an ingest key of this source needs a secret, may have one, or never uses one. */
  readonly secret: 'required' | 'optional' | 'unused'
  verify(request: SignedRequest): Promise<Verification>
  /** The same for the same delivery sent again, whatever changed around its signed part. At most 200 printable characters. */
  deliveryId(headers: Headers, body: Uint8Array, hash: Hash): string
  /** Never throws, whatever the bytes. */
  normalise(headers: Headers, body: Uint8Array): Normalised
  /** What it wants to hear instead of an empty 202. */
  readonly reply?: { readonly status: number; readonly contentType: string; readonly body: string }
}
