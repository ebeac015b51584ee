import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Failure, RunId } from '@fixpoint/core'
import { Redis } from 'ioredis'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ConsumeOptions, Draining, type Evidence, type Handlers, type JobQueue, LostLock, openQueue, type QueueLog } from './index.ts'

const run = (n: number) => RunId.parse(`run_${String(n).padStart(26, '0')}`)
const quiet = () => undefined

interface Server {
  readonly url: string
  readonly process: ChildProcess
  /** The same data again, after a kill. */
  start(): Promise<void>
  /** Everything in it, as if it had never been. */
  flush(): Promise<void>
  stop(): Promise<void>
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

async function until<T>(what: () => T | undefined | false | Promise<T | undefined | false>, ms = 15_000): Promise<T> {
  const end = performance.now() + ms
  for (;;) {
    const value = await what()
    if (value !== undefined && value !== false) return value
    if (performance.now() > end) throw new Error(`waited ${ms} ms for ${what}`)
    await sleep(20)
  }
}

async function gone(process: ChildProcess | undefined): Promise<void> {
  if (process === undefined || process.exitCode !== null || process.signalCode !== null) return
  await new Promise((resolve) => process.once('exit', resolve))
}

async function redisServer(...settings: string[]): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'fixpoint-redis-'))
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}/0`
  const asked = async (work: (redis: Redis) => Promise<unknown>) => {
    const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 })
    redis.on('error', quiet)
    try {
      await redis.connect()
      await work(redis)
      return true
    } catch {
      return false
    } finally {
      redis.disconnect()
    }
  }
  let process: ChildProcess
  const start = async () => {
    process = spawn('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes', ...settings], {
      stdio: 'ignore',
    })
    await until(() => asked((redis) => redis.ping()))
  }
  await start()
  return {
    url,
    get process() {
      return process
    },
    start,
    flush: async () => void (await asked((redis) => redis.flushall())),
    stop: async () => {
      process.kill('SIGKILL')
      await gone(process)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const BINARIES = ['/usr/lib/postgresql/15/bin', '/usr/lib/postgresql/16/bin', '/usr/lib/postgresql/17/bin'].find((folder) => existsSync(folder))

async function postgresServer(): Promise<Server> {
  if (BINARIES === undefined) throw new Error('no PostgreSQL on this machine: apt-get install postgresql')
  const folder = mkdtempSync(join(tmpdir(), 'fixpoint-pg-'))
  // PostgreSQL refuses to run as root; no account is made for it.
  const account = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
  if (account.uid !== undefined) {
    chmodSync(folder, 0o700)
    chownSync(folder, account.uid, account.gid)
  }
  const data = join(folder, 'data')
  execFileSync(join(BINARIES, 'initdb'), ['-D', data, '-U', 'fixpoint', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--locale=C'], {
    ...account,
    cwd: folder,
    stdio: 'ignore',
  })
  const port = await freePort()
  const url = `postgres://fixpoint@127.0.0.1:${port}/postgres`
  const asked = async (text: string) => {
    const client = new pg.Client({ connectionString: url })
    client.on('error', quiet)
    try {
      await client.connect()
      await client.query(text)
      return true
    } catch {
      return false
    } finally {
      await client.end().catch(quiet)
    }
  }
  let server: ChildProcess
  const start = async () => {
    server = spawn(join(BINARIES, 'postgres'), ['-D', data, '-p', `${port}`, '-h', '127.0.0.1', '-k', '', '-c', 'fsync=off', '-c', 'max_connections=200'], {
      ...account,
      cwd: folder,
      stdio: 'ignore',
    })
    await until(() => asked('SELECT 1'))
  }
  await start()
  return {
    url,
    get process() {
      return server
    },
    start,
    flush: async () => {
      await asked('TRUNCATE bullmq.job, bullmq.dedup, bullmq.dedup_next CASCADE')
      await asked('TRUNCATE fixpoint_queue.place')
    },
    stop: async () => {
      server.kill('SIGKILL')
      await gone(server)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A worker in a process of its own, for what cannot be done to our own. It prints a line per event. */
const CHILD = `
import { openQueue } from ${JSON.stringify(fileURLToPath(new URL('../dist/index.js', import.meta.url)))}
const [url, namespace, how, lockMs, reached] = process.argv.slice(2)
const queue = await openQueue({ url, namespace, log: () => {} })
const say = (...words) => process.stdout.write(words.join(' ') + '\\n')
await queue.consume({
  concurrency: 2,
  ...(lockMs === '0' ? {} : { lockMs: Number(lockMs) }),
  signal: new AbortController().signal,
  reached: async () => Number(reached),
  parked: async (run, evidence) => say('parked', run, evidence.deaths),
  handlers: {
    'run-wake-up': async ({ run }, { signal }) => {
      say('driving', run)
      if (how === 'dies') process.kill(process.pid, 'SIGKILL')
      await new Promise((resolve) => { signal.addEventListener('abort', resolve, { once: true }); if (signal.aborted) resolve() })
      say('aborted', run, signal.reason?.name)
    },
  },
})
say('ready')
`

/** Queues and processes of one test, and their end. */
class World implements AsyncDisposable {
  readonly namespace = `t${randomUUID().slice(0, 8)}`
  readonly #server: Server
  readonly #folder: string
  readonly #queues: JobQueue[] = []
  readonly #children: ChildProcess[] = []

  constructor(server: Server, folder: string) {
    this.#server = server
    this.#folder = folder
  }

  async queue(log: QueueLog = quiet): Promise<JobQueue> {
    const queue = await openQueue({ url: this.#server.url, namespace: this.namespace, log })
    this.#queues.push(queue)
    return queue
  }

  /** `lockMs`: 0 for the lock of the catalogue. */
  async child(how: 'waits' | 'dies', lockMs: number, reached = 0): Promise<{ process: ChildProcess; lines: string[] }> {
    const child = spawn(process.execPath, [join(this.#folder, 'child.mjs'), this.#server.url, this.namespace, how, `${lockMs}`, `${reached}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.#children.push(child)
    const lines: string[] = []
    child.stdout.on('data', (bytes: Buffer) => lines.push(...bytes.toString().trimEnd().split('\n')))
    await until(() => lines.length > 0 || child.exitCode !== null || child.signalCode !== null)
    return { process: child, lines }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL')
    await Promise.all(this.#children.map(gone))
    await Promise.all(this.#queues.map((queue) => queue[Symbol.asyncDispose]()))
  }
}

function consume(queue: JobQueue, handlers: Handlers, more: Partial<ConsumeOptions> = {}) {
  return queue.consume({ handlers, concurrency: 4, signal: new AbortController().signal, parked: async () => undefined, ...more })
}

const BACKENDS = [
  ['redis', redisServer],
  ['postgres', postgresServer],
] as const

describe.concurrent.each(BACKENDS)('the queue on %s', (kind, serve) => {
  let server: Server
  let folder: string
  const aWorld = () => new World(server, folder)

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fixpoint-queue-'))
    writeFileSync(join(folder, 'child.mjs'), CHILD)
    server = await serve()
    // Several first ones at once migrate once.
    await Promise.all([1, 2, 3].map(async () => (await openQueue({ url: server.url, log: quiet }))[Symbol.asyncDispose]()))
  })
  afterAll(async () => {
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('of a killed worker, the run goes on within 15 s', async () => {
    await using world = aWorld()
    const queue = await world.queue()
    const killed = await world.child('waits', 0)
    await queue.wake(run(1))
    await until(() => killed.lines.includes(`driving ${run(1)}`))
    await sleep(2_500)
    const next = await world.child('waits', 0)
    killed.process.kill('SIGKILL')
    const started = performance.now()
    await until(() => next.lines.includes(`driving ${run(1)}`))
    const resumed = performance.now() - started
    console.log(`${kind}: kill -9 to driven again ${Math.round(resumed)} ms`)
    expect(resumed).toBeLessThan(15_000)
  })

  it('a frozen worker that wakes is told that its run is somebody else’s', async () => {
    await using world = aWorld()
    const queue = await world.queue()
    const frozen = await world.child('waits', 1_500)
    await queue.wake(run(1))
    await until(() => frozen.lines.includes(`driving ${run(1)}`))
    frozen.process.kill('SIGSTOP')
    const next = await world.child('waits', 1_500)
    await until(() => next.lines.includes(`driving ${run(1)}`))
    frozen.process.kill('SIGCONT')
    await until(() => frozen.lines.includes(`aborted ${run(1)} LostLock`))
    expect(next.lines.some((line) => line.startsWith('aborted'))).toBe(false)
  })

  it('a run that kills its worker again and again is parked, after rests, and others go on', async () => {
    await using world = aWorld()
    const queue = await world.queue()
    await queue.wake(run(1))
    const began = performance.now()
    for (let death = 0; death < 6; death++) await gone((await world.child('dies', 300)).process)
    expect(performance.now() - began, 'rests of 2, 4 and 8 locks').toBeGreaterThan(14 * 300)
    const parked: Evidence[] = []
    const seen: string[] = []
    await consume(
      queue,
      { 'run-wake-up': async (payload) => void seen.push(payload.run) },
      { lockMs: 800, parked: async (_, evidence) => void parked.push(evidence) },
    )
    await queue.wake(run(2))
    await until(() => seen.includes(run(2)))
    await until(() => parked.length === 1)
    expect(parked[0]).toMatchObject({ run: run(1), deaths: 6, throws: 0, reason: 'its worker died 6 times, and it got no further' })
    expect(seen).toEqual([run(2)])
  })

  it('a run that gets further between deaths is driven on, however many there are', async () => {
    await using world = aWorld()
    const queue = await world.queue()
    await queue.wake(run(1))
    for (let death = 0; death < 7; death++) await gone((await world.child('dies', 300, death)).process)
    const driven = new Promise((resolve) => {
      void consume(queue, { 'run-wake-up': async (payload) => resolve(payload.run) }, { lockMs: 300, reached: async () => 7 })
    })
    expect(await driven).toBe(run(1))
    expect(await queue.parked()).toEqual([])
  })

  it('a wake-up reaches a handler, with its group', async () => {
    await using world = aWorld()
    const queue = await world.queue()
    const seen: unknown[] = []
    await consume(queue, { 'run-wake-up': async (payload) => void seen.push(payload) })
    await queue.wake(run(1))
    await queue.wake(run(2), { group: 'shop', priority: 3 })
    await until(() => seen.length === 2)
    expect(seen).toEqual(expect.arrayContaining([{ run: run(1) }, { run: run(2), group: 'shop' }]))
    await until(async () => (await queue.counts())['run-wake-up'].active === 0)
    expect((await queue.counts())['run-wake-up']).toEqual({ waiting: 0, active: 0, delayed: 0, failed: 0 })
  })

  it('wake-ups of a run that waits are one; one that comes while it is driven is kept; a run is never driven twice at once', async () => {
    await using world = aWorld()
    const queue = await world.queue()
    for (let n = 0; n < 5; n++) await queue.wake(run(1))
    let driven = 0
    let atOnce = 0
    let most = 0
    await consume(queue, {
      'run-wake-up': async () => {
        driven += 1
        most = Math.max(most, ++atOnce)
        if (driven === 1) for (let n = 0; n < 5; n++) await queue.wake(run(1))
        await sleep(100)
        atOnce -= 1
      },
    })
    await until(() => driven === 2)
    await sleep(300)
    expect({ driven, most }).toEqual({ driven: 2, most: 1 })
  })

  it('the lower number goes first', async () => {
    await using world = aWorld()
    const queue = await world.queue()
    for (const [n, priority] of [
      [1, 100],
      [2, 7],
      [3, 1],
    ] as const)
      await queue.wake(run(n), { priority })
    const order: string[] = []
    await consume(queue, { 'run-wake-up': async (payload) => void order.push(payload.run) }, { concurrency: 1 })
    await until(() => order.length === 3)
    expect(order).toEqual([run(3), run(2), run(1)])
  })

  it('one for later rings later, and does not hold back one for now', async () => {
    await using world = aWorld()
    const queue = await world.queue()
    const rang: number[] = []
    const started = performance.now()
    await consume(queue, { 'run-wake-up': async () => void rang.push(performance.now() - started) })
    await queue.wake(run(1), { delayMs: 900 })
    await queue.wake(run(1))
    await until(() => rang.length === 2)
    expect(rang[0]).toBeLessThan(800)
    expect(rang[1]).toBeGreaterThanOrEqual(890)
  })

  it('drives so many runs of one group at once, in all processes together', async () => {
    await using world = aWorld()
    const queue = await world.queue()
    const other = await world.queue()
    let most = 0
    let atOnce = 0
    let done = 0
    const handlers: Handlers = {
      'run-wake-up': async () => {
        most = Math.max(most, ++atOnce)
        await sleep(150)
        atOnce -= 1
        done += 1
      },
    }
    await consume(queue, handlers, { perGroup: 1 })
    await consume(other, handlers, { perGroup: 1 })
    for (let n = 0; n < 3; n++) await queue.wake(run(n), { group: 'shop' })
    await until(() => done === 3)
    expect(most).toBe(1)
  })

  it('drives so many runs at once in all', async () => {
    await using world = aWorld()
    const queue = await world.queue()
    const other = await world.queue()
    let most = 0
    let atOnce = 0
    let done = 0
    const handlers: Handlers = {
      'run-wake-up': async () => {
        most = Math.max(most, ++atOnce)
        await sleep(100)
        atOnce -= 1
        done += 1
      },
    }
    for (const each of [queue, other]) await consume(each, handlers, { everywhere: 2 })
    for (let n = 0; n < 5; n++) await queue.wake(run(n))
    await until(() => done === 5)
    expect(most).toBe(2)
  })

  it('what is not done comes again, and costs neither a try nor a life', async () => {
    await using world = aWorld()
    const queue = await world.queue()
    const attempts: number[] = []
    await consume(queue, {
      'run-wake-up': async (_, { attempt }) => {
        attempts.push(attempt)
        return attempts.length < 5 ? { againInMs: 20 } : undefined
      },
    })
    await queue.wake(run(1))
    await until(() => attempts.length === 5)
    expect(attempts).toEqual([1, 1, 1, 1, 1])
  })

  it('paused, nobody drives; resumed, it goes on', async () => {
    await using world = aWorld()
    const queue = await world.queue()
    const seen: string[] = []
    await consume(queue, { 'run-wake-up': async (payload) => void seen.push(payload.run) })
    await queue.pause()
    await queue.wake(run(1))
    await sleep(300)
    expect([seen, await queue.isPaused(), (await queue.counts())['run-wake-up'].waiting]).toEqual([[], true, 1])
    await queue.resume()
    await until(() => seen.length === 1)
  })

  it('draining asks handlers to go home, gives back what was not done, and takes nothing new', async () => {
    await using world = aWorld()
    const complaints: string[] = []
    const queue = await world.queue((level, message) => void (level === 'error' && complaints.push(message)))
    const stop = new AbortController()
    const reasons: unknown[] = []
    await consume(
      queue,
      {
        'run-wake-up': async (_, { signal }) => {
          await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
          reasons.push(signal.reason)
        },
      },
      { signal: stop.signal, concurrency: 1 },
    )
    await queue.wake(run(1))
    await queue.wake(run(2))
    await until(async () => (await queue.counts())['run-wake-up'].active === 1)
    stop.abort()
    await until(async () => (await queue.counts())['run-wake-up'].waiting === 2)
    expect(reasons).toEqual([expect.any(Draining)])
    expect(complaints, 'giving a job back is going home').toEqual([])
    const seen: string[] = []
    const started = performance.now()
    await consume(queue, { 'run-wake-up': async (payload) => void seen.push(payload.run) })
    await until(() => seen.length === 2)
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  it('a handler that does not go home is left, in time', async () => {
    await using world = aWorld()
    const queue = await world.queue()
    const consumer = await consume(queue, { 'run-wake-up': () => new Promise<undefined>(() => undefined) }, { drainMs: 300 })
    await queue.wake(run(1))
    await until(() => consumer.busy === 1)
    const started = performance.now()
    await consumer.drain()
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  it('a run whose handler throws every time is parked with its evidence, and woken no more until it is released', async () => {
    await using world = aWorld()
    const queue = await world.queue()
    const parked: Evidence[] = []
    let driven = 0
    await consume(
      queue,
      {
        'run-wake-up': async () => {
          driven += 1
          throw new Error('a bug of ours')
        },
      },
      { parked: async (_, evidence) => void parked.push(evidence) },
    )
    await queue.wake(run(1))
    await until(() => parked.length === 1)
    expect(parked).toEqual([{ run: run(1), deaths: 0, throws: 3, reason: 'a bug of ours', worker: expect.any(String), at: expect.any(Date) }])
    await queue.wake(run(1))
    await sleep(200)
    expect([driven, (await queue.parked()).map((each) => each.run)]).toEqual([3, [run(1)]])
    expect([await queue.release(run(1)), await queue.release(run(1))]).toEqual([true, false])
    await queue.wake(run(1))
    await until(() => driven === 4)
  })

  it('a wake-up that came during the last try of a run is not driven', async () => {
    await using world = aWorld()
    const queue = await world.queue()
    const tries = new Map<string, number>()
    const parked: string[] = []
    await consume(
      queue,
      {
        'run-wake-up': async ({ run: id }, { attempt }) => {
          tries.set(id, (tries.get(id) ?? 0) + 1)
          if (attempt === 3) await queue.wake(id)
          throw new Error('a bug of ours')
        },
      },
      { concurrency: 10, parked: async (id) => void parked.push(id) },
    )
    for (let n = 0; n < 10; n += 1) await queue.wake(run(n))
    await until(() => parked.length >= 10)
    await until(async () => (await queue.counts())['run-wake-up'].active === 0)
    expect([parked.length, [...tries.values()]]).toEqual([10, Array(10).fill(3)])
  })

  it('jobs that come by themselves come once for all processes', async () => {
    await using world = aWorld()
    const queue = await world.queue()
    const other = await world.queue()
    let swept = 0
    const sweep = async () => {
      swept += 1
    }
    for (const each of [queue, other]) await consume(each, { sweep }, { every: { sweep: 1_000 } })
    await sleep(2_600)
    expect(swept).toBeGreaterThanOrEqual(2)
    expect(swept).toBeLessThanOrEqual(4)
  })

  it('a refused payload is told to who sends it', async () => {
    await using world = aWorld()
    const queue = await world.queue()
    await expect(queue.enqueue('outbound', { message: '' })).rejects.toThrow()
  })
})

describe.concurrent.each(BACKENDS)('%s fails', (_, serve) => {
  it('the queue is lost: whoever worked is told, and what is woken anew is driven', async () => {
    const server = await serve()
    const folder = mkdtempSync(join(tmpdir(), 'fixpoint-queue-'))
    try {
      await using world = new World(server, folder)
      const queue = await world.queue()
      const heard: string[] = []
      const work = async (_: unknown, { signal }: { signal: AbortSignal }) => {
        heard.push('driving')
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
        heard.push(`${signal.reason.name}`)
      }
      await consume(queue, { 'run-wake-up': work }, { lockMs: 1_200 })
      await queue.wake(run(1))
      await until(() => heard.length === 1)
      await server.flush()
      await until(() => heard.length === 2)
      await queue.wake(run(1))
      await until(() => heard.length === 3)
      expect(heard).toEqual(['driving', 'LostLock', 'driving'])
    } finally {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('the server is killed and comes back: producers are told soon, consumers go on', async () => {
    const server = await serve()
    try {
      await using world = new World(server, '')
      const queue = await world.queue()
      const seen: string[] = []
      await consume(queue, { 'run-wake-up': async (payload) => void seen.push(payload.run) })
      server.process.kill('SIGKILL')
      await gone(server.process)
      const started = performance.now()
      const told = await queue.wake(run(1)).catch((error: unknown) => error)
      expect(told).toBeInstanceOf(Failure)
      expect(told).toMatchObject({ code: 'queue-unreachable' })
      expect(performance.now() - started).toBeLessThan(6_000)
      await server.start()
      const woken = () => queue.wake(run(2)).then(() => true, () => false) // biome-ignore format: one thought
      await until(woken)
      await until(() => seen.includes(run(2)))
    } finally {
      await server.stop()
    }
  })
})

it.concurrent('a clock that was set back does not keep dead workers unnoticed', async () => {
  const server = await postgresServer()
  const folder = mkdtempSync(join(tmpdir(), 'fixpoint-queue-'))
  writeFileSync(join(folder, 'child.mjs'), CHILD)
  const client = new pg.Client({ connectionString: server.url })
  client.on('error', quiet)
  try {
    await using world = new World(server, folder)
    const queue = await world.queue()
    const killed = await world.child('waits', 800)
    await queue.wake(run(1))
    await until(() => killed.lines.includes(`driving ${run(1)}`))
    killed.process.kill('SIGKILL')
    await gone(killed.process)
    // An hour ago this worker's clock was an hour ahead.
    await client.connect()
    const ahead = Date.now() + 3_600_000
    await client.query("UPDATE bullmq.job SET locked_until_ms = $1 WHERE state = 'active'", [ahead])
    await client.query("INSERT INTO bullmq.meta (queue, field, value) VALUES ($1, 'stalled-check', $2) ON CONFLICT (queue, field) DO UPDATE SET value = $2", [
      `${world.namespace}-run-wake-up`,
      `${ahead}`,
    ])
    const seen: string[] = []
    await consume(queue, { 'run-wake-up': async (payload) => void seen.push(payload.run) }, { lockMs: 800 })
    await until(() => seen.length === 1, 20_000)
  } finally {
    await client.end().catch(quiet)
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})

describe.concurrent('a Redis that cannot be used', () => {
  it('is refused when it evicts, warned of when it keeps no file, and told when it is away', async () => {
    const evicting = await redisServer('--maxmemory', '50mb', '--maxmemory-policy', 'allkeys-lru')
    await expect(openQueue({ url: evicting.url, log: quiet })).rejects.toMatchObject({
      code: 'settings-invalid',
      message: expect.stringContaining('allkeys-lru'),
    })
    await evicting.stop()
    const forgetful = await redisServer('--appendonly', 'no')
    const said: string[] = []
    await (await openQueue({ url: forgetful.url, log: (_, message) => said.push(message) }))[Symbol.asyncDispose]()
    expect(said).toEqual([expect.stringContaining('append-only')])
    await forgetful.stop()
    const secret = forgetful.url.replace('redis://', 'redis://me:hunter2@')
    const told = await openQueue({ url: secret, log: quiet }).catch((error: unknown) => error)
    expect(told).toMatchObject({ code: 'queue-unreachable' })
    expect(String(told)).not.toContain('hunter2')
    await expect(openQueue({ url: 'redis:/hunter2', log: quiet })).rejects.toMatchObject({ code: expect.stringMatching(/settings-invalid|queue-unreachable/) })
    await expect(openQueue({ url: 'http://hunter2@x', log: quiet })).rejects.toMatchObject({ code: 'settings-invalid' })
  })

  it('the server is frozen: producers are told, and nothing hangs', async () => {
    const server = await redisServer()
    try {
      await using world = new World(server, '')
      const queue = await world.queue()
      await queue.ping()
      server.process.kill('SIGSTOP')
      const started = performance.now()
      const told = await queue.ping().catch((error: unknown) => error)
      server.process.kill('SIGCONT')
      expect(told).toMatchObject({ code: 'queue-unreachable' })
      expect(performance.now() - started).toBeLessThan(8_000)
      await until(() =>
        queue.ping().then(
          () => true,
          () => false,
        ),
      )
    } finally {
      await server.stop()
    }
  })

  it('needs its password', async () => {
    const locked = await redisServer()
    const redis = new Redis(locked.url)
    await redis.config('SET', 'requirepass', 'open-sesame')
    redis.disconnect()
    await expect(openQueue({ url: locked.url, log: quiet })).rejects.toMatchObject({ code: 'queue-unreachable', message: expect.stringContaining('refused') })
    await locked.stop()
  })
})

it('names why a signal was aborted', () => {
  expect([new LostLock().name, new Draining().name]).toEqual(['LostLock', 'Draining'])
})
