import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { type Alert, BugReport, Failure, type IngestKey, type ReportState, RunId, reveal, Spending, type StoredReport } from '@fixpoint/core'
import { Archive } from '@fixpoint/engine'
import { type AlertSource, alertSources } from '@fixpoint/intake'
import {
  aPolicy,
  bundledShop,
  InMemoryArtifacts,
  InMemoryDeliveries,
  InMemoryInbox,
  InMemoryJournal,
  InMemoryLedger,
  InMemoryOutbox,
  InMemoryReports,
  InMemoryRunIndex,
  InMemorySourceMaps,
  InMemoryWorkerRoster,
  payloadFixtures,
} from '@fixpoint/testkit'
import { describe, expect, it } from 'vitest'
import { createWorker } from './create-worker.ts'
import type { ConsumerHandlers, Parked, QueueConsumer, WorkerHands, WorkerQueue } from './hands.ts'
import { WorkerSettings } from './settings.ts'

const DIED: Parked = { deaths: 6, throws: 0, reason: 'its worker died 6 times', at: new Date('2026-03-04T11:59:00Z') }
const never = new AbortController().signal
const HOUR = 3_600_000
const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const trace = (file: string) => `TypeError: x is undefined\n    at total (/app/src/${file}.js:3:9)\n    at main (/app/src/main.js:1:1)`

/** What it is told, told on: the body is the answer. */
const echo: AlertSource = {
  name: 'echo',
  title: 'Echo',
  contentTypes: ['application/json'],
  unsigned: true,
  secret: 'unused',
  verify: async () => ({ verified: true }),
  deliveryId: () => 'x',
  normalise: (_, body) => {
    const told = JSON.parse(new TextDecoder().decode(body))
    if (told === 'bug') throw new TypeError('a bug of the adapter')
    return told
  },
}

const anAlert = (file: string, more: Partial<Alert> = {}): Alert => ({
  ...{ title: { untrusted: 'TypeError: x is undefined' }, text: { untrusted: trace(file) }, traces: [], severity: 'error', service: 'shop', missing: [] },
  ...more,
})

class QueueOfTest implements WorkerQueue {
  readonly woken: { run: RunId; group?: string | undefined; priority?: number | undefined }[] = []
  readonly enqueued: string[] = []
  readonly given = new Set<RunId>()
  handlers: ConsumerHandlers | undefined
  gaveUp: readonly (Parked & { readonly run: RunId })[] = []
  park: ((run: RunId, evidence: Parked) => Promise<void>) | undefined
  paused = 0
  drained = 0
  broken = false
  async wake(run: RunId, options: { priority?: number; group?: string } = {}) {
    if (this.broken) throw new Failure('queue-unreachable', 'away', '')
    this.woken.push({ run, ...options })
  }
  async parked() {
    return this.gaveUp
  }
  async release(run: RunId) {
    return this.given.delete(run)
  }
  async enqueue(name: 'sweep' | 'deliveries' | 'outbound', payload: { readonly message?: string } = {}) {
    this.enqueued.push(payload.message ?? name)
  }
  async consume(options: Parameters<WorkerQueue['consume']>[0]): Promise<QueueConsumer> {
    this.handlers = options.handlers
    this.park = options.parked
    return {
      pause: async () => {
        this.paused += 1
      },
      resume: async () => {
        this.paused -= 1
      },
      drain: async () => {
        this.drained += 1
      },
      busy: 0,
    }
  }
}

