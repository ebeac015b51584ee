import type { RunId } from '../words/ids.ts'
import type { InboxMessage } from '../words/inbox-message.ts'

export interface WaitingMessage {
  readonly id: string
  readonly at: Date
  readonly message: InboxMessage
}

/** What people and hosts say to a run, durable until the run loop turned it into facts. */
export interface Inbox {
  /** Durable when it resolves. */
  put(run: RunId, message: InboxMessage): Promise<string>
  /** Not yet taken, oldest first. */
  waiting(run: RunId): Promise<readonly WaitingMessage[]>
  /** It became a fact, or came too late (`why`). Taking twice is taking once. */
  take(id: string, why?: string): Promise<void>
}
