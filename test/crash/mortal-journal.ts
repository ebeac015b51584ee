import type { Journal, JournalEntry, RunId } from '@fixpoint/core'

/** Dies at the n-th append: before it is durable, or just after. */
export class MortalJournal implements Journal {
  readonly #inner: Journal
  readonly #die: { at: number; when: 'before' | 'after' }
  constructor(inner: Journal, die: { at: number; when: 'before' | 'after' }) {
    this.#inner = inner
    this.#die = die
  }
  read(run: RunId): Promise<readonly JournalEntry[]> {
    return this.#inner.read(run)
  }
  list(): Promise<readonly RunId[]> {
    return this.#inner.list()
  }
  async lease(run: RunId) {
    const lease = await this.#inner.lease(run)
    const die = this.#die
    return {
      assertHeld: () => lease.assertHeld(),
      [Symbol.asyncDispose]: () => lease[Symbol.asyncDispose](),
      append: async (entry: JournalEntry) => {
        if (entry.seq === die.at && die.when === 'before') throw new Error('killed')
        await lease.append(entry)
        if (entry.seq === die.at) throw new Error('killed')
      },
    }
  }
}
