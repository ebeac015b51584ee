import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { BugReport, type Drafter, Failure, type FailureCode, type JournalEntry, Policy, RunId } from '@fixpoint/core'
import { Archive, openRun, patchFrom } from '@fixpoint/engine'
import { alertSources, reportFrom } from '@fixpoint/intake'
import { openQueue } from '@fixpoint/queue'
import { detectProject } from '@fixpoint/test-runners'
import {
  InMemoryArtifacts,
  InMemoryDeliveries,
  InMemoryInbox,
  InMemoryJournal,
  InMemoryLedger,
  InMemoryReports,
  InMemoryRunIndex,
  InMemorySourceMaps,
  InMemoryWorkerRoster,
  MemorySnapshot,
  RecordingCodeHost,
} from '@fixpoint/testkit'
import { createWorker, type WorkerHands, type WorkerQueue, WorkerSettings } from '@fixpoint/worker'
import { describe, expect, it } from 'vitest'
import { hands } from './hands.ts'

const source = new MemorySnapshot({
  'package.json': '{"name":"x","scripts":{"test":"node --test"}}',
  'src/size.js': 'exports.size = (list) => list.length + 1\n',
  'test/size.test.js':
    "const { size } = require('../src/size.js')\nconst assert = require('node:assert')\nrequire('node:test')('counts', () => assert.strictEqual(size([7, 8]), 2))\n",
})

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 60_000
  while (!(await what())) {
    if (performance.now() > end) throw new Error(`waited a minute for ${what}`)
    await sleep(20)
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** The clock of this machine. */
const clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep: async (ms: number, signal: AbortSignal) => {
    await sleep(ms, undefined, { signal })
  },
}

/** `thinks`: it waits there until it is told to go on, or to stop. */
async function world(thinks = false) {
  const [journal, inbox, artifacts, codeHost] = [new InMemoryJournal(), new InMemoryInbox(), new InMemoryArtifacts(), new RecordingCodeHost()]
  const [reports, deliveries] = [new InMemoryReports(), new InMemoryDeliveries()]
  const state = { thinks, thinking: 0, opened: 0, closed: 0, stopped: false }
  const drafter: Drafter = {
    name: 'one-idea',
    async *draft(task, _tools, signal) {
      state.thinking += 1
      if (state.thinks) await clock.sleep(60_000, signal)
      const patch = patchFrom(task.source, [{ path: 'src/size.js', content: 'exports.size = (list) => list.length\n' }])
      yield { kind: 'candidate', candidate: { patch, origin: { drafter: 'one-idea', kind: 'boundary', summary: 'count right', symptomOnly: false, score: 1 } } }
    },
  }
  const tools = { ...(await hands({ source, codeHost, drafters: [drafter], artifacts })), clock }
  const archive = new Archive(artifacts)
  const detected = detectProject(source, { deps: 'install' })
  const report = await reportFrom('The test suite fails.', 'suite')
  if ('unsupported' in detected || 'refused' in report) throw new Error('the world is not as this test needs it')
  const workspace = { repository: '/x', project: detected.project, recipe: detected.recipe, commands: {} }
  const stored = await reports.sight({
    ...{ groupKey: 'g', title: 'x', report: await archive.put(BugReport, report), hasTrace: true, severity: 'error' as const },
    ...{ source: 'generic', delivery: 'd', at: new Date(), repository: 'shop' },
  })
  const nobody: WorkerQueue = {
    wake: async () => undefined,
    release: async () => false,
    parked: async () => [],
    enqueue: async () => undefined,
    consume: () => Promise.reject(new Error('nobody consumes')),
  }
  const workerHands: WorkerHands = {
    ...{ journal, inbox, artifacts, reports, deliveries, runIndex: new InMemoryRunIndex(journal, inbox), clock, ids: tools.ids, hash: tools.hash },
    ledger: new InMemoryLedger(),
    tokens: { ingestKeys: async () => [] },
    sourceMaps: new InMemorySourceMaps(),
    roster: new InMemoryWorkerRoster(),
    self: { host: 'here', pid: 7 },
    sources: alertSources,
    queue: nobody,
    openHands: async () => {
      state.opened += 1
      return {
        tools,
        [Symbol.asyncDispose]: async () => {
          state.closed += 1
        },
      }
    },
    openRunFor: async (_report, _target, runId) => {
      await openRun(
        { report, base: source.commit, policy: Policy.parse({ lanes: [{ name: drafter.name }] }), workspace, runId },
        { journal, archive, clock, ids: tools.ids },
      )
      return undefined
    },
    reap: async () => undefined,
    stopped: async () => state.stopped,
    paused: async () => false,
    progress: () => () => undefined,
    memory: () => 0,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  }
  const makeWorker = (queue: WorkerQueue = nobody, openHands = workerHands.openHands) =>
    createWorker({ ...workerHands, queue, openHands }, WorkerSettings.parse({ drainSeconds: 20 }))
  const worker = makeWorker()
  const admitted = await worker.admit(stored.report.id)
  if (!('run' in admitted)) throw new Error(admitted.held)
  const run = admitted.run
  return {
    ...{ worker, makeWorker, run, journal, inbox, reports, state, codeHost },
    kinds: async () => (await journal.read(run)).map((entry: JournalEntry) => entry.event.kind),
    reportState: async () => {
      const kept = await reports.get(stored.report.id)
      return [kept?.state, kept?.reason]
    },
    thinking: (times = 1) => until(() => state.thinking >= times),
  }
}

