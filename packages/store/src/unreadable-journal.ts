import type { RunId } from '@fixpoint/core'

/** A journal that this version cannot tell. It is left as it is; guessing would rewrite history. */
export class UnreadableJournal extends Error {
  readonly hint = 'It is left as it is. Use the version of Fixpoint that wrote it, or start a new run for the same report.'
  constructor(run: RunId, problem: string) {
    super(`the journal of ${run} cannot be read: ${problem}`)
    this.name = 'UnreadableJournal'
  }
}