function world(settings: Parameters<typeof WorkerSettings.parse>[0] = {}) {
  let now = Date.parse('2026-03-04T12:00:00Z')
  const time = () => new Date(now)
  const [journal, inbox, artifacts, reports, deliveries] = [
    new InMemoryJournal(),
    new InMemoryInbox(time),
    new InMemoryArtifacts(),
    new InMemoryReports(time),
    new InMemoryDeliveries(time),
  ]
  const runIndex = new InMemoryRunIndex(journal, inbox)
  const queue = new QueueOfTest()
  const ledger = new InMemoryLedger(Spending.parse({ perRepositoryPerDay: { money: 5 } }), time)
  const archive = new Archive(artifacts)
  const keys: IngestKey[] = []
  const state = { stopped: false, memory: 0, held: undefined as string | undefined, dies: false, reaped: 0 }
  const opened: { report: string; repository: string; run: RunId }[] = []
  let made = 0
  const ids = {
    nonce: () => 'n',
    sortable: () => {
      made += 1
      let left = now
      let stamp = ''
      for (let digit = 0; digit < 10; digit++, left = Math.floor(left / 32)) stamp = `${'0123456789abcdefghjkmnpqrstvwxyz'[left % 32]}${stamp}`
      return `${stamp}${String(made).padStart(16, '0')}`
    },
  }
  const clock = {
    now: time,
    monotonic: () => now,
    sleep: (ms: number, signal: AbortSignal) => setTimeout(Math.min(ms, 5), undefined, { signal }),
  }
  const said: unknown[] = []
  const say = (fields: object, message: string) => void said.push([fields, message])
  const hands: WorkerHands = {
    ...{ journal, inbox, artifacts, reports, deliveries, runIndex, queue, ids, clock, ledger },
    tokens: { ingestKeys: async () => keys },
    sourceMaps: new InMemorySourceMaps(),
    roster: new InMemoryWorkerRoster(time),
    self: { host: 'here', pid: 7 },
    sources: new Map([...alertSources, ['echo', echo]]),
    hash: (bytes) => createHash('sha256').update(bytes).digest('hex'),
    openHands: async () => {
      throw new Failure('engine-unreachable', 'no engine', 'Start Docker.')
    },
    openRunFor: async (report: StoredReport, target, run) => {
      if (state.dies) throw new Error('killed')
      if (state.held !== undefined) return { held: state.held }
      opened.push({ report: report.id, repository: target.repository, run })
      await openAt(run, await archive.get(BugReport, report.report))
      return undefined
    },
    reap: async () => {
      state.reaped += 1
    },
    stopped: async () => state.stopped,
    paused: async () => false,
    progress: () => () => undefined,
    memory: () => state.memory,
    log: { info: say, warn: say, error: say },
  }
  const openAt = async (run: RunId, report: BugReport) => {
    await using lease = await journal.lease(run)
    if ((await journal.read(run)).length > 0) return
    const digest = await archive.put(BugReport, report)
    await lease.append({
      v: 1,
      seq: 0,
      at: time().toISOString(),
      event: { kind: 'run-opened', report: digest, workspace: digest, base: 'b'.repeat(40) as never, policy: aPolicy() },
    })
  }
  const worker = createWorker(hands, WorkerSettings.parse({ services: { shop: { repo: 'shop' } }, ...(settings as object) }))
  let sent = 0
  return {
    ...{ ledger, hands, worker, journal, inbox, reports, deliveries, queue, state, opened, keys, runIndex, archive, said },
    pass: (ms: number) => {
      now += ms
    },
    send: (...bodies: unknown[]) =>
      Promise.all(bodies.map((body) => deliveries.accept({ source: 'echo', key: 'key_1', deliveryId: `d${sent++}`, headers: {}, body: text(body) }))),
    sendAlerts: (...alerts: Alert[]) =>
      deliveries.accept({ source: 'echo', key: 'key_1', deliveryId: `d${sent++}`, headers: {}, body: text({ alerts, leftOut: 0 }) }),
    all: async () =>
      (await reports.list({ limit: 100 })).map(({ state: at, reason, sightings, runs }) => ({ state: at, reason, sightings, runs: runs.length })),
    lines: async () => (await deliveries.list({ limit: 100 })).map(({ state: at, reason }) => [at, reason]).reverse(),
    settle: async (run: RunId) => {
      await using lease = await journal.lease(run)
      await lease.append({ v: 1, seq: 1, at: time().toISOString(), event: { kind: 'run-cancelled' } })
    },
  }
}

describe('money', () => {
  it('begins no run of a repository on which the day’s is spent, whoever wants it, and goes on the next day', async () => {
    const { ledger, worker, sendAlerts, all, pass, opened, reports } = world()
    const run = RunId.parse(`run_${'1'.padStart(26, '0')}`)
    await ledger.reserve({ run, repository: 'shop', atMost: { money: 5, tokens: 1 }, budget: {}, deadlineMs: 1000 })
    await sendAlerts(anAlert('a'))
    await worker.receiveDeliveries(never)
    const reason = 'daily cap: $5.00 of $5.00 are spent on this repository today; it goes on at 2026-03-05T00:00:00.000Z'
    expect(await all()).toEqual([{ state: 'held', reason, sightings: 1, runs: 0 }])
    const [report] = await reports.list({ limit: 1 })
    expect(await worker.admit(report?.id ?? '', { wanted: true })).toEqual({ held: reason })
    pass(11 * HOUR)
    await worker.receiveDeliveries(never)
    expect(opened).toEqual([])
    pass(HOUR)
    await worker.receiveDeliveries(never)
    expect(opened).toHaveLength(1)
  })
})

