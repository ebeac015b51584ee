import type { JournalEntry, RunId, RunIndex, RunPage, RunSummary } from '@fixpoint/core'
import type { FollowedJournal } from '../hands.ts'

/** Runs and their journals, as a test sets them; followers hear of what is appended. */
export class WatchedRuns implements RunIndex, FollowedJournal {
  readonly #runs = new Map<RunId, RunSummary>()
  readonly #entries = new Map<RunId, JournalEntry[]>()
  readonly #listeners = new Set<() => void>()
  readonly #watchers = new Set<(run: RunId) => void>()

  set(run: RunSummary): void {
    this.#runs.set(run.id, run)
  }

  append(run: RunId, event: JournalEntry['event'], at = '2026-01-02T03:04:05.000Z'): void {
    const entries = this.#entries.get(run) ?? []
    this.#entries.set(run, entries)
    entries.push({ v: 1, seq: entries.length, at, event })
    for (const listener of this.#listeners) listener()
    for (const watcher of this.#watchers) watcher(run)
  }

  async get(run: RunId): Promise<RunSummary | undefined> {
    return this.#runs.get(run)
  }

  async list({ limit, before, phase, awaiting, outcome, repository, source, text }: RunPage): Promise<readonly RunSummary[]> {
    const [asked, byOwner] = [
      { phase, awaiting, outcome },
      { repository, source },
    ]
    return [...this.#runs.values()]
      .filter((run) => before === undefined || run.id < before)
      .filter((run) => Object.entries(asked).every(([name, value]) => value === undefined || run[name as keyof typeof asked] === value))
      .filter(({ owner }) => Object.entries(byOwner).every(([name, value]) => value === undefined || owner?.[name as keyof typeof byOwner] === value))
      .filter(({ owner }) => text === undefined || owner?.title.toLowerCase().includes(text.toLowerCase()))
      .sort((one, other) => (one.id < other.id ? 1 : -1))
      .slice(0, limit)
  }

  async due(): Promise<readonly RunId[]> {
    return []
  }

  async read(run: RunId): Promise<readonly JournalEntry[]> {
    return this.#entries.get(run) ?? []
  }

  async *follow(run: RunId, from: number, signal: AbortSignal): AsyncIterable<JournalEntry> {
    for (let next = from; !signal.aborted; ) {
      const entry = this.#entries.get(run)?.[next]
      if (entry === undefined) await this.#change(signal)
      else {
        next += 1
        yield entry
      }
    }
  }

  async *changes(signal: AbortSignal): AsyncIterable<RunId> {
    const waiting: RunId[] = []
    const watcher = (run: RunId) => void waiting.push(run)
    this.#watchers.add(watcher)
    while (!signal.aborted) {
      const next = waiting.shift()
      if (next === undefined) await this.#change(signal)
      else yield next
    }
    this.#watchers.delete(watcher)
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#listeners.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      this.#listeners.add(done)
      signal.addEventListener('abort', done)
    })
  }
}
