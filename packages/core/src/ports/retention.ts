/** What is kept for a while only. */
export interface Retention {
  /** Removes what nobody waits for any more and is older than a moment, in bounded batches. Says how many things went. */
  expire(before: Date): Promise<number>
}