describe('messages to others', () => {
  it('are handed to the queue by every sweep, and hold nothing up', async () => {
    const { hands, queue, worker, sendAlerts, opened, settle } = world()
    Object.assign(hands, { outbox: { due: async () => ['out_1', 'out_2'] } })
    await worker.sweep(never)
    expect(queue.enqueued).toEqual(['out_1', 'out_2'])
    Object.assign(hands, { outbox: { due: () => Promise.reject(new Failure('database-unreachable', 'away', '')) } })
    await sendAlerts(anAlert('a'))
    await worker.receiveDeliveries(never)
    await settle(opened[0]?.run as RunId)
    await expect(worker.sweep(never)).resolves.toBe(0)
  })
})

/** Where payloads like to lead: to pages, repositories, maps, confirmations. */
const LEADING = (port: number) => ({
  ...{ url: `http://127.0.0.1:${port}/page`, web_url: `http://127.0.0.1:${port}/page`, repo: `http://127.0.0.1:${port}/shop.git` },
  ...{
    SubscribeURL: `http://127.0.0.1:${port}/confirm`,
    sourceMappingURL: `http://127.0.0.1:${port}/app.js.map`,
    code_file: `http://127.0.0.1:${port}/app.js`,
  },
})

const MARKERS = ['zoe.marker', '4111 1111 1111 1111', '4111111111111111', 'Quillfeather', 'COOKIEMARKER', 'AUTHMARKER', 'QUERYMARKER', 'LOCALMARKER']
const PERSON = {
  user: { email: 'zoe.marker@private.example', username: 'Zebedee Quillfeather', id: 'LOCALMARKER1' },
  request: {
    url: 'https://shop.example/pay?card=4111111111111111&q=QUERYMARKER',
    query_string: 'q=QUERYMARKER',
    headers: { Authorization: 'Bearer AUTHMARKER0123456789', Cookie: 'sid=COOKIEMARKER' },
    cookies: { sid: 'COOKIEMARKER' },
    data: { card: '4111 1111 1111 1111', name: 'Zebedee Quillfeather' },
  },
  vars: { customer: 'LOCALMARKER2' },
  locals: { customer: 'LOCALMARKER3' },
  extra: { name: 'Zebedee Quillfeather' },
}
const LOGGED = [
  '',
  'customer="Zebedee Quillfeather" mail=zoe.marker@private.example local=LOCALMARKER4 paid with 4111 1111 1111 1111 by zoe.marker@private.example',
  'GET https://shop.example/pay?q=QUERYMARKER&card=4111111111111111 HTTP/1.1',
  'Authorization: Bearer AUTHMARKER0123456789',
  'Cookie: sid=COOKIEMARKER; name=Quillfeather',
  '{"customer": "Zebedee Quillfeather", "local": "LOCALMARKER5", "card": 4111111111111111}',
].join('\n')

