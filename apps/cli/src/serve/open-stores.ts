import { join } from 'node:path'
import type { Subscription } from '@fixpoint/core'
import {
  type Database,
  migrate,
  openDatabase,
  PostgresArtifacts,
  PostgresChanges,
  PostgresDeliveries,
  PostgresEmergencyStop,
  PostgresFixes,
  PostgresHostThreads,
  PostgresInbox,
  PostgresInsights,
  PostgresJournal,
  PostgresOutbox,
  PostgresPauses,
  PostgresReports,
  PostgresRunIndex,
  PostgresSourceMaps,
  PostgresTokens,
  PostgresWorkerRoster,
  PrivatePostgres,
  registerSeal,
} from '@fixpoint/store'
import type { Env } from '../env.ts'
import { readSeal } from './sealing-key.ts'

/** The database of the service and everything that is kept in it. */
export interface Stores extends AsyncDisposable {
  readonly database: Database
  /** Of the database: the queue opens connections of its own. */
  readonly url: string
  readonly journal: PostgresJournal
  readonly runIndex: PostgresRunIndex
  readonly artifacts: PostgresArtifacts
  readonly inbox: PostgresInbox
  readonly deliveries: PostgresDeliveries
  readonly reports: PostgresReports
  readonly fixes: PostgresFixes
  readonly insights: PostgresInsights
  readonly threads: PostgresHostThreads
  readonly sourceMaps: PostgresSourceMaps
  readonly tokens: PostgresTokens
  readonly outbox: PostgresOutbox
  readonly stop: PostgresEmergencyStop
  readonly pauses: PostgresPauses
  readonly changes: PostgresChanges
  readonly roster: PostgresWorkerRoster
}

/** A database that answers: DATABASE_URL, or a private server that is started here, or found when another process of ours runs it. */
export async function openServiceDatabase(env: Env, say: (message: string) => void): Promise<{ database: Database; url: string } & AsyncDisposable> {
  const server =
    env.databaseUrl === undefined ? await PrivatePostgres.start({ folder: join(env.home, 'postgres'), searchPath: env.searchPath, progress: say }) : undefined
  const url = server?.url ?? env.databaseUrl ?? ''
  try {
    const database = await openDatabase(url)
    return {
      database,
      url,
      async [Symbol.asyncDispose]() {
        await database[Symbol.asyncDispose]()
        await server?.[Symbol.asyncDispose]()
      },
    }
  } catch (error) {
    await server?.[Symbol.asyncDispose]()
    throw error
  }
}

/** `subscriptions`: who is told what happens to runs; for those who write journals. */
export async function openStores(env: Env, say: (message: string) => void, subscriptions: readonly Subscription[] = []): Promise<Stores> {
  const opened = await openServiceDatabase(env, say)
  try {
    const { database, url } = opened
    const taken = await migrate(database)
    if (taken > 0) say(`database brought up to date: ${taken} migration${taken === 1 ? '' : 's'}`)
    const seal = await readSeal(env)
    await registerSeal(database, seal)
    return {
      database,
      url,
      journal: new PostgresJournal(database, subscriptions),
      runIndex: new PostgresRunIndex(database),
      artifacts: new PostgresArtifacts(database),
      inbox: new PostgresInbox(database),
      deliveries: new PostgresDeliveries(database, seal),
      reports: new PostgresReports(database),
      fixes: new PostgresFixes(database),
      insights: new PostgresInsights(database),
      threads: new PostgresHostThreads(database),
      sourceMaps: new PostgresSourceMaps(database),
      tokens: new PostgresTokens(database, seal),
      outbox: new PostgresOutbox(database, subscriptions),
      stop: new PostgresEmergencyStop(database),
      pauses: new PostgresPauses(database),
      changes: new PostgresChanges(database),
      roster: new PostgresWorkerRoster(database),
      [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
    }
  } catch (error) {
    await opened[Symbol.asyncDispose]()
    throw error
  }
}
