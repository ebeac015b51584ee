/** Things that one statement removes at most: its locks and its transaction stay short. */
export const BATCH = 500

/** Repeats `removeSome` until it finds less than a batch; says how much went. */
export async function inBatches(removeSome: (limit: number) => Promise<number>): Promise<number> {
  let removed = 0
  for (;;) {
    const some = await removeSome(BATCH)
    removed += some
    if (some < BATCH) return removed
  }
}
