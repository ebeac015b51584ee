import type { JournalEntry, RunId } from '@fixpoint/core'
import type { Database } from './database.ts'
import { parseEntry } from './event-file.ts'
import { UnreadableJournal } from './unreadable-journal.ts'

/** The entries of a run from number `from` on, each where it belongs. */
export async function readEntries(database: Database, run: RunId, from = 0, limit: number | null = null): Promise<readonly JournalEntry[]> {
  const { rows } = await database.query<{ seq: number; entry: string }>(
    'SELECT seq, entry::text AS entry FROM fixpoint.events WHERE run = $1 AND seq >= $2 ORDER BY seq LIMIT $3',
    [run, from, limit],
  )
  return rows.map((row, index) => {
    if (row.seq !== from + index) throw new UnreadableJournal(run, `event ${from + index} is missing, and event ${row.seq} is there`)
    const entry = parseEntry(run, row.seq, row.entry)
    if (entry === undefined) throw new UnreadableJournal(run, `event ${row.seq} is not an event`)
    return entry
  })
}