/** Data about a person wherever a payload has an object, and in every text that holds a trace or a message. */
function planted(told: unknown, field = ''): unknown {
  if (Array.isArray(told)) return told.map((each) => planted(each, field))
  if (typeof told === 'object' && told !== null)
    return { ...Object.fromEntries(Object.entries(told).map(([name, each]) => [name, planted(each, name)])), ...PERSON }
  if (typeof told !== 'string') return told
  const nested = told.startsWith('{') ? jsonOf(told) : undefined
  if (nested !== undefined) return JSON.stringify(planted(nested))
  const isWords = told.includes('\n') || (told.includes(' ') && /^(message|description|body|raw|value|AlarmDescription|NewStateReason)$/.test(field))
  return isWords ? `${told}${LOGGED}` : told
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

describe('deliveries become reports, reports become runs', () => {
  it('a hundred alerts of one defect are one report, one run and a count', async () => {
    const { worker, sendAlerts, all, opened, queue, lines } = world()
    for (let n = 0; n < 100; n++) await sendAlerts(anAlert('a'))
    expect(await worker.receiveDeliveries(never)).toBe(100)
    expect(await all()).toEqual([{ state: 'running', reason: undefined, sightings: 100, runs: 1 }])
    expect(opened).toHaveLength(1)
    expect(queue.woken).toEqual([{ run: opened[0]?.run, group: 'shop' }])
    expect((await lines()).every(([state]) => state === 'reported')).toBe(true)
    expect(await worker.receiveDeliveries(never)).toBe(0)
  })

  it('the same error in two services is two reports, until both are one repository', async () => {
    const { worker, sendAlerts, reports, opened } = world({ services: { shop: { repo: 'shop' }, till: { repo: 'shop' }, bank: { repo: 'bank' } } })
    for (const service of ['shop', 'till', 'bank', 'nowhere', 'elsewhere']) for (let n = 0; n < 2; n++) await sendAlerts(anAlert('a', { service }))
    await worker.receiveDeliveries(never)
    expect((await reports.list({ limit: 10 })).map(({ repository, service, sightings }) => [repository, service, sightings]).reverse()).toEqual([
      ['shop', 'shop', 4],
      ['bank', 'bank', 2],
      [undefined, 'nowhere', 2],
      [undefined, 'elsewhere', 2],
    ])
    expect(opened.map(({ repository }) => repository).sort()).toEqual(['bank', 'shop'])
  })

  it('a service that is mapped later keeps its report', async () => {
    const before = world()
    await before.sendAlerts(anAlert('a', { service: 'cart' }))
    await before.worker.receiveDeliveries(never)
    const after = createWorker(before.hands, WorkerSettings.parse({ services: { cart: { repo: 'shop' } } }))
    await after.receiveDeliveries(never)
    await before.sendAlerts(anAlert('a', { service: 'cart' }))
    await after.receiveDeliveries(never)
    expect(await before.all()).toEqual([{ state: 'running', reason: undefined, sightings: 2, runs: 1 }])
  })

  it.each(payloadFixtures().map((fixture) => [`${fixture.source}/${fixture.name}`, fixture] as const))(
    'of %s no value about a person gets further than its sealed delivery',
    async (_, { source, headers, body }) => {
      const made = world()
      const { worker, deliveries, reports, hands, lines } = made
      const accept = (planted: Uint8Array, deliveryId: string) => deliveries.accept({ source, key: 'key_1', deliveryId, headers, body: planted })
      const payload = new TextDecoder().decode(body)
      const json = jsonOf(payload)
      // A template that quotes nothing is no JSON: what is logged stands above its trace.
      await accept(
        new TextEncoder().encode(json === undefined ? payload.replace('Traceback', `${LOGGED}\nTraceback`) : JSON.stringify(planted(json))),
        'planted',
      )
      await worker.receiveDeliveries(never)
      const stored = await reports.list({ limit: 100 })
      const artifacts = await Promise.all(stored.map(async ({ report }) => new TextDecoder().decode(await hands.artifacts.get(report))))
      const journals = await Promise.all(stored.flatMap(({ runs }) => runs).map((run) => hands.journal.read(run)))
      const kept = JSON.stringify([stored, artifacts, journals, await lines(), made.said])
      expect(MARKERS.filter((marker) => kept.includes(marker))).toEqual([])
      expect(stored.length > 0 || (await lines())[0]?.[0] !== 'failed').toBe(true)
    },
  )

  it('no address in a payload is called, whatever its source', async () => {
    const called: unknown[] = []
    const server = createServer((socket) => called.push(socket.destroy())).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const leading = (told: unknown): unknown => {
      if (Array.isArray(told)) return told.map(leading)
      if (typeof told === 'object' && told !== null)
        return { ...Object.fromEntries(Object.entries(told).map(([name, each]) => [name, leading(each)])), ...LEADING(port) }
      if (typeof told === 'string' && /^\w+:\/\//.test(told)) return `http://127.0.0.1:${port}/from-the-payload`
      return typeof told === 'string' && told.includes('\n') ? `${told}\n//# sourceMappingURL=http://127.0.0.1:${port}/app.js.map` : told
    }
    const { worker, deliveries, lines } = world()
    for (const [index, { source, headers, body }] of payloadFixtures().entries()) {
      const json = jsonOf(new TextDecoder().decode(body))
      await deliveries.accept({ source, key: 'key_1', deliveryId: `d${index}`, headers, body: json === undefined ? body : text(leading(json)) })
    }
    await worker.receiveDeliveries(never)
    expect((await lines()).filter(([state]) => state === 'reported').length).toBeGreaterThan(10)
    await setTimeout(50)
    expect(called).toEqual([])
    server.close()
  })

  it('a field that its owner allows keeps its value, and no other does', async () => {
    const { worker, sendAlerts, reports, archive } = world({ privacy: { allowedFields: ['order', 'email'] } })
    await sendAlerts(anAlert('a', { text: { untrusted: `order=ORDER17 customer="Zebedee" by zoe@private.example\n${trace('a')}` } }))
    await worker.receiveDeliveries(never)
    const [stored] = await reports.list({ limit: 1 })
    expect(reveal((await archive.get(BugReport, stored?.report as never)).text)).toContain('order=ORDER17 customer=[redacted:value] by zoe@private.example')
  })

  it('a minified trace is told where it was written, and two releases of it are one report', async () => {
    const { worker, sendAlerts, reports, archive, hands } = world()
    const { map, stack } = await bundledShop()
    const digest = await hands.artifacts.put(new TextEncoder().encode(map))
    for (const release of ['1', '2']) await hands.sourceMaps.put({ service: 'shop', release, file: 'assets/app.js', debugId: undefined, map: digest })
    const text = { untrusted: stack }
    for (const release of ['1', '2']) await sendAlerts(anAlert('a', { text, release }))
    // Line and column of another build: without its map it is another report.
    await sendAlerts(anAlert('a', { text, release: '3' }))
    await worker.receiveDeliveries(never)
    const stored = (await reports.list({ limit: 5 })).find(({ sightings }) => sightings === 2)
    expect([(await reports.list({ limit: 5 })).length, stored?.state]).toEqual([2, 'running'])
    const report = await archive.get(BugReport, stored?.report as never)
    expect(report.traces[0]?.frames.slice(0, 2)).toMatchObject([{ function: 'total', line: 2 }, { line: 3 }])
    expect(report.traces[0]?.frames.map(({ file }) => file?.replace(/^.*src/, 'src')).slice(0, 2)).toEqual(['src/total.js', 'src/cart.js'])
    expect(JSON.stringify(report)).not.toContain('lines.reduce')
  }, 60_000)

  it('a map of no use leaves the frames as they came; a debug id goes before names', async () => {
    const { worker, sendAlerts, reports, archive, hands } = world()
    const put = async (map: object, release: string, debugId?: string) => {
      const digest = await hands.artifacts.put(new TextEncoder().encode(JSON.stringify({ version: 3, names: [], ...map })))
      await hands.sourceMaps.put({ service: 'shop', release, file: 'src/a.js', debugId, map: digest })
    }
    await put({ sections: [] }, '1')
    await put({ sources: ['right.ts'], mappings: 'AAAA;AAAA;AAAA' }, '7', 'd'.repeat(32))
    await sendAlerts(anAlert('a', { release: '1' }))
    await sendAlerts(anAlert('a', { release: '9', debugIds: [{ file: '/app/src/a.js', id: 'D'.repeat(32) }] }))
    await worker.receiveDeliveries(never)
    const files = await Promise.all(
      (await reports.list({ limit: 5 })).map(async ({ report }) => (await archive.get(BugReport, report)).traces[0]?.frames[0]?.file),
    )
    expect(files.sort()).toEqual(['/app/src/a.js', 'right.ts'])
  })

  it('every delivery is concluded with its reason', async () => {
    const { worker, send, sendAlerts, deliveries, lines, hands } = world()
    await send({ ignored: 'resolved' }, { malformed: 'no event' }, { alerts: [], leftOut: 0 }, 'bug', {
      confirm: { url: 'https://sns/x?Token=secret', topic: 'arn' },
    })
    await sendAlerts(anAlert('a'))
    await deliveries.accept({ source: 'gone', key: 'k', deliveryId: 'x', headers: {}, body: text({}) })
    await worker.receiveDeliveries(never)
    expect(await lines()).toEqual([
      ['ignored', 'resolved'],
      ['failed', 'no event'],
      ['ignored', 'it holds no alert'],
      ['failed', expect.stringContaining('bug of Fixpoint')],
      ['ignored', expect.stringContaining('waits')],
      ['reported', undefined],
      ['failed', expect.stringContaining('"gone"')],
    ])
    expect(hands.confirm).toBeUndefined()
  })

  it('a store that is away concludes nothing, and dying after a sighting counts it once', async () => {
    const { worker, sendAlerts, all, hands, lines } = world()
    await sendAlerts(anAlert('a'), anAlert('b'))
    const conclude = hands.deliveries.conclude.bind(hands.deliveries)
    hands.deliveries.conclude = async () => {
      throw new Failure('database-unreachable', 'away', '')
    }
    await expect(worker.receiveDeliveries(never)).rejects.toThrow('away')
    expect((await lines()).map(([state]) => state)).toEqual(['accepted'])
    hands.deliveries.conclude = conclude
    await worker.receiveDeliveries(never)
    expect((await all()).map(({ sightings }) => sightings)).toEqual([1, 1])
  })

  it('a storm of distinct defects is shed, and the known ones count on', async () => {
    const { worker, sendAlerts, all, lines, pass } = world({ gates: { newReportsPerHour: 3 } })
    for (const file of ['a', 'b', 'c', 'd', 'e']) await sendAlerts(anAlert(file))
    await sendAlerts(anAlert('a'), anAlert('f'))
    await worker.receiveDeliveries(never)
    expect(await lines()).toEqual([
      ...[0, 1, 2].map(() => ['reported', undefined]),
      ...[3, 4].map(() => ['shed', 'shed: more than 3 new defects from this source in an hour']),
      ['reported', 'shed: more than 3 new defects from this source in an hour (1 of 2 alerts)'],
    ])
    pass(2 * HOUR)
    await sendAlerts(anAlert('g'))
    await worker.receiveDeliveries(never)
    expect((await lines()).at(-1)?.[0]).toBe('reported')
    expect((await all()).map(({ sightings }) => sightings).sort()).toEqual([1, 1, 1, 2])
  })

  it('what keeps a report from a run is written on it; without a trace it says what to add', async () => {
    const { worker, sendAlerts, all, opened } = world()
    await sendAlerts(anAlert('a', { severity: 'warning' }))
    await sendAlerts(anAlert('b', { service: 'unknown' }))
    await sendAlerts({ ...anAlert('c'), text: { untrusted: 'slow' }, title: { untrusted: 'slow' }, missing: ['Add the trace as an annotation.'] })
    await worker.receiveDeliveries(never)
    expect((await all()).map(({ state, reason }) => [state, reason])).toEqual(
      expect.arrayContaining([
        ['held', 'severity warning is below error'],
        ['held', expect.stringContaining('"unknown" is not in the settings')],
        ['needs-trace', 'needs a trace: Add the trace as an annotation.'],
      ]),
    )
    expect(opened).toEqual([])
  })

  it('an alert that names nothing is its key’s', async () => {
    const { worker, sendAlerts, opened, keys } = world()
    keys.push({
      id: 'key_1',
      name: 'k',
      source: 'echo',
      repository: 'mine',
      service: undefined,
      signed: false,
      createdAt: new Date(),
      lastUsedAt: undefined,
      revokedAt: undefined,
    })
    const { service: _, ...nameless } = anAlert('a')
    await sendAlerts(nameless)
    await worker.receiveDeliveries(never)
    expect(opened.map(({ repository }) => repository)).toEqual(['mine'])
  })

  it('a daily cap holds, and lets go when the day is over', async () => {
    const { worker, sendAlerts, all, opened, pass } = world({ gates: { runsPerDay: 1 } })
    await sendAlerts(anAlert('a'))
    await sendAlerts(anAlert('b'))
    await worker.receiveDeliveries(never)
    expect(opened).toHaveLength(1)
    expect((await all()).map(({ reason }) => reason)).toContain('daily cap: 1 runs in 24 hours')
    pass(25 * HOUR)
    await worker.receiveDeliveries(never)
    expect(opened).toHaveLength(2)
  })

  it('killed between writing a run down and opening it, that very run is opened, once', async () => {
    const { worker, sendAlerts, all, opened, state, reports } = world()
    await sendAlerts(anAlert('a'))
    state.dies = true
    await expect(worker.receiveDeliveries(never)).rejects.toThrow('killed')
    const [written] = await reports.list({ limit: 1 })
    expect([written?.state, written?.runs.length, opened.length]).toEqual(['running', 1, 0])
    state.dies = false
    await worker.receiveDeliveries(never)
    await worker.receiveDeliveries(never)
    expect(opened.map(({ run }) => run)).toEqual(written?.runs)
    expect((await all())[0]).toMatchObject({ state: 'running', runs: 1 })
  })

  it('a repository that is gone holds the report with the reason, and is not tried again with every alert', async () => {
    const { worker, sendAlerts, all, state } = world()
    state.held = 'the repository shop is gone'
    for (let n = 0; n < 3; n++) {
      await sendAlerts(anAlert('a'))
      await worker.receiveDeliveries(never)
    }
    expect(await all()).toEqual([{ state: 'held', reason: 'the repository shop is gone', sightings: 3, runs: 1 }])
  })

  it('a repository that is mended is tried by the next process, and by a replay; neither opens what is open', async () => {
    const { worker, hands, sendAlerts, all, opened, state, deliveries, pass } = world()
    state.held = 'the repository shop is gone'
    await sendAlerts(anAlert('a'))
    await sendAlerts(anAlert('b'))
    await worker.receiveDeliveries(never)
    state.held = undefined
    pass(60_000)
    await worker.receiveDeliveries(never)
    expect(opened).toEqual([])
    const [first] = (await deliveries.list({ limit: 9 })).toReversed()
    for (let times = 0; times < 2; times += 1) {
      expect(await deliveries.replay(first?.id ?? '')).toBe(true)
      await worker.receiveDeliveries(never)
      expect(opened.map(({ report }) => report)).toEqual(first?.reports)
    }
    await createWorker(hands, WorkerSettings.parse({ services: { shop: { repo: 'shop' } } })).receiveDeliveries(never)
    expect(opened).toHaveLength(2)
    expect(await all()).toEqual(Array(2).fill({ state: 'running', reason: undefined, sightings: 1, runs: 2 }))
  })

  it('a report that cannot be looked at holds up nobody behind it', async () => {
    const { worker, hands, sendAlerts, opened } = world()
    const { openRunFor } = hands
    Object.assign(hands, {
      openRunFor: async (report: StoredReport, ...more: [never, never]) => {
        if (report.title.includes('poison')) throw new TypeError('a bug')
        return openRunFor(report, ...more)
      },
    })
    await sendAlerts(anAlert('a', { title: { untrusted: 'poison' } }), anAlert('b'))
    await expect(worker.receiveDeliveries(never)).rejects.toThrow('a bug')
    await sendAlerts(anAlert('c'))
    await expect(worker.receiveDeliveries(never)).rejects.toThrow('a bug')
    expect(opened).toHaveLength(2)
  })

  it('a person who wants a run gets one past severity and caps', async () => {
    const { worker, sendAlerts, reports, queue } = world({ gates: { runsPerDay: 0 } })
    await sendAlerts(anAlert('a', { severity: 'info' }))
    await worker.receiveDeliveries(never)
    const [report] = await reports.list({ limit: 1 })
    expect(await worker.admit(report?.id ?? '', { wanted: true })).toMatchObject({ run: expect.any(String) })
    expect(queue.woken[0]?.priority).toBe(10)
    expect(await worker.admit('rep_x')).toEqual({ held: 'there is no such report' })
  })

  it('a wish whose wake-up was lost is found by the next look, past severity and caps, and past a stop that ended', async () => {
    const { worker, sendAlerts, reports, opened, state } = world({ gates: { runsPerDay: 0 } })
    await sendAlerts(anAlert('a', { severity: 'info' }))
    await worker.receiveDeliveries(never)
    const [report] = await reports.list({ limit: 1 })
    await reports.move(report?.id ?? '', { from: ['held'], to: 'new', reason: 'asked for by Ada', wantedBy: 'Ada' })
    state.stopped = true
    await worker.receiveDeliveries(never)
    expect([opened.length, (await reports.list({ limit: 1 }))[0]]).toMatchObject([0, { state: 'held', reason: 'the emergency stop is on', wantedBy: 'Ada' }])
    state.stopped = false
    await worker.receiveDeliveries(never)
    expect([opened.length, (await reports.list({ limit: 1 }))[0]]).toMatchObject([1, { state: 'running', wantedBy: undefined }])
  })

  it('no run is opened while the emergency stop is on; the reports wait', async () => {
    const { worker, sendAlerts, all, opened, state } = world()
    state.stopped = true
    await sendAlerts(anAlert('a'))
    await worker.receiveDeliveries(never)
    expect([opened.length, (await all())[0]?.reason]).toEqual([0, 'the emergency stop is on'])
    state.stopped = false
    await worker.receiveDeliveries(never)
    expect(opened).toHaveLength(1)
  })

  it('a title from a stranger is inert, and its secrets do not reach the report', async () => {
    const { worker, sendAlerts, reports, archive } = world()
    await sendAlerts({ ...anAlert('a'), title: { untrusted: 'Error: \u001b[31mboom\u202e AKIAIOSFODNN7EXAMPLQ' } })
    await worker.receiveDeliveries(never)
    const [stored] = await reports.list({ limit: 1 })
    expect(['\u001b', '\u202e'].filter((character) => stored?.title.includes(character))).toEqual([])
    if (stored !== undefined) expect(reveal((await archive.get(BugReport, stored.report)).text)).not.toContain('AKIAIOSFODNN7EXAMPLQ')
  })
})

describe('the worker', () => {
  it('starts by reaping and sweeping, and wakes what is due with its group', async () => {
    const { worker, sendAlerts, queue, state, opened } = world()
    await sendAlerts(anAlert('a'))
    queue.broken = true
    await worker.receiveDeliveries(never)
    queue.broken = false
    await worker.start()
    expect([state.reaped, queue.enqueued]).toEqual([1, ['sweep']])
    expect(await worker.sweep(never)).toBe(1)
    expect(queue.woken).toEqual([{ run: opened[0]?.run, group: 'shop' }])
    await worker.drain()
    expect([queue.drained, await worker.ended]).toEqual([1, 'drained'])
  })

  it('a report whose run came to rest is settled by the sweep', async () => {
    const { worker, sendAlerts, all, opened, settle } = world()
    await sendAlerts(anAlert('a'))
    await worker.receiveDeliveries(never)
    for (const { run } of opened) await settle(run)
    expect(await worker.sweep(never)).toBe(0)
    expect(await all()).toEqual([{ state: 'settled' satisfies ReportState, reason: 'cancelled', sightings: 1, runs: 1 }])
  })

  it('a parked run holds its report until a person wants one: it goes on, and no other is opened beside it', async () => {
    const { worker, sendAlerts, all, opened, queue, reports } = world()
    await sendAlerts(anAlert('a'))
    await worker.receiveDeliveries(never)
    await worker.start()
    await queue.park?.(opened[0]?.run as RunId, DIED)
    await sendAlerts(anAlert('a'))
    await worker.receiveDeliveries(never)
    expect(await all()).toEqual([{ state: 'held', reason: 'parked: its worker died 6 times', sightings: 2, runs: 1 }])
    const [report] = await reports.list({ limit: 1 })
    queue.given.add(opened[0]?.run as RunId)
    queue.woken.length = 0
    // As `run now` does it.
    await reports.move(report?.id ?? '', { from: ['held'], to: 'new', reason: 'asked for by Ada', wantedBy: 'Ada' })
    expect(await worker.admit(report?.id ?? '', { wanted: true })).toEqual({ run: opened[0]?.run })
    expect([queue.woken, queue.given.size, opened.length]).toEqual([[{ run: opened[0]?.run, group: 'shop', priority: 10 }], 0, 1])
    expect(await all()).toEqual([{ state: 'running', reason: undefined, sightings: 2, runs: 1 }])
    await worker.drain()
  })

  it('that a run was parked is told once, also when whoever parked it died before', async () => {
    const { worker, hands, sendAlerts, all, opened, queue } = world()
    const outbox = new InMemoryOutbox([{ name: 'desk', topics: ['run.parked'] }])
    Object.assign(hands, { outbox })
    await sendAlerts(anAlert('a'))
    await worker.receiveDeliveries(never)
    const run = opened[0]?.run as RunId
    queue.gaveUp = [{ run, ...DIED }]
    for (let twice = 0; twice < 2; twice += 1) await worker.sweep(never)
    expect(await all()).toMatchObject([{ state: 'held', reason: 'parked: its worker died 6 times' }])
    expect(await outbox.list({ limit: 9 })).toMatchObject([{ announcement: { topic: 'run.parked', deaths: 6 }, run }])
  })

  it('a parked run goes on when it is retried, a settled one is followed by another, one under way by none', async () => {
    const { worker, sendAlerts, all, opened, queue, settle, reports } = world()
    await sendAlerts(anAlert('a'))
    await worker.receiveDeliveries(never)
    await worker.start()
    const run = opened[0]?.run as RunId
    expect(await worker.retry(run)).toEqual({ held: 'it is under way' })
    queue.given.add(run)
    await queue.park?.(run, DIED)
    queue.woken.length = 0
    expect([await worker.retry(run), queue.woken, queue.given.size]).toEqual([{ run }, [{ run, group: 'shop', priority: 10 }], 0])
    expect(await all()).toEqual([{ state: 'running', reason: undefined, sightings: 1, runs: 1 }])
    await settle(run)
    await worker.sweep(never)
    expect(await worker.retry(run)).toEqual({ run: opened[1]?.run })
    expect((await reports.ofRun(run))?.runs).toEqual(opened.map((each) => each.run))
    await worker.drain()
  })

  it('takes nothing new above its memory, and goes home when that does not help', async () => {
    const { worker, state, queue, pass } = world({ memoryMegabytes: 100 })
    await worker.start()
    state.memory = 200 * 1_048_576
    await expect.poll(() => queue.paused).toBe(1)
    state.memory = 10 * 1_048_576
    await expect.poll(() => queue.paused).toBe(0)
    state.memory = 200 * 1_048_576
    await expect.poll(() => queue.paused).toBe(1)
    pass(2 * 60_000)
    expect(await worker.ended).toBe('memory')
  })

  it('is seen while it works, with what it drives, and not any more when it went home', async () => {
    const { worker, hands, sendAlerts, opened, state } = world()
    state.memory = 5_000_000
    await sendAlerts(anAlert('a'))
    await worker.receiveDeliveries(never)
    const run = opened[0]?.run as RunId
    let driving: readonly RunId[] | undefined
    const openHands = hands.openHands
    Object.assign(hands, {
      openHands: async (id: RunId) => {
        await setTimeout(10)
        driving = (await hands.roster.seen())[0]?.runs
        return openHands(id, 0)
      },
    })
    await worker.start()
    await worker.driveRun(run, never)
    expect(driving).toEqual([run])
    await expect.poll(async () => (await hands.roster.seen()).map(({ runs }) => runs)).toEqual([[]])
    expect(await hands.roster.seen()).toMatchObject([{ host: 'here', pid: 7, state: 'working', concurrency: 2, memoryBytes: 5_000_000 }])
    await worker.drain()
    expect(await hands.roster.seen()).toEqual([])
  })

  it('a failure of the world that passes is nobody’s try', async () => {
    const { worker } = world()
    expect(await worker.driveRun(RunId.parse(`run_${'1'.padStart(26, '0')}`), never)).toEqual({ againInMs: 15_000 })
  })
})
