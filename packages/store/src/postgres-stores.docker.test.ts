import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Digest, Failure, type NewDelivery } from '@fixpoint/core'
import {
  deliveriesContract,
  hostThreadsContract,
  inboxContract,
  ledgerContract,
  outboxContract,
  reportsContract,
  tokensContract,
  workerRosterContract,
} from '@fixpoint/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase, type Queries } from './database.ts'
import { BATCH } from './in-batches.ts'
import { migrate } from './migrations/migrate.ts'
import { PostgresDeliveries } from './postgres-deliveries.ts'
import { PostgresHostThreads } from './postgres-host-threads.ts'
import { PostgresInbox } from './postgres-inbox.ts'
import { PostgresLedger } from './postgres-ledger.ts'
import { PostgresOutbox } from './postgres-outbox.ts'
import { PostgresReports } from './postgres-reports.ts'
import { PostgresSourceMaps } from './postgres-source-maps.ts'
import { PostgresTokens } from './postgres-tokens.ts'
import { PostgresWorkerRoster } from './postgres-worker-roster.ts'
import { PrivatePostgres } from './private-server/private-postgres.ts'
import { registerSeal } from './seal-keys.ts'
import { Seal } from './sealed.ts'

const TABLES = [
  'pull_outcomes',
  'host_threads',
  'explanations',
  'deliveries',
  'reports',
  'sightings',
  'report_runs',
  'inbox',
  'tokens',
  'workers',
  'outbound',
  'spending',
] as const

let folder: string
let server: PrivatePostgres
let database: Database
/** Of another process, as far as the server can tell. */
let other: Database

