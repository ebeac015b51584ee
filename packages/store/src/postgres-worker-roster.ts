import type { SeenWorker, WorkerBeat, WorkerRoster } from '@fixpoint/core'
import type { Database } from './database.ts'

/** As JSON keeps it. */
type KeptBeat = Omit<WorkerBeat, 'startedAt'> & { readonly startedAt: string }

/** A line per worker. Those that fell silent are let go of by whoever beats next. */
export class PostgresWorkerRoster implements WorkerRoster {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async beat(worker: WorkerBeat): Promise<void> {
    await this.#database.query(
      `WITH silent AS (DELETE FROM fixpoint.workers WHERE seen_at < clock_timestamp() - interval '1 hour' AND id <> $1)
       INSERT INTO fixpoint.workers (id, beat, seen_at) VALUES ($1, $2, clock_timestamp())
       ON CONFLICT (id) DO UPDATE SET beat = excluded.beat, seen_at = excluded.seen_at`,
      [worker.id, JSON.stringify(worker)],
    )
  }

  async leave(id: string): Promise<void> {
    await this.#database.query('DELETE FROM fixpoint.workers WHERE id = $1', [id])
  }

  async seen(): Promise<readonly SeenWorker[]> {
    const { rows } = await this.#database.query<{ beat: KeptBeat; silent_ms: string }>(
      `SELECT beat, greatest(0, extract(epoch FROM clock_timestamp() - seen_at) * 1000) AS silent_ms FROM fixpoint.workers
       WHERE seen_at >= clock_timestamp() - interval '1 hour' ORDER BY beat->>'startedAt' DESC, id`,
    )
    return rows.map(({ beat, silent_ms }) => ({ ...beat, startedAt: new Date(beat.startedAt), silentMs: Math.round(Number(silent_ms)) }))
  }
}
