import type { RunId } from '@fixpoint/core'

/** A journal that this version cannot tell. It is left as it is; guessing would rewrite history. */
export class UnreadableJournal extends Error {
  constructor(run: RunId, problem: string) {
    super(`the journal of ${run} cannot be read: ${problem}`)
    this.name = 'UnreadableJournal'
  }
}