async function start(): Promise<void> {
  // What is tested is killed processes, not a power cut.
  server = await PrivatePostgres.start({ folder, settings: { fsync: 'off' } })
  database = await openDatabase(server.url)
  other = await openDatabase(server.url)
}
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fixpoint-stores-'))
  await start()
  await migrate(database)
})
afterAll(async () => {
  await Promise.all([database.close(), other.close()])
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

const seal = new Seal(randomBytes(32))
async function empty(): Promise<Database> {
  for (const table of TABLES) await database.query(`DELETE FROM fixpoint.${table}`)
  return database
}

deliveriesContract(async () => new PostgresDeliveries(await empty(), seal))
reportsContract(async () => new PostgresReports(await empty()))
inboxContract(async () => new PostgresInbox(await empty()))
ledgerContract(async (spending) => new PostgresLedger(await empty(), spending))
outboxContract(async (subscriptions) => new PostgresOutbox(await empty(), subscriptions))
tokensContract(async () => new PostgresTokens(await empty(), seal))
workerRosterContract(async () => new PostgresWorkerRoster(await empty()))
hostThreadsContract(async () => {
  const reports = new PostgresReports(await empty())
  const sighting = { title: 'x', report: Digest.parse('a'.repeat(64)), hasTrace: true, severity: 'error', source: 'github', at: new Date() } as const
  const ids = ['one', 'two'].map(async (name) => (await reports.sight({ ...sighting, groupKey: name, delivery: name })).report.id)
  const [one = '', two = ''] = await Promise.all(ids)
  return { threads: new PostgresHostThreads(database), reports: [one, two] }
})

function aDelivery(deliveryId: string, text = '{}'): NewDelivery {
  return { source: 'sentry', key: 'key_1', deliveryId, headers: { 'x-told': 'HEADER-WORDS' }, body: new TextEncoder().encode(text) }
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index)

describe('deliveries at rest', () => {
  it('show nothing of headers and bodies, short or long, and open with their key only', async () => {
    const deliveries = new PostgresDeliveries(await empty(), seal)
    const { id } = await deliveries.accept(aDelivery('short', 'BODY-WORDS'))
    await deliveries.accept(aDelivery('long', 'BODY-WORDS'.repeat(1000)))
    await deliveries.refuse({ ...aDelivery('refused'), bytes: 3, reason: 'wrong signature' })
    const { rows } = await database.query<{ content: Buffer | null }>('SELECT content FROM fixpoint.deliveries ORDER BY id')
    expect(rows.map(({ content }) => content === null)).toEqual([false, false, true])
    expect(rows[1]?.content?.byteLength).toBeLessThan(1000)
    for (const { content } of rows) for (const words of ['HEADER', 'BODY']) expect(content?.includes(words) ?? false).toBe(false)
    const stranger = new PostgresDeliveries(database, new Seal(randomBytes(32)))
    await expect(stranger.content(id)).rejects.toThrow('sealed with a key that is not here')
  })

  it('cannot be swapped', async () => {
    const deliveries = new PostgresDeliveries(await empty(), seal)
    const one = await deliveries.accept(aDelivery('one'))
    const two = await deliveries.accept(aDelivery('two'))
    await database.query('UPDATE fixpoint.deliveries SET content = (SELECT content FROM fixpoint.deliveries WHERE id = $1) WHERE id = $2', [one.id, two.id])
    await expect(deliveries.content(two.id)).rejects.toThrow(Failure)
  })
})

describe('deliveries of two processes', () => {
  it('that meet in every order are kept once each, and nobody waits for ever', async () => {
    const stores = [new PostgresDeliveries(await empty(), seal), new PostgresDeliveries(other, seal)]
    const copies = stores.flatMap((store) => upTo(400).map((index) => ({ store, index, order: Math.random() }))).sort((a, b) => a.order - b.order)
    const answers = await Promise.all(copies.map(async ({ store, index }) => ({ index, ...(await store.accept(aDelivery(`n-${index}`))) })))
    expect(answers.filter((answer) => answer.fresh)).toHaveLength(400)
    expect(new Set(answers.map((answer) => answer.id)).size).toBe(400)
    const { rows } = await database.query('SELECT count(*)::integer AS lines, sum(duplicates)::integer AS copies FROM fixpoint.deliveries')
    expect(rows).toEqual([{ lines: 400, copies: 400 }])
  })
})

describe('a server that is killed', () => {
  it('has every delivery that was answered, and goes on', async () => {
    const deliveries = new PostgresDeliveries(await empty(), seal)
    const answered: string[] = []
    let failures = 0
    let stop = false
    const clients = upTo(20).map(async (client) => {
      for (let index = 0; !stop; index += 1) {
        const accepted = await deliveries.accept(aDelivery(`${client}-${index}`, randomBytes(2000).toString('hex'))).catch((error: unknown) => {
          expect(error).toBeInstanceOf(Failure)
          failures += 1
        })
        if (accepted === undefined) return
        answered.push(accepted.id)
      }
    })
    while (answered.length < 300) await new Promise((done) => setTimeout(done, 5))
    const [pid] = (await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8')).split('\n')
    process.kill(Number(pid), 'SIGKILL')
    await Promise.race([Promise.all(clients), new Promise((done) => setTimeout(done, 20_000))])
    stop = true
    await Promise.all(clients)
    await Promise.all([database.close(), other.close(), server.stop()])
    await start()
    expect(failures).toBe(20)
    const again = new PostgresDeliveries(database, seal)
    const { rows } = await database.query<{ id: string }>('SELECT id FROM fixpoint.deliveries')
    const kept = new Set(rows.map((row) => row.id))
    expect(answered.filter((id) => !kept.has(id))).toEqual([])
    expect((await again.content(answered.at(-1) ?? ''))?.body).toHaveLength(4000)
  })
})

describe('bounds', () => {
  it('what is more than may wait is refused at once, and the rest is kept', async () => {
    const deliveries = new PostgresDeliveries(await empty(), seal, { deliveries: 50, bytes: 1000 })
    const many = await Promise.allSettled(upTo(60).map((index) => deliveries.accept(aDelivery(`n-${index}`))))
    expect(many.filter((one) => one.status === 'fulfilled')).toHaveLength(50)
    await expect(deliveries.accept(aDelivery('large', 'x'.repeat(1001)))).rejects.toMatchObject({ code: 'database-unreachable' })
    expect((await deliveries.accept(aDelivery('later'))).fresh).toBe(true)
    expect(await deliveries.waiting(100)).toHaveLength(51)
  })

  it('more than a batch expires in batches', async () => {
    const deliveries = new PostgresDeliveries(await empty(), seal)
    const count = 2 * BATCH + 1
    await Promise.all(upTo(count).map((index) => deliveries.accept(aDelivery(`n-${index}`))))
    await database.query(`UPDATE fixpoint.deliveries SET state = 'ignored'`)
    const later = new Date(Date.now() + 1000)
    expect(await deliveries.expire(later)).toBe(count)
    expect(await deliveries.forget(later)).toBe(count)
    expect(await deliveries.list({ limit: 1 })).toEqual([])
  })
})

describe('reports of two processes', () => {
  it('count a storm of alerts about few defects without waiting for each other for ever', async () => {
    const stores = [new PostgresReports(await empty()), new PostgresReports(other)]
    const at = new Date()
    const storm = upTo(200).map((index) => ({
      ...{ groupKey: `group-${index % 4}`, title: 'TypeError', report: Digest.parse('a'.repeat(64)), hasTrace: index % 3 === 0, severity: 'error' as const },
      ...{ source: 'sentry', delivery: `dlv_${index >> 2}`, at },
    }))
    // Each twice, once by each.
    const answers = await Promise.all(stores.flatMap((store) => storm.map((sighting) => store.sight(sighting))))
    expect(answers.filter((answer) => answer.created)).toHaveLength(4)
    const reports = (await stores[0]?.list({ limit: 10 })) ?? []
    expect(reports.map(({ sightings, state }) => ({ sightings, state }))).toEqual(upTo(4).map(() => ({ sightings: 50, state: 'new' })))
  })
})

describe('tokens at rest', () => {
  it('show no secret of any kind', async () => {
    const tokens = new PostgresTokens(await empty(), seal)
    const expiresAt = new Date(Date.now() + 60_000)
    const grant = { name: 'ann', scopes: ['read' as const], expiresAt }
    const signingSecret = 'SIGNING-WORDS'
    const secrets = [
      (await tokens.issueIngestKey({ name: 'live', source: 'sentry', signingSecret })).secret,
      (await tokens.issueApiToken(grant)).secret,
      (await tokens.issueLoginLink(grant)).secret,
      (await tokens.openSession(grant)).secret,
    ]
    const { rows } = await database.query<{ line: string; signing_secret: Buffer | null }>('SELECT tokens::text AS line, signing_secret FROM fixpoint.tokens')
    expect(rows).toHaveLength(4)
    for (const { line, signing_secret } of rows) {
      for (const secret of secrets) expect(line).not.toContain(secret.slice(4))
      expect(signing_secret?.includes(signingSecret) ?? false).toBe(false)
    }
  })

  it('a signing secret cannot be moved to another key', async () => {
    const tokens = new PostgresTokens(await empty(), seal)
    const { key } = await tokens.issueIngestKey({ name: 'a', source: 'sentry', signingSecret: 'mine' })
    const { secret } = await tokens.issueIngestKey({ name: 'b', source: 'sentry', signingSecret: 'yours' })
    await database.query('UPDATE fixpoint.tokens SET signing_secret = (SELECT signing_secret FROM fixpoint.tokens WHERE id = $1)', [key.id])
    await expect(tokens.ingestKey(secret)).rejects.toThrow(Failure)
  })

  it('once revoking is answered no lookup opens it, also while an earlier one is still under way', async () => {
    await empty()
    const { promise: gate, open } = aGate()
    const slow: Queries = {
      query: async (text, values) => {
        const result = await database.query(text, values)
        if (text.includes('AS stale')) await gate
        return result as never
      },
    }
    const tokens = new PostgresTokens(slow, seal)
    const { token, secret } = await tokens.issueApiToken({ name: 'ann', scopes: ['read'] })
    const early = tokens.apiToken(secret)
    await new Promise((done) => setTimeout(done, 50))
    expect(await tokens.revoke(token.id)).toBe(true)
    const late = tokens.apiToken(secret)
    open()
    expect(await late).toBeUndefined()
    await early
  })
})

function aGate(): { promise: Promise<void>; open: () => void } {
  let open = () => {}
  const promise = new Promise<void>((done) => {
    open = done
  })
  return { promise, open }
}

describe('the key that everything is sealed with', () => {
  it('is the same on every machine, and an older one alone is not enough', async () => {
    await database.query('DELETE FROM fixpoint.seal_keys')
    const [old, current] = [randomBytes(32), randomBytes(32)]
    await registerSeal(database, new Seal(old))
    await registerSeal(other, new Seal(old))
    await expect(registerSeal(other, new Seal(randomBytes(32)))).rejects.toThrow('a key that is not on this machine')
    // Known everywhere first, then used: no machine has to stop for it.
    await registerSeal(other, new Seal(old, [current]))
    await registerSeal(database, new Seal(current, [old]))
    await registerSeal(other, new Seal(old, [current]))
    await expect(registerSeal(other, new Seal(old))).rejects.toThrow(Failure)
  })
})

describe('source maps', () => {
  it('are found by release and by debug id, the newest upload of a file alone, until they expire', async () => {
    const maps = new PostgresSourceMaps(database)
    const one = { service: 'shop', release: '1', file: 'assets/app.js', debugId: 'd'.repeat(32), map: Digest.parse('a'.repeat(64)) }
    await maps.put({ ...one, map: Digest.parse('b'.repeat(64)) })
    await maps.put(one)
    await maps.put({ ...one, release: '2', debugId: undefined })
    const find = (wanted: { service?: string; release?: string; debugIds?: string[] }) => maps.find({ debugIds: [], limit: 10, ...wanted })
    expect(await find({ service: 'shop', release: '1' })).toEqual([one])
    expect(await find({ service: 'bank', release: '1', debugIds: [one.debugId] })).toEqual([one])
    expect([await find({ service: 'shop' }), await find({}), await find({ service: "'; DROP", release: '\0' })]).toEqual([[], [], []])
    expect([await maps.expire(new Date(Date.now() + 60_000)), await find({ service: 'shop', release: '1' })]).toEqual([2, []])
  })
})
