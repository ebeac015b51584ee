import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '@fixpoint/core'
import {
  type Database,
  migrate,
  openDatabase,
  PostgresArtifacts,
  PostgresDeliveries,
  PostgresEmergencyStop,
  PostgresInbox,
  PostgresJournal,
  PostgresReports,
  PostgresRunIndex,
  PostgresTokens,
  PrivatePostgres,
  Seal,
} from '@fixpoint/store'
import type { Env } from '../env.ts'
import { codeOf, makeHomeFolder } from '../folders.ts'

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
  readonly tokens: PostgresTokens
  readonly stop: PostgresEmergencyStop
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

export async function openStores(env: Env, say: (message: string) => void): Promise<Stores> {
  const opened = await openServiceDatabase(env, say)
  try {
    const { database, url } = opened
    const taken = await migrate(database)
    if (taken > 0) say(`database brought up to date: ${taken} migration${taken === 1 ? '' : 's'}`)
    const seal = new Seal(await sealingKey(env.home))
    return {
      database,
      url,
      journal: new PostgresJournal(database),
      runIndex: new PostgresRunIndex(database),
      artifacts: new PostgresArtifacts(database),
      inbox: new PostgresInbox(database),
      deliveries: new PostgresDeliveries(database, seal),
      reports: new PostgresReports(database),
      tokens: new PostgresTokens(database, seal),
      stop: new PostgresEmergencyStop(database),
      [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
    }
  } catch (error) {
    await opened[Symbol.asyncDispose]()
    throw error
  }
}

const KEY_BYTES = 32

/** The key under which contents of deliveries and signing secrets lie in the database. Made at the first start, and kept apart from it. */
async function sealingKey(home: string): Promise<Uint8Array> {
  const file = join(home, 'secret.key')
  await makeHomeFolder(home)
  try {
    await writeFile(file, randomBytes(KEY_BYTES).toString('hex'), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
  const key = Buffer.from((await readFile(file, 'utf8')).trim(), 'hex')
  if (key.length === KEY_BYTES) return key
  throw new Failure(
    'settings-invalid',
    `${file} does not hold a key of ${KEY_BYTES} bytes in hexadecimal`,
    'Put it back from a backup: what was sealed with it cannot be read without it.',
  )
}
