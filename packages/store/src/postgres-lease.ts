import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  announcementOf,
  awaitsOthers,
  codeOf,
  evolve,
  fold,
  IllegalEvent,
  JournalEntry,
  type JournalLease,
  type Run,
  type RunId,
  StaleRun,
  shownProposal,
} from '@fixpoint/core'
import { type Database, isUnreachable } from './database.ts'
import { EVENTS_CHANNEL } from './event-channel.ts'
import { readEntries } from './event-rows.ts'
import type { OutboundLines } from './outbound-lines.ts'

const UNIQUE_VIOLATION = '23505'

/** The run as its entries tell it, kept so that each append needs to fold one event only. */
interface Known {
  readonly run: Run
  readonly entries: number
  readonly report: string
}

/** The right to append to a run's journal, for as long as no newer lease was taken. */
export class PostgresLease implements JournalLease {
  readonly #database: Database
  readonly #run: RunId
  readonly #fence: string
  readonly #outbound: OutboundLines
  #known: Known | undefined
  #released = false
  #last: Promise<void> = Promise.resolve()

  constructor(database: Database, run: RunId, fence: string, outbound: OutboundLines) {
    this.#database = database
    this.#run = run
    this.#fence = fence
    this.#outbound = outbound
  }

  /** One after the other, whoever asks. */
  append(entry: JournalEntry): Promise<void> {
    const mine = this.#last.then(() => this.#append(entry))
    this.#last = mine.catch(() => undefined)
    return mine
  }

  async assertHeld(): Promise<void> {
    if (this.#released) throw new StaleRun(this.#run)
    const { rowCount } = await this.#database.query(
      'SELECT 1 FROM fixpoint.leases WHERE run = $1 AND fence = $2 AND held',
      [this.#run, this.#fence],
      'fixpoint-held',
    )
    if (rowCount === 0) throw new StaleRun(this.#run)
  }

  /** A lease that cannot be let go, because the database is away, is overtaken by the next one all the same. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#released) return
    this.#released = true
    await this.#last
    try {
      await this.#database.query('UPDATE fixpoint.leases SET held = false WHERE run = $1 AND fence = $2', [this.#run, this.#fence])
    } catch (error) {
      if (!isUnreachable(error)) throw error
    }
  }

  async #append(entry: JournalEntry): Promise<void> {
    const parsed = JournalEntry.parse(entry)
    if (this.#released) throw new StaleRun(this.#run)
    const known = await this.#upTo(parsed.seq)
    const run = evolve(known.run, parsed.event)
    const report = parsed.event.kind === 'run-opened' ? parsed.event.report : known.report
    this.#known = undefined
    if (!(await this.#write(parsed, run, report))) throw new StaleRun(this.#run)
    this.#known = { run, entries: parsed.seq + 1, report }
  }

  /** What is known of the run when `seq` is the next number; from the database, where we have not seen it. */
  async #upTo(seq: number): Promise<Known> {
    if (this.#known?.entries === seq) return this.#known
    await this.assertHeld()
    const entries = await readEntries(this.#database, this.#run)
    if (seq < entries.length) throw new StaleRun(this.#run)
    if (seq > entries.length) throw new IllegalEvent(`event ${seq} of ${this.#run} would leave a gap after ${entries.length} events`)
    const first = entries[0]?.event
    return { run: fold(entries), entries: entries.length, report: first?.kind === 'run-opened' ? first.report : '' }
  }

  /**
   * False when the number is taken or the lease was lost. When the connection broke, nobody knows whether it was written: it is asked
   * by its token, and tried again.
   */
  async #write(entry: JournalEntry, run: Run, report: string): Promise<boolean> {
    const token = randomUUID()
    const messages = this.#outbound.of(announcementOf(entry.event, run))
    for (let tries = 0; ; tries += 1) {
      try {
        if (tries > 0 && (await this.#isWritten(entry.seq, token))) return true
        const values = [this.#run, this.#fence, entry.seq, entry.at, entry.event.kind, JSON.stringify(entry), token, ...lineOf(run, report), messages]
        const { rows } = await this.#database.query<{ written: string }>(APPEND, values, 'fixpoint-append')
        return rows[0]?.written === '1'
      } catch (error) {
        if (codeOf(error) === UNIQUE_VIOLATION) return tries > 0 && (await this.#isWritten(entry.seq, token))
        const pause = isUnreachable(error) ? RETRY_MS[tries] : undefined
        if (pause === undefined) throw error
        await sleep(pause)
      }
    }
  }

  async #isWritten(seq: number, token: string): Promise<boolean> {
    const { rowCount } = await this.#database.query('SELECT 1 FROM fixpoint.events WHERE run = $1 AND seq = $2 AND token = $3', [this.#run, seq, token])
    return rowCount === 1
  }
}

/** A restart of the database takes seconds; a run should not end of it. */
const RETRY_MS: readonly number[] = [250, 1000, 3000]

const APPEND = `
WITH held AS (
  SELECT run FROM fixpoint.leases WHERE run = $1 AND fence = $2 AND held FOR UPDATE
), written AS (
  INSERT INTO fixpoint.events (run, seq, at, kind, entry, token)
  SELECT run, $3::integer, $4::timestamptz, $5, $6::json, $7::uuid FROM held
  RETURNING run
), shown AS (
  INSERT INTO fixpoint.runs AS line (id, phase, awaiting, outcome, report, proposal, entries, opened_at, updated_at)
  SELECT run, $8, $9::boolean, $10, $11, $12, $3::integer + 1, $4::timestamptz, $4::timestamptz FROM written
  ON CONFLICT (id) DO UPDATE SET phase = excluded.phase, awaiting = excluded.awaiting, outcome = excluded.outcome,
    proposal = excluded.proposal, entries = excluded.entries, updated_at = excluded.updated_at
  RETURNING id
), announced AS (
  INSERT INTO fixpoint.outbound (id, subscriber, topic, announcement, key, at, run, report, repository)
  SELECT message.id, message.subscriber, message.topic, message.announcement, $1 || '#' || $3::integer, $4::timestamptz, $1, owner.report, owner.repository
  FROM written, json_to_recordset($13::json) AS message (id text, subscriber text, topic text, announcement json)
  LEFT JOIN fixpoint.report_runs AS owner ON owner.run = $1
), told AS (
  SELECT pg_notify('${EVENTS_CHANNEL}', id) FROM shown
)
SELECT count(*) AS written FROM told`

/** phase, awaiting, outcome, report, proposal */
function lineOf(run: Run, report: string): readonly unknown[] {
  return [run.phase, awaitsOthers(run), run.phase === 'settled' ? run.outcome : null, report, shownProposal(run) ?? null]
}
