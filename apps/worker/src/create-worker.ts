import type { Run, RunId } from '@fixpoint/core'
import { Admission, type Admitted } from './admission.ts'
import { AfterFix } from './after-fix.ts'
import { Acknowledgements } from './desk/acknowledgements.ts'
import { HostDeliveries } from './desk/host-deliveries.ts'
import { HostDesk } from './desk/host-desk.ts'
import { driveRun } from './drive-run.ts'
import type { Handled, Parked, QueueConsumer, WorkerHands } from './hands.ts'
import { Heartbeat } from './heartbeat.ts'
import { MemoryWatch } from './memory-watch.ts'
import { quietly } from './quietly.ts'
import { Receiver } from './receive-deliveries.ts'
import type { WorkerSettings } from './settings.ts'
import { Sweep } from './sweep.ts'
import { Turns } from './turns.ts'

const MINUTE = 60_000
const RETAIN_MS = 60 * MINUTE
/** A sweep finds deliveries that nobody was told of. */
const LOOK_MS = 30_000
const MEMORY_MS = 5_000
const BEAT_MS = 5_000

export type Ending = 'drained' | 'memory'

export interface Worker extends AsyncDisposable {
  /** Ends what killed processes left, takes jobs, and sweeps. */
  start(): Promise<void>
  /** Takes no new work, pauses what it drives, and resolves when all is as the journals tell. At most as long as the settings say. */
  drain(): Promise<void>
  /** Resolves when it has gone home: told to, or because it takes too much memory; then a supervisor starts another one. */
  readonly ended: Promise<Ending>
  /** Jobs in hand. */
  readonly busy: number
  /** What the queue calls; here for doors that have none, and for tests. `signal` pauses. */
  driveRun(run: RunId, signal: AbortSignal, waitedMs?: number): Promise<Handled>
  receiveDeliveries(signal: AbortSignal): Promise<number>
  /** Shows people on a code host that they were heard. */
  acknowledge(signal: AbortSignal): Promise<void>
  /** Wakes every run with a due step, settles the reports of those at rest, and asks what became of their fixes. Says how many it woke. */
  sweep(signal: AbortSignal): Promise<number>
  /** `wanted`: a person asks for it, whatever severity, cool-down and caps say. */
  admit(report: string, options?: { readonly wanted?: boolean }): Promise<Admitted>
  /** Says on its code host how a run stands. */
  speak(run: RunId): Promise<void>
  /** A parked run goes on; the report of a settled one gets another. */
  retry(run: RunId): Promise<Admitted>
}

export function createWorker(hands: WorkerHands, settings: WorkerSettings): Worker {
  return new QueueWorker(hands, settings)
}

class QueueWorker implements Worker {
  readonly ended: Promise<Ending>
  readonly #hands: WorkerHands
  readonly #settings: WorkerSettings
  readonly #receiver: Receiver
  readonly #admission: Admission
  readonly #heart: Heartbeat
  readonly #sweep: Sweep
  readonly #desk: HostDesk | undefined
  readonly #acknowledgements: Acknowledgements | undefined
  readonly #stopping = new AbortController()
  readonly #end: (ending: Ending) => void
  #consumer: QueueConsumer | undefined
  #drained: Promise<void> | undefined

