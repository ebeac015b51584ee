import type { Run, RunId } from '@fixpoint/core'
import { Admission, type Admitted } from './admission.ts'
import { AfterFix } from './after-fix.ts'
import { HostDeliveries } from './desk/host-deliveries.ts'
import { HostDesk } from './desk/host-desk.ts'
import { measureSurvival } from './desk/survival.ts'
import { driveRun } from './drive-run.ts'
import type { Handled, Parked, QueueConsumer, WorkerHands } from './hands.ts'
import { Heartbeat } from './heartbeat.ts'
import { Receiver } from './receive-deliveries.ts'
import type { WorkerSettings } from './settings.ts'
import { Turns } from './turns.ts'

const MINUTE = 60_000
const RETAIN_MS = 60 * MINUTE
const DAY = 24 * 60 * MINUTE
/** A sweep finds deliveries that nobody was told of. */
const LOOK_MS = 30_000
const DUE_AT_ONCE = 1_000
const MEMORY_MS = 5_000
const BEAT_MS = 5_000
/** GitHub keeps the list of its deliveries for three days. */
const RECOVER_AT_START_MS = 3 * DAY
const MEGABYTE = 1_048_576
/** Above the limit for so long with nothing in hand: it will not come down any more. */
const SWOLLEN_MS = MINUTE

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
  readonly #afterFix: AfterFix | undefined
  readonly #desk: HostDesk | undefined
  readonly #deliveries: HostDeliveries | undefined
  readonly #stopping = new AbortController()
  readonly #end: (ending: Ending) => void
  #consumer: QueueConsumer | undefined
  #drained: Promise<void> | undefined
  #recovered: Date | undefined

  constructor(hands: WorkerHands, settings: WorkerSettings) {
    this.#hands = hands
    this.#settings = settings
    this.#admission = new Admission(hands, settings)
    this.#desk = hands.desk && new HostDesk(hands, hands.desk, this.#admission)
    this.#deliveries = hands.desk && this.#desk && new HostDeliveries(hands, hands.desk, this.#desk.attend.bind(this.#desk))
    this.#receiver = new Receiver(hands, settings, this.#deliveries)
    this.#heart = new Heartbeat(hands, settings.concurrency)
    this.#afterFix = hands.afterFix && new AfterFix(hands, hands.afterFix, settings)
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
        await this.#parked(run, evidence)
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
      if (phase === 'settled') await this.#quietly('the report of a run waits for the sweep', () => this.#admission.settle(run))
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

  async admit(report: string, options: { readonly wanted?: boolean } = {}): Promise<Admitted> {
    return this.#admission.admit(report, options)
  }

  async speak(run: RunId): Promise<void> {
    await this.#desk?.voice.ofRun(run)
  }

  async retry(run: RunId): Promise<Admitted> {
    return this.#admission.retry(run)
  }

  async sweep(signal: AbortSignal): Promise<number> {
    const { clock, runIndex, queue, weekly } = this.#hands
    const lately = clock.now().getTime() - DAY
    // Whoever parked a run may have died before it was said.
    for (const parked of await queue.parked()) if (parked.at.getTime() > lately) await this.#parked(parked.run, parked)
    await this.#admission.settle()
    if (weekly !== undefined) await this.#quietly('the report of the week waits for the next sweep', weekly)
    await this.#tellOthers()
    await this.#afterFix?.look(signal)
    await this.#recover(signal)
    const { desk } = this.#hands
    if (desk !== undefined) await this.#quietly('the survival of patches waits for the next sweep', () => measureSurvival(desk, this.#hands, signal))
    const groups = await this.#admission.groups()
    const due = await runIndex.due(DUE_AT_ONCE)
    for (const run of due) {
      if (signal.aborted) break
      const group = groups.get(run)
      await queue.wake(run, group === undefined ? {} : { group })
    }
    return due.length
  }

  /** Its report says so, and whoever follows it is told; twice is once. */
  async #parked(run: RunId, { deaths, reason, at }: Parked): Promise<void> {
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
    await this.#quietly('what killed processes left could not be ended', () => this.#hands.reap())
  }

  /** What a code host could not hand over, and what could not be attended to, is taken up again. */
  async #recover(signal: AbortSignal): Promise<void> {
    const { desk, clock, queue } = this.#hands
    const deliveries = this.#deliveries
    if (desk === undefined || deliveries === undefined) return
    await this.#quietly('what a code host delivered in vain waits for the next sweep', async () => {
      let found = await deliveries.again()
      const now = clock.now()
      if (now.getTime() - (this.#recovered?.getTime() ?? 0) >= desk.recoverMs) {
        // A moment more than since the last look: what was on its way then.
        found += await deliveries.recover(new Date((this.#recovered ?? new Date(now.getTime() - RECOVER_AT_START_MS)).getTime() - MINUTE), signal)
        this.#recovered = now
      }
      if (found > 0) await queue.enqueue('deliveries', {})
    })
  }

  /** A hint to the queue: what it loses, and what was put off, the next sweep finds. */
  async #tellOthers(): Promise<void> {
    const { outbox, queue } = this.#hands
    await this.#quietly('messages to others wait for the sweep', async () => {
      for (const message of (await outbox?.due()) ?? []) await queue.enqueue('outbound', { message })
    })
  }

  /** Takes nothing new while it is above its limit; when that does not help, it makes room for a fresh process. */
  async #watchMemory(): Promise<void> {
    const { memory, clock, log } = this.#hands
    const limit = this.#settings.memoryMegabytes * MEGABYTE
    let since: number | undefined
    await this.#every(MEMORY_MS, async () => {
      const bytes = memory()
      if (bytes > limit && since === undefined) {
        since = clock.monotonic()
        log.warn({ megabytes: Math.round(bytes / MEGABYTE), limit: this.#settings.memoryMegabytes }, 'too much memory: no new run is taken')
        this.#heart.state = 'paused'
        await this.#consumer?.pause()
      } else if (bytes < limit * 0.8 && since !== undefined) {
        since = undefined
        this.#heart.state = 'working'
        await this.#consumer?.resume()
      } else if (since !== undefined && this.busy === 0 && clock.monotonic() - since > SWOLLEN_MS) {
        log.error({ megabytes: Math.round(bytes / MEGABYTE) }, 'the memory did not come down: this process goes home')
        this.#drained ??= this.#goHome('memory')
      }
    })
  }

  async #every(ms: number, work: () => Promise<void>): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      await this.#hands.clock.sleep(ms, signal).catch(() => undefined)
      if (!signal.aborted) await this.#quietly('a job of every minute failed', work)
    }
  }

  async #quietly(message: string, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.#hands.log.warn({ error: error instanceof Error ? error.message : 'unknown' }, message)
    }
  }
}
