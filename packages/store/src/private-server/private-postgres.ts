import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf, Failure } from '@fixpoint/core'
import { Database, isUnreachable } from '../database.ts'
import { onDisk } from '../durable.ts'
import { findBinaries } from './binaries.ts'
import { initialise, majorOf, SUPERUSER } from './data-folder.ts'
import { type Listening, urlOf, whereToListen } from './listening.ts'
import { passwordOf, wrongPassword } from './password.ts'
import { type Places, placesFor } from './places.ts'
import { askToStop, clearStaleLock, endServer, type Postmaster, pidFileOf, postmasterOf, type Spawned, spawnPostmaster } from './postmaster.ts'
import { exists, isAlive, markOf } from './processes.ts'
import { readState, writeState } from './server-state.ts'
import { takeTurn } from './turn.ts'
import { watch } from './watchdog.ts'

export interface PrivatePostgresOptions {
  /** Absolute. The server's alone: data, programs, socket and password are kept in it. */
  readonly folder: string
  /** Folders of PostgreSQL's programs, instead of those that come with us and those of the system. */
  readonly programs?: readonly string[] | undefined
  /** Where else the system's programs may be: the search path, split. */
  readonly searchPath?: readonly string[] | undefined
  /** Settings of the server, as in `postgresql.conf`. Tests turn `fsync` off. */
  readonly settings?: Readonly<Record<string, string>> | undefined
  /** How long it may take until the server answers; after a crash it may have to recover first. */
  readonly timeoutMs?: number | undefined
  readonly progress?: ((message: string) => void) | undefined
}

/** Between the start of a server and its line in `server.json` there are moments. */
const STARTER_SPEAKS_WITHIN_MS = 15_000

/**
 * A PostgreSQL of our own, for who has none: started from programs that npm brought, in a folder of ours, reachable through a socket (or
 * the loopback interface) and only with a random password. It stops with the process that started it, also when that is killed. A second
 * process on the same folder finds the first one's. PostgreSQL's own lock is what keeps two servers off one folder.
 */
export class PrivatePostgres implements AsyncDisposable {
  /** Of the database; holds the password: not to be logged. */
  readonly url: string
  /** False when another process started it: then stopping is that one's business. */
  readonly owner: boolean
  readonly version: string
  readonly #stop: () => Promise<void>
  #stopped: Promise<void> | undefined

  private constructor(facts: { url: string; owner: boolean; version: string }, stop: () => Promise<void>) {
    this.url = facts.url
    this.owner = facts.owner
    this.version = facts.version
    this.#stop = stop
  }

  static async start(options: PrivatePostgresOptions): Promise<PrivatePostgres> {
    return onDisk(options.folder, async () => {
      const places = await placesFor(options.folder)
      const deadline = Date.now() + (options.timeoutMs ?? 120_000)
      let lastWords = ''
      let waitingSince: number | undefined
      while (Date.now() < deadline) {
        const running = await postmasterOf(places.data)
        if (running === undefined) {
          await using turn = await takeTurn(places.data)
          if (turn === undefined) {
            await sleep(50)
            continue
          }
          // Before it was our turn, another may have started one.
          if ((await postmasterOf(places.data)) !== undefined) continue
          const started = await startServer(places, options, deadline)
          if (typeof started !== 'string') return new PrivatePostgres({ ...started, owner: true }, started.stop)
          lastWords = started
          await sleep(200)
          continue
        }
        const state = await readState(places.folder)
        if (state?.postmaster === running.pid && (await isAlive(state.owner))) {
          const guest = await meet(places, running)
          if (guest !== undefined) return new PrivatePostgres({ ...guest, owner: false }, async () => undefined)
          await sleep(50)
          continue
        }
        waitingSince ??= Date.now()
        if (state?.postmaster === running.pid || Date.now() - waitingSince > STARTER_SPEAKS_WITHIN_MS) {
          // Whoever started it was killed.
          options.progress?.('stopping a PostgreSQL whose owner was killed')
          askToStop(running.pid)
          await gone(running.pid, 30_000)
        } else await sleep(50)
      }
      throw cannotStart(places, lastWords || 'it did not become ready in time')
    })
  }

  /** Ends the server if it is ours: connections are closed, everything is written. Twice is once. */
  async stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    await this.#stopped
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}

