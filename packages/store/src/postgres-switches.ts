import type { EmergencyStop, Pauses, StopState } from '@fixpoint/core'
import type { Database } from './database.ts'
import { storable, storableName } from './storable-text.ts'

type Setting = Parameters<EmergencyStop['set']>[0]

/** What is turned on and off by name: seen by every process of the service, and kept with who did it. */
class Switches {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async get(name: string): Promise<StopState> {
    const { rows } = await this.#database.query<{ is_on: boolean; by: string; reason: string | null; at: Date }>(
      'SELECT is_on, by, reason, at FROM fixpoint.switches WHERE name = $1 ORDER BY at DESC LIMIT 1',
      [name],
    )
    const [last] = rows
    if (last === undefined) return { stopped: false }
    return { stopped: last.is_on, by: last.by, since: last.at, reason: last.reason ?? undefined }
  }

  async set(name: string, { stopped, by, reason }: Setting): Promise<StopState> {
    await this.#database.query('INSERT INTO fixpoint.switches (name, is_on, by, reason) VALUES ($1, $2, $3, $4)', [
      ...[name, stopped, storable(by), reason === undefined ? null : storable(reason)],
    ])
    return this.get(name)
  }
}

/** The emergency stop: of everything. */
export class PostgresEmergencyStop implements EmergencyStop {
  readonly #switches: Switches

  constructor(database: Database) {
    this.#switches = new Switches(database)
  }

  get(): Promise<StopState> {
    return this.#switches.get('emergency-stop')
  }

  set(stop: Setting): Promise<StopState> {
    return this.#switches.set('emergency-stop', stop)
  }
}

export class PostgresPauses implements Pauses {
  readonly #switches: Switches

  constructor(database: Database) {
    this.#switches = new Switches(database)
  }

  of(repository: string): Promise<StopState> {
    return this.#switches.get(nameOf(repository))
  }

  set(repository: string, pause: Setting): Promise<StopState> {
    return this.#switches.set(nameOf(repository), pause)
  }
}

function nameOf(repository: string): string {
  return `pause ${storableName(repository)}`
}
