import { execFileSync } from 'node:child_process'
import { createHmac, randomBytes } from 'node:crypto'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Database, openDatabase } from '@fixpoint/store'
import { git } from '../stories/fixture.ts'
import { type Place, place } from '../stories/small-repository.ts'
import { alertOf, shopOf } from './defects.ts'
import { MortalPostgres } from './mortal-postgres.ts'
import { MortalRedis } from './mortal-redis.ts'
import { freePort, ServiceProcess, until } from './service-process.ts'

export interface GroundOptions {
  readonly defects?: readonly string[]
  readonly redis?: boolean
  /** Of the disk that holds the database and all homes; the machine's own without it. Needs the right to mount. */
  readonly diskMegabytes?: number
}

/** What a service is put on to see it suffer: a repository, a database, perhaps a Redis; and what was posted to it. */
export class Ground implements AsyncDisposable {
  readonly postgres: MortalPostgres
  readonly redis: MortalRedis | undefined
  readonly place: Place
  readonly processes: ServiceProcess[] = []
  /** Delivery ids that were answered with 202, and what each told of. */
  readonly accepted = new Map<string, string>()
  /** Homes of processes. */
  readonly homes = new Set<string>()
  /** What may be in no log, by its name. */
  readonly secrets = new Map<string, string>()
  /** A fixed one, so that a server that comes back is where it was. */
  readonly #port: number
  readonly #unmount: () => unknown
  #hook = { path: '', secret: '' }
  #database: Database | undefined

  private constructor(parts: { place: Place; postgres: MortalPostgres; redis: MortalRedis | undefined; port: number; unmount: () => unknown }) {
    this.place = parts.place
    this.postgres = parts.postgres
    this.redis = parts.redis
    this.#port = parts.port
    this.#unmount = parts.unmount
  }

  static async open({ defects = ['last'], redis = false, diskMegabytes }: GroundOptions = {}): Promise<Ground> {
    const at = await place(shopOf(defects))
    const root = join(at.folder, '..')
    const data = join(root, 'data')
    // The account of PostgreSQL passes through.
    await chmod(root, 0o711)
    await mkdir(data)
    if (diskMegabytes !== undefined) execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskMegabytes}m,mode=711`, 'fixpoint-faults', data])
    const ground = new Ground({
      place: at,
      postgres: await MortalPostgres.start(join(data, 'pg')),
      redis: redis ? await MortalRedis.start(join(root, 'redis')) : undefined,
      unmount: () => diskMegabytes !== undefined && execFileSync('umount', [data]),
      port: await freePort(),
    })
    const key = randomBytes(32).toString('hex')
    await at.file('key', key)
    ground.secrets.set('sealing key', key)
    ground.secrets.set('password of the database', new URL(ground.postgres.url).password)
    return ground
  }

  get root(): string {
    return join(this.place.folder, '..')
  }

  get data(): string {
    return join(this.root, 'data')
  }

  get address(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** `fixpoint <args>`, at a home of its own. */
  async start(home: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<ServiceProcess> {
    const folder = join(this.data, home)
    this.homes.add(folder)
    await mkdir(folder, { recursive: true })
    await writeFile(
      join(folder, 'fixpoint.config.yml'),
      `repositories:\n  shop: { path: ${JSON.stringify(this.place.folder)} }\nservices:\n  checkout: { repo: shop }\ngates: { runsPerDay: 1000, runsPerDayPerRepository: 1000 }\nbudget: { minutes: 60 }\n`,
    )
    const made = new ServiceProcess(args, {
      ...{ FIXPOINT_HOME: folder, FIXPOINT_KEY_FILE: join(this.root, 'key'), DATABASE_URL: this.postgres.url, REDIS_URL: this.redis?.url ?? '' },
      ...env,
    })
    this.processes.push(made)
    return made
  }

  async server(...args: string[]): Promise<ServiceProcess> {
    const server = await this.start('server', ['serve', '--port', `${this.#port}`, ...args])
    await server.says(/listens on/)
    return server
  }