/** Starts a server on the data, which is made first where there is none. A text says why it did not start, and trying again may help. */
async function startServer(
  places: Places,
  options: PrivatePostgresOptions,
  deadline: number,
): Promise<{ url: string; version: string; stop: () => Promise<void> } | string> {
  const { account, data, place } = places
  const major = await majorOf(data)
  const binaries = await findBinaries({ place, account, major, folders: options.programs, searchPath: options.searchPath })
  const password = await passwordOf(places, major === undefined)
  if (major === undefined) {
    options.progress?.(`making a data folder for PostgreSQL ${binaries.version}`)
    await initialise(place, data, binaries, account, password, { durable: options.settings?.fsync !== 'off' })
    // Of two who made it at once, the other may have won, with other programs.
    if ((await majorOf(data)) !== binaries.major) return 'another process was faster'
  }
  const listening = await whereToListen(places)
  await clearStaleLock(data, listening)
  const startLog = join(places.folder, `start.${randomUUID()}.log`)
  const server = await spawnPostmaster({ binaries, account, data, listening, startLog, settings: options.settings ?? {} })
  let dog: ChildProcess | undefined
  const stop = async () => {
    await endServer(server)
    // It looks for the server when the pipe closes, and finds none.
    dog?.stdin?.destroy()
  }
  try {
    const claim = async () => {
      dog = watch(server.pid, pidFileOf(data))
      await writeState(places.folder, { postmaster: server.pid, owner: await markOf(process.pid) })
    }
    const answer = await whenReady(places, server, claim, deadline)
    if (answer !== undefined) {
      await stop()
      if (CONFLICT.test(answer)) return answer
      throw cannotStart(places, answer)
    }
    await makeDatabase(listening, password, places)
    return { url: urlOf(listening, password), version: binaries.version, stop }
  } catch (error) {
    await stop()
    throw error
  } finally {
    await rm(startLog, { force: true })
  }
}

/** Another server was first, or what a killed one left is still ending. */
const CONFLICT = /lock file ".*" already exists|shared memory block|could not bind|Address already in use/

/** Undefined when it is ready, or what it said when it ended. `claim` is called as soon as it, and no other, has the data. */
async function whenReady(places: Places, server: Spawned, claim: () => Promise<void>, deadline: number): Promise<string | undefined> {
  const ended = server.ended.then((output) => ({ output }))
  let claimed = false
  while (Date.now() < deadline) {
    const over = await Promise.race([ended, sleep(20)])
    if (over !== undefined) return over.output || 'it ended at once and said nothing'
    const now = await postmasterOf(places.data)
    if (now?.pid !== server.pid) continue
    if (!claimed) await claim()
    claimed = true
    if (now.ready) return undefined
  }
  return 'it did not become ready in time'
}

async function makeDatabase(listening: Listening, password: string, places: Places): Promise<void> {
  await using maintenance = new Database({ connectionString: urlOf(listening, password, 'postgres') }, { connections: 1 })
  try {
    const { rowCount } = await maintenance.query('SELECT 1 FROM pg_database WHERE datname = $1', [SUPERUSER])
    if (rowCount === 0) await maintenance.query(`CREATE DATABASE ${SUPERUSER}`)
  } catch (error) {
    if (isSignIn(error)) throw wrongPassword(places, error)
    throw error
  }
}

/** The server of another process, once it answers. */
async function meet(places: Places, running: Postmaster): Promise<{ url: string; version: string } | undefined> {
  if (!running.ready || running.listening === undefined) return undefined
  const url = urlOf(running.listening, await passwordOf(places, false))
  await using database = new Database({ connectionString: url }, { connections: 1, connectTimeoutMs: 5000 })
  try {
    const { rows } = await database.query<{ server_version: string }>('SHOW server_version')
    return { url, version: rows[0]?.server_version ?? '' }
  } catch (error) {
    if (isSignIn(error)) throw wrongPassword(places, error)
    // Stopping just now, or its database is not made yet.
    if (isUnreachable(error)) return undefined
    throw error
  }
}

function isSignIn(error: unknown): boolean {
  return error instanceof Failure && String(codeOf(error.cause)).startsWith('28')
}

async function gone(pid: number, patienceMs: number): Promise<void> {
  for (const until = Date.now() + patienceMs; exists(pid) && Date.now() < until; ) await sleep(50)
}

function cannotStart(places: Places, words: string): Failure {
  if (/No space left/.test(words)) return new Failure('disk-full', `no space left for ${places.place}`, 'Free some space, then start again: nothing is lost.')
  return new Failure(
    'database-unreachable',
    `PostgreSQL does not start on ${places.data}: ${words.trim().slice(-600)}`,
    `Look into ${join(places.data, 'log')}, or set DATABASE_URL to a PostgreSQL that runs.`,
  )
}
