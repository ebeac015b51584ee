import type { EmergencyStop, StopState } from '@fixpoint/core'
import type { Database } from './database.ts'
import { storable } from './storable-text.ts'

/** The emergency stop: seen by every process of the service, and kept with who turned it on and off. */
export class PostgresEmergencyStop implements EmergencyStop {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async get(): Promise<StopState> {
    const { rows } = await this.#database.query<{ is_on: boolean; by: string; reason: string | null; at: Date }>(
      "SELECT is_on, by, reason, at FROM fixpoint.switches WHERE name = 'emergency-stop' ORDER BY at DESC LIMIT 1",
    )
    const [last] = rows
    if (last === undefined) return { stopped: false }
    return { stopped: last.is_on, by: last.by, since: last.at, reason: last.reason ?? undefined }
  }

  async set(stop: { readonly stopped: boolean; readonly reason?: string | undefined; readonly by: string }): Promise<StopState> {
    await this.#database.query("INSERT INTO fixpoint.switches (name, is_on, by, reason) VALUES ('emergency-stop', $1, $2, $3)", [
      stop.stopped,
      storable(stop.by),
      stop.reason === undefined ? null : storable(stop.reason),
    ])
    return this.get()
  }
}
