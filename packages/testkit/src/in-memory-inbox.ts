import { type Inbox, InboxMessage, type Retention, type RunId, type WaitingMessage } from '@fixpoint/core'

interface Kept {
  readonly id: string
  readonly run: RunId
  readonly at: Date
  readonly text: string
  takenAt: Date | undefined
}

/** What was said to runs, for as long as the process lives. Messages go through JSON, as they would on a disk. */
export class InMemoryInbox implements Inbox, Retention {
  #kept: Kept[] = []
  readonly #now: () => Date
  #last = 0

  constructor(now: () => Date = () => new Date()) {
    this.#now = now
  }

  async put(run: RunId, message: InboxMessage): Promise<string> {
    this.#last += 1
    const id = `msg_${String(this.#last).padStart(26, '0')}`
    this.#kept.push({ id, run, at: this.#now(), text: JSON.stringify(InboxMessage.parse(message)), takenAt: undefined })
    return id
  }

  async waiting(run: RunId): Promise<readonly WaitingMessage[]> {
    return this.#kept
      .filter((kept) => kept.run === run && kept.takenAt === undefined)
      .map(({ id, at, text }) => ({ id, at, message: InboxMessage.parse(JSON.parse(text)) }))
  }

  async take(id: string): Promise<void> {
    const kept = this.#kept.find((one) => one.id === id)
    if (kept !== undefined) kept.takenAt ??= this.#now()
  }

  /** What was taken goes; what waits stays. */
  async expire(before: Date): Promise<number> {
    const rest = this.#kept.filter((kept) => kept.takenAt === undefined || kept.takenAt >= before)
    const expired = this.#kept.length - rest.length
    this.#kept = rest
    return expired
  }
}