  constructor(hands: WorkerHands, settings: WorkerSettings) {
    this.#hands = hands
    this.#settings = settings
    this.#admission = new Admission(hands, settings)
    let deliveries: HostDeliveries | undefined
    if (hands.desk !== undefined) {
      const desk = new HostDesk(hands, hands.desk, this.#admission)
      this.#desk = desk
      deliveries = new HostDeliveries(hands, hands.desk, (...what) => desk.attend(...what))
      this.#acknowledgements = new Acknowledgements(hands, hands.desk, (...what) => desk.acknowledge(...what))
    }
    this.#receiver = new Receiver(hands, settings, deliveries)
    this.#heart = new Heartbeat(hands, settings.concurrency)
    this.#sweep = new Sweep(hands, {
      admission: this.#admission,
      afterFix: hands.afterFix && new AfterFix(hands, hands.afterFix, settings),
      deliveries,
      sayParked: (parked) => this.#sayParked(parked.run, parked),
      tellOthers: () => this.#tellOthers(),
    })
    let end: (ending: Ending) => void = () => undefined
    this.ended = new Promise((resolve) => {
      end = resolve
    })
    this.#end = end
  }

  get busy(): number {
    return this.#consumer?.busy ?? 0
  }

  async start(): Promise<void> {
    const { journal, queue, retain, send, log } = this.#hands
    const { concurrency, perRepository, everywhere, drainSeconds } = this.#settings
    await this.#reap()
    this.#consumer = await queue.consume({
      handlers: {
        'run-wake-up': ({ run }, { signal, waitedMs }) => this.driveRun(run, signal, waitedMs),
        sweep: async (_, { signal }) => void (await this.sweep(signal)),
        deliveries: async (_, { signal }) => void (await this.receiveDeliveries(signal)),
        acknowledgements: async (_, { signal }) => void (await this.acknowledge(signal)),
        ...(retain && { retention: async (_, { signal }) => void (await retain(signal)) }),
        ...(send && { outbound: ({ message }, { signal }) => send(message, signal) }),
      },
      concurrency,
      perGroup: perRepository,
      ...(everywhere !== undefined && { everywhere }),
      every: { sweep: MINUTE, deliveries: LOOK_MS, ...(retain && { retention: RETAIN_MS }) },
      drainMs: drainSeconds * 1000,
      signal: this.#stopping.signal,
      // Every fact is one further.
      reached: async (run) => (await journal.read(run)).length,
      parked: async (run, evidence) => {
        log.error({ run, ...evidence }, 'a run was parked')
        await this.#sayParked(run, evidence)
      },
    })
    // Whatever others swept a moment ago: a queue that was lost is filled again.
    await queue.enqueue('sweep', {})
    await this.#heart.beat()
    void this.#every(BEAT_MS, () => this.#heart.beat())
    void this.#every(MINUTE, () => this.#reap())
    void this.#watchMemory()
  }

  async drain(): Promise<void> {
    this.#drained ??= this.#goHome('drained')
    await this.#drained
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.drain()
  }

  async driveRun(run: RunId, signal: AbortSignal, waitedMs = 0): Promise<Handled> {
    const stepping = () => void this.#tellOthers()
    const rested = async ({ phase }: Run) => {
      await this.#tellOthers()
      if (phase === 'settled') await quietly(this.#hands.log, 'the report of a run waits for the sweep', () => this.#admission.settle(run))
    }
    return this.#heart.during(run, () => driveRun(run, { pause: signal, waitedMs, stepping, rested }, this.#hands))
  }

  /** Admission follows sighting in the same job: of these, one is worked on at a time in all processes, so that a cap is a cap. */
  async receiveDeliveries(signal: AbortSignal): Promise<number> {
    const turns = new Turns()
    const concluded = await this.#receiver.receive(signal, async (reports) => {
      for (const [report, { replayed }] of reports) if (!signal.aborted) await turns.take(() => this.#admission.admit(report, { mended: replayed }))
    })
    await turns.take(() => this.#admission.goOn(signal))
    turns.end()
    return concluded
  }

  async acknowledge(signal: AbortSignal): Promise<void> {
    await this.#acknowledgements?.give(signal)
  }

  async admit(report: string, options: { readonly wanted?: boolean } = {}): Promise<Admitted> {
    return this.#admission.admit(report, options)
  }

  async speak(run: RunId): Promise<void> {
    await this.#desk?.speak(run)
  }

  async retry(run: RunId): Promise<Admitted> {
    return this.#admission.retry(run)
  }

  async sweep(signal: AbortSignal): Promise<number> {
    return this.#sweep.over(signal)
  }

  /** Its report says so, and whoever follows it is told; twice is once. */
  async #sayParked(run: RunId, { deaths, reason, at }: Parked): Promise<void> {
    await this.#admission.park(run, reason)
    await this.#hands.outbox?.announce({ topic: 'run.parked', deaths }, `${run} ${at.toISOString()}`, run)
    await this.#tellOthers()
  }

  async #goHome(ending: Ending): Promise<void> {
    this.#stopping.abort()
    if (this.#consumer !== undefined) {
      this.#heart.state = 'draining'
      await this.#heart.beat()
      await this.#consumer.drain()
      await this.#heart.leave()
    }
    this.#end(ending)
  }

  async #reap(): Promise<void> {
    await quietly(this.#hands.log, 'what killed processes left could not be ended', () => this.#hands.reap())
  }

  /** A hint to the queue: what it loses, and what was put off, the next sweep finds. */
  async #tellOthers(): Promise<void> {
    const { outbox, queue } = this.#hands
    await quietly(this.#hands.log, 'messages to others wait for the sweep', async () => {
      for (const message of (await outbox?.due()) ?? []) await queue.enqueue('outbound', { message })
    })
  }

  async #watchMemory(): Promise<void> {
    const watch = new MemoryWatch(this.#hands, this.#settings.memoryMegabytes, {
      pause: async () => {
        this.#heart.state = 'paused'
        await this.#consumer?.pause()
      },
      resume: async () => {
        this.#heart.state = 'working'
        await this.#consumer?.resume()
      },
      isIdle: () => this.busy === 0,
      goHome: () => {
        this.#drained ??= this.#goHome('memory')
      },
    })
    await this.#every(MEMORY_MS, () => watch.look())
  }

  async #every(ms: number, work: () => Promise<void>): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      await this.#hands.clock.sleep(ms, signal).catch(() => undefined)
      if (!signal.aborted) await quietly(this.#hands.log, 'a job of every minute failed', work)
    }
  }
}
