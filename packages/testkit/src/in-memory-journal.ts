import { IllegalEvent, type Journal, JournalEntry, type JournalLease, type RunId, StaleRun } from '@fixpoint/core'

interface Kept {
  readonly texts: string[]
  newestLease: number
}

/** The events of every run for as long as the process lives. Entries go through JSON, as they would on a disk. */
export class InMemoryJournal implements Journal {
  readonly #runs = new Map<RunId, Kept>()

  async read(run: RunId): Promise<readonly JournalEntry[]> {
    return (this.#runs.get(run)?.texts ?? []).map((text) => JournalEntry.parse(JSON.parse(text)))
  }

  async lease(run: RunId): Promise<JournalLease> {
    const kept = this.#runs.get(run) ?? { texts: [], newestLease: 0 }
    this.#runs.set(run, kept)
    kept.newestLease += 1
    return new InMemoryLease(run, kept, kept.newestLease)
  }

  async list(): Promise<readonly RunId[]> {
    return [...this.#runs].flatMap(([run, kept]) => (kept.texts.length > 0 ? [run] : [])).sort(byNewest)
  }
}

class InMemoryLease implements JournalLease {
  readonly #run: RunId
  readonly #kept: Kept
  readonly #number: number
  #released = false

  constructor(run: RunId, kept: Kept, number: number) {
    this.#run = run
    this.#kept = kept
    this.#number = number
  }

  async append(entry: JournalEntry): Promise<void> {
    const text = JSON.stringify(JournalEntry.parse(entry))
    this.#assertHeld()
    if (entry.seq < this.#kept.texts.length) throw new StaleRun(this.#run)
    if (entry.seq > this.#kept.texts.length)
      throw new IllegalEvent(`event ${entry.seq} of ${this.#run} would leave a gap after ${this.#kept.texts.length} events`)
    this.#kept.texts.push(text)
  }

  async assertHeld(): Promise<void> {
    this.#assertHeld()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#released = true
  }

  #assertHeld(): void {
    if (this.#released || this.#kept.newestLease !== this.#number) throw new StaleRun(this.#run)
  }
}

function byNewest(a: string, b: string): number {
  return a < b ? 1 : a > b ? -1 : 0
}