  async worker(home = 'worker', env: Readonly<Record<string, string>> = {}): Promise<ServiceProcess> {
    const worker = await this.start(home, ['worker'], env)
    await worker.says(/works here/)
    return worker
  }

  /** An address to post to. Needs nothing but the database. */
  async makeKey(): Promise<void> {
    const made = await this.start('server', ['keys', 'create', 'generic', '--base', this.address])
    if ((await made.ended()) !== 0) throw new Error(made.said)
    // Whoever asked for it sees it.
    this.processes.pop()
    const url = /http\S+\/hooks\/\S+/.exec(made.said)?.[0] ?? ''
    const secret = /whsec_\S+/.exec(made.said)?.[0] ?? ''
    this.#hook = { path: new URL(url).pathname, secret }
    this.secrets.set('ingest key', url.split('/').at(-1) ?? '')
    this.secrets.set('signing secret', secret.slice('whsec_'.length))
  }

  /** Whoever may do everything, at the API: answers with the status and what was said. */
  async makePerson(): Promise<(method: 'GET' | 'POST', path: string) => Promise<{ status: number; body: unknown }>> {
    const token = await this.#makeToken()
    return async (method, path) => {
      const answer = await fetch(`${this.address}${path}`, { method, headers: { authorization: `Bearer ${token}` } })
      return { status: answer.status, body: await answer.json() }
    }
  }

  async #makeToken(): Promise<string> {
    const made = await this.start('server', ['tokens', 'create', 'ann', '--scope', 'read,decide,admin'])
    if ((await made.ended()) !== 0) throw new Error(made.said)
    this.processes.pop()
    const token = made.said.split('\n').find((line) => /^[\w-]{30,}$/.test(line)) ?? ''
    this.secrets.set('token', token)
    return token
  }

  /** The status, or undefined when nobody answered. What is answered with 202 counts as accepted. */
  async post(id: string, defect = 'last', address = this.address): Promise<number | undefined> {
    const body = alertOf(defect)
    const time = Math.floor(Date.now() / 1000)
    const key = Buffer.from(this.#hook.secret.slice('whsec_'.length), 'base64')
    const signature = createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64')
    try {
      const answer = await fetch(`${address}${this.#hook.path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': `${time}`, 'webhook-signature': `v1,${signature}` },
        body,
        signal: AbortSignal.timeout(30_000),
      })
      if (answer.status === 202) this.accepted.set(id, defect)
      return answer.status
    } catch {
      return undefined
    }
  }

  /** As a source does: until it is taken. */
  async postUntilTaken(id: string, defect = 'last', address = this.address): Promise<void> {
    await until(
      `${id} is taken`,
      async () => ((await this.post(id, defect, address)) === 202 ? true : undefined),
      () => this.words,
    )
  }

  /** What the database says, once it can be asked. */
  async ask<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return until(`the database answers ${text}`, async () => {
      try {
        this.#database ??= await openDatabase(this.postgres.url, { connections: 2, statementTimeoutMs: 5_000 })
        return (await this.#database.query(text, values)).rows as Row[]
      } catch (error) {
        if (error instanceof Error && 'hint' in error) return undefined
        throw error
      }
    })
  }

  /** Branches that Fixpoint made. */
  branches(): string[] {
    return git(this.place.folder, 'branch', '--list', 'fixpoint/*')
      .split('\n')
      .filter((line) => line !== '')
  }

  /** Everything that any process said. */
  get words(): string {
    return this.processes.map(({ said }) => said).join('\n')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const each of this.processes) if (each.alive) each.signal('SIGCONT')
    await Promise.all(this.processes.map((each) => each.ended('SIGTERM')))
    await this.#database?.close()
    this.redis?.thaw()
    await this.redis?.kill()
    await this.postgres.stop()
    this.#unmount()
    await this.place[Symbol.asyncDispose]()
  }
}
