import { setTimeout as sleep } from 'node:timers/promises'
import type { RunId } from '@fixpoint/core'
import type pg from 'pg'
import type { Database } from './database.ts'

/** Each append says so on this channel; the payload is the run. */
export const EVENTS_CHANNEL = 'fixpoint_events'

/** However sure the channel is: a notification may be lost on a way that looks alive, or behind a pooler that carries none. */
const LOOK_ANYWAY_MS = 15_000
const RECONNECT_MS = [100, 500, 2000, 5000] as const

/** Wakes whoever follows a run. It carries no entries: those are read from the journal, so none is ever missed or doubled. */
export interface Subscription {
  /** Resolves when there may be something new since the last call, or when the signal is aborted. Never throws. */
  changed(signal: AbortSignal): Promise<void>
  end(): void
}

interface Listener {
  /** Undefined: whatever happens. */
  readonly run: RunId | undefined
  /** Of one run, or of anything: nobody knows what was missed. */
  wake(run: string | undefined): void
}

/** One connection of this process listens for everybody who follows; it is there while somebody does. */
export class EventChannel {
  readonly #database: Database
  readonly #listeners = new Set<Listener>()
  #work: Promise<void> | undefined
  #leave: AbortController | undefined
  #hears = false

  constructor(database: Database) {
    this.#database = database
  }

  subscribe(run: RunId): Subscription {
    let news = false
    let waiting: (() => void) | undefined
    const listener: Listener = {
      run,
      wake: () => {
        news = true
        waiting?.()
      },
    }
    const wake = () => listener.wake(undefined)
    const end = this.#add(listener)
    return {
      changed: async (signal) => {
        if (!news && !signal.aborted) {
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, LOOK_ANYWAY_MS)
            waiting = () => {
              clearTimeout(timer)
              signal.removeEventListener('abort', wake)
              resolve()
            }
            signal.addEventListener('abort', wake, { once: true })
          })
          waiting = undefined
          signal.removeEventListener('abort', wake)
        }
        news = false
      },
      end,
    }
  }

  /** Tells of every run that was appended to, until the answer is called; `undefined`, also at first: anything may have happened. Nothing may be thrown. */
  watch(tell: (run: string | undefined) => void): () => void {
    const end = this.#add({ run: undefined, wake: tell })
    // Whoever comes first is told when we begin to listen.
    if (this.#hears) tell(undefined)
    return end
  }

  /** Ends the connection, followers or not. */
  async close(): Promise<void> {
    this.#listeners.clear()
    this.#leave?.abort()
    await this.#work
  }

  #add(listener: Listener): () => void {
    this.#listeners.add(listener)
    this.#attend()
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#leave?.abort()
    }
  }

  #attend(): void {
    if (this.#work !== undefined) return
    const leave = new AbortController()
    this.#leave = leave
    this.#work = this.#listen(leave.signal).finally(() => {
      this.#work = undefined
      // Somebody came while the connection was being ended.
      if (this.#listeners.size > 0) this.#attend()
    })
  }

  async #listen(leave: AbortSignal): Promise<void> {
    for (let tries = 0; !leave.aborted; tries += 1) {
      try {
        const client = await this.#database.dedicated('listening')
        try {
          const lost = whenLost(client, leave)
          client.on('notification', (message) => this.#wake(message.payload))
          await client.query(`LISTEN ${EVENTS_CHANNEL}`)
          tries = 0
          this.#hears = true
          // What was said before we listened was heard by nobody.
          this.#wake(undefined)
          await lost
        } finally {
          this.#hears = false
          await client.end().catch(() => undefined)
        }
      } catch {
        // The database is away: followers look by themselves, and are told when it is back.
      }
      // Who looks at a database that was closed finds out, and goes.
      if (!leave.aborted) this.#wake(undefined)
      if (!leave.aborted) await sleep(RECONNECT_MS[Math.min(tries, RECONNECT_MS.length - 1)], undefined, { signal: leave }).catch(() => undefined)
    }
  }

  #wake(run: string | undefined): void {
    for (const listener of this.#listeners) if (run === undefined || listener.run === undefined || listener.run === run) listener.wake(run)
  }
}

function whenLost(client: pg.Client, leave: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    client.on('error', () => resolve())
    client.on('end', () => resolve())
    // Everybody may have left while the connection was made.
    if (leave.aborted) resolve()
    leave.addEventListener('abort', () => resolve(), { once: true })
  })
}