describe.concurrent('a worker drives a run', () => {
  it('to rest, and settles its report', async () => {
    const { worker, run, kinds, reportState, state } = await world()
    expect(await worker.driveRun(run, new AbortController().signal)).toBeUndefined()
    expect((await kinds()).at(-1)).toBe('run-settled')
    expect(await reportState()).toEqual(['settled', 'delivered'])
    expect([state.opened, state.closed]).toEqual([1, 1])
  }, 120_000)

  it('and hears a cancel in the middle of a step', async () => {
    const { worker, run, inbox, kinds, thinking, reportState } = await world(true)
    const driven = worker.driveRun(run, new AbortController().signal)
    await thinking()
    await inbox.put(run, { kind: 'cancel', by: 'ada' })
    const started = performance.now()
    await driven
    expect(performance.now() - started).toBeLessThan(5_000)
    expect((await kinds()).at(-1)).toBe('run-cancelled')
    expect(await inbox.waiting(run)).toEqual([])
    expect(await reportState()).toEqual(['settled', 'cancelled'])
  }, 120_000)

  it('until it is paused, and whoever goes on ends with the same journal', async () => {
    const { worker, run, kinds, thinking, state, reportState } = await world(true)
    const pause = new AbortController()
    const driven = worker.driveRun(run, pause.signal)
    await thinking()
    const before = await kinds()
    pause.abort()
    await driven
    expect(await kinds()).toEqual(before)
    expect(await reportState()).toEqual(['running', undefined])
    state.thinks = false
    await worker.driveRun(run, new AbortController().signal)
    expect((await kinds()).filter((kind) => kind === 'bug-reproduced')).toHaveLength(1)
    expect(await reportState()).toEqual(['settled', 'delivered'])
  }, 120_000)

  it('until the emergency stop: it pauses, and is asked again later', async () => {
    const { worker, run, kinds, thinking, state } = await world(true)
    const driven = worker.driveRun(run, new AbortController().signal)
    await thinking()
    state.stopped = true
    expect(await driven).toEqual({ againInMs: 30_000 })
    expect(await kinds()).not.toContain('run-settled')
    expect(await worker.driveRun(run, new AbortController().signal)).toEqual({ againInMs: 30_000 })
    expect(state.opened).toBe(1)
  }, 120_000)

  it('until somebody else does: it goes home without a word', async () => {
    const { worker, run, journal, thinking, state, kinds } = await world(true)
    const pause = new AbortController()
    const driven = worker.driveRun(run, pause.signal)
    await thinking()
    await using _lease = await journal.lease(run)
    // It drafted, and is refused at its next append.
    state.thinks = false
    pause.abort()
    expect(await driven).toBeUndefined()
    const stale = worker.driveRun(run, new AbortController().signal)
    await thinking(2)
    await using _newer = await journal.lease(run)
    expect(await stale).toBeUndefined()
    expect(await kinds()).not.toContain('run-settled')
  }, 120_000)

  it('whose hands cannot be opened: what passes comes again, what does not is thrown', async () => {
    const { run, makeWorker } = await world()
    const failing = (code: FailureCode) => makeWorker(undefined, () => Promise.reject(new Failure(code, code, 'mend it')))
    expect(await failing('engine-unreachable').driveRun(run, new AbortController().signal)).toEqual({ againInMs: 15_000 })
    await expect(failing('repository-unreadable').driveRun(run, new AbortController().signal)).rejects.toThrow('repository-unreadable')
    const never = RunId.parse(`run_${'9'.padStart(26, '0')}`)
    await expect(makeWorker().driveRun(never, new AbortController().signal)).rejects.toThrow(/never opened/)
  }, 120_000)

  it('that another worker left when it was told to go home, over a real queue', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fixpoint-worker-'))
    const port = await freePort()
    const redis = spawn('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes'], { stdio: 'ignore' })
    try {
      const { makeWorker, kinds, thinking, state, reportState } = await world(true)
      const open = async () => openQueue({ url: `redis://127.0.0.1:${port}`, log: () => undefined })
      await using one = await open()
      await using other = await open()
      const first = makeWorker(one)
      // The sweep at its start finds the run.
      await first.start()
      await thinking()
      expect(first.busy).toBe(1)
      const started = performance.now()
      await first.drain()
      expect(performance.now() - started).toBeLessThan(10_000)
      expect(await first.ended).toBe('drained')
      state.thinks = false
      await using second = makeWorker(other)
      await second.start()
      await until(async () => (await reportState())[0] === 'settled')
      expect(await reportState()).toEqual(['settled', 'delivered'])
      expect((await kinds()).filter((kind) => kind === 'bug-reproduced')).toHaveLength(1)
    } finally {
      redis.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    }
  }, 120_000)
})
