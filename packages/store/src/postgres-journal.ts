import { type Journal, type JournalEntry, type JournalLease, RunId, type Subscription } from '@fixpoint/core'
import { type Database, isUnreachable } from './database.ts'
import { EventChannel } from './event-channel.ts'
import { readEntries } from './event-rows.ts'
import { OutboundLines } from './outbound-lines.ts'
import { PostgresLease } from './postgres-lease.ts'

/** Entries that a follower reads at once. */
const PAGE = 100

/**
 * A journal on PostgreSQL. The primary key (run, seq) is the gate: of two appends under one number, one gets it. A lease is a fence
 * that only ever rises; an append holds its row, so a newer lease waits for it or refuses it. The run's line in the read model, the
 * messages to subscribers and the word to those who follow are part of the same statement, which is the same transaction, and one way to
 * the database and back.
 */
export class PostgresJournal implements Journal, AsyncDisposable {
  readonly #database: Database
  readonly #channel: EventChannel
  readonly #outbound: OutboundLines

  /** `subscriptions`: who is told of what happens to runs. */
  constructor(database: Database, subscriptions: readonly Subscription[] = []) {
    this.#database = database
    this.#channel = new EventChannel(database)
    this.#outbound = new OutboundLines(subscriptions)
  }

  async read(run: RunId): Promise<readonly JournalEntry[]> {
    return readEntries(this.#database, RunId.parse(run))
  }

  async lease(run: RunId): Promise<JournalLease> {
    const { rows } = await this.#database.query<{ fence: string }>(
      `INSERT INTO fixpoint.leases AS lease (run, fence, held) VALUES ($1, 1, true)
       ON CONFLICT (run) DO UPDATE SET fence = lease.fence + 1, held = true, taken_at = now()
       RETURNING fence`,
      [RunId.parse(run)],
    )
    return new PostgresLease(this.#database, run, rows[0]?.fence ?? '0', this.#outbound)
  }

  async list(): Promise<readonly RunId[]> {
    const { rows } = await this.#database.query<{ id: RunId }>('SELECT id FROM fixpoint.runs ORDER BY id DESC')
    return rows.map((row) => row.id)
  }

  /**
   * Every entry from `fromSeq` on, those that are there and those to come, until the signal is aborted; then it ends. None is missed or
   * given twice, whatever becomes of the connection. What is not taken is not read.
   */
  async *follow(run: RunId, fromSeq: number, signal: AbortSignal): AsyncIterable<JournalEntry> {
    const subscription = this.#channel.subscribe(RunId.parse(run))
    try {
      for (let next = fromSeq; !signal.aborted; ) {
        const entries = await this.#page(run, next)
        for (const entry of entries) {
          if (signal.aborted) return
          yield entry
        }
        next += entries.length
        if (entries.length < PAGE) await subscription.changed(signal)
      }
    } finally {
      subscription.end()
    }
  }

  /** The runs that are appended to from now on, each once however often while nobody takes it; `undefined`, also at first: any of them may have been. */
  async *changes(signal: AbortSignal): AsyncIterable<RunId | undefined> {
    const changed = new Set<string | undefined>()
    let awake = () => {}
    const end = this.#channel.watch((run) => {
      changed.add(run)
      awake()
    })
    const stop = () => awake()
    signal.addEventListener('abort', stop)
    try {
      while (!signal.aborted) {
        const [next] = changed
        if (changed.size === 0) {
          await new Promise<void>((resolve) => {
            awake = resolve
          })
        } else {
          changed.delete(next)
          yield next === undefined ? undefined : RunId.parse(next)
        }
      }
    } finally {
      signal.removeEventListener('abort', stop)
      end()
    }
  }

  /** Ends the connection that listens. Those who follow see nothing new any more. */
  async close(): Promise<void> {
    await this.#channel.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** Nothing while the database is away: it is asked again later. */
  async #page(run: RunId, from: number): Promise<readonly JournalEntry[]> {
    try {
      return await readEntries(this.#database, run, from, PAGE)
    } catch (error) {
      if (isUnreachable(error)) return []
      throw error
    }
  }
}
