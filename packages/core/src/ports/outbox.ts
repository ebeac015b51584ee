import type { Announcement, Topic } from '../words/announcement.ts'
import type { RunId } from '../words/ids.ts'

/** Who is to be told of what. */
export interface Subscription {
  readonly name: string
  readonly topics: readonly Topic[]
}

/** One announcement for one subscriber. */
export interface OutboundMessage {
  /** The same however often it is sent. */
  readonly id: string
  readonly subscriber: string
  readonly announcement: Announcement
  /** Of the fact. */
  readonly at: Date
  readonly run: RunId | undefined
  readonly report: string | undefined
  readonly repository: string | undefined
  readonly state: OutboundState
  /** How often it was tried; a try whose end nobody saw counts. */
  readonly attempts: number
  /** Of a message that waits: not before. */
  readonly nextAt: Date
  /** What the last try said. */
  readonly reason: string | undefined
}
export type OutboundState = 'waiting' | 'sent' | 'failed'

export type Attempted =
  | { readonly state: 'sent' }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly againInMs: number; readonly reason: string }

/** What is to be told others. The messages of a run are written with the fact that they tell of: either both are there or neither is. */
export interface Outbox {
  /** A message for everybody who subscribed to its topic; `run`: which one it tells of. The same `key` twice is once. Says how many were written. */
  announce(announcement: Announcement, key: string, run?: RunId): Promise<number>
  get(id: string): Promise<OutboundMessage | undefined>
  /** One message per subscriber that has any due: whoever sends it goes on with the others of its subscriber. */
  due(): Promise<readonly string[]>
  /** Takes the oldest due message of a subscriber for so long. Undefined when none is due, or while another one of the same subscriber is taken. */
  take(subscriber: string, forMs: number): Promise<OutboundMessage | undefined>
  conclude(id: string, attempted: Attempted): Promise<void>
  /** As if it had never been tried. False for what is not there. */
  resend(id: string): Promise<boolean>
  /** Newest first; `before` is an id of an earlier page. */
  list(page: {
    readonly limit: number
    readonly before?: string | undefined
    readonly state?: OutboundState | undefined
    readonly subscriber?: string | undefined
  }): Promise<readonly OutboundMessage[]>
}
