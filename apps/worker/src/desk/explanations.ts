import { type DeliveryRecord, Explanation, type HostThread, type RunId, type StoredReport } from '@fixpoint/core'
import { Archive } from '@fixpoint/engine'
import type { WorkerHands } from '../hands.ts'
import { quietly } from '../quietly.ts'
import type { DeskHands } from './desk-hands.ts'
import type { Attended } from './host-desk.ts'
import type { Voice } from './voice.ts'

type Hands = Pick<WorkerHands, 'reports' | 'journal' | 'artifacts' | 'deliveries' | 'clock' | 'log'>

/** Longer than asking a model takes: whoever has not finished by then is dead. */
const ASKING_MS = 6 * 60_000
const SAID = 'said what is known of the cause'

/**
 * What is said to somebody who asks why: at once what the run wrote down, and when a model can be asked, its words as soon as they are there. Its words
 * are kept before they are said, and the delivery that asked for them is looked at again when nobody has finished with it: dying costs one asking.
 */
export class Explanations {
  readonly #hands: Hands
  readonly #archive: Archive
  readonly #desk: Pick<DeskHands, 'explain' | 'threads'>
  readonly #voice: Voice
  /** Runs that a model is being asked about. */
  readonly #asking = new Set<RunId>()

  constructor(hands: Hands, desk: Pick<DeskHands, 'explain' | 'threads'>, voice: Voice) {
    this.#hands = hands
    this.#archive = new Archive(hands.artifacts)
    this.#desk = desk
    this.#voice = voice
  }

  /** Undefined: there is no run that could know anything. */
  async of(thread: HostThread, delivery: DeliveryRecord): Promise<Attended | undefined> {
    const { reports, clock, log } = this.#hands
    const report = await reports.get(thread.report)
    const run = report?.runs.at(-1)
    if (report === undefined || run === undefined) return undefined
    const words = await this.#kept(run, delivery)
    const cause = await this.#voice.ofCause(report, thread, words)
    if (cause === undefined) return undefined
    const said = { done: SAID, reports: [report.id] }
    const { explain } = this.#desk
    if (words !== undefined || cause.explanation !== undefined || explain === undefined) return said
    // Nobody else's wish waits for a model.
    if (!this.#asking.has(run)) void quietly(log, 'a model could not be asked for a cause', () => this.#ask(explain, run, report, thread, delivery))
    return { ...said, until: new Date(clock.now().getTime() + ASKING_MS) }
  }

  /** Words that came after they were asked for, or since which the run wrote nothing down. */
  async #kept(run: RunId, { receivedAt }: DeliveryRecord): Promise<Explanation | undefined> {
    const kept = await this.#desk.threads.explanationOf(run)
    const newest = (await this.#hands.journal.read(run)).at(-1)
    if (kept === undefined || newest === undefined || kept.at.getTime() < Math.min(receivedAt.getTime(), Date.parse(newest.at))) return undefined
    // They may have expired.
    return this.#archive.get(Explanation, kept.words).catch(() => undefined)
  }

  async #ask(explain: NonNullable<DeskHands['explain']>, run: RunId, report: StoredReport, thread: HostThread, delivery: DeliveryRecord): Promise<void> {
    this.#asking.add(run)
    try {
      const words = await explain(run).catch(async (error: unknown) => {
        await this.#finish(delivery, report, 'a model could not be asked')
        throw error
      })
      if (words === undefined) return await this.#finish(delivery, report, 'no model has more to say')
      await this.#desk.threads.explained(run, await this.#archive.put(Explanation, words), this.#hands.clock.now())
      await this.#voice.ofCause(report, thread, words)
      await this.#finish(delivery, report, 'with a model’s words')
    } finally {
      this.#asking.delete(run)
    }
  }

  /** Whether it is put off by now or is about to be: what is concluded first counts. */
  async #finish({ id }: DeliveryRecord, { id: report }: StoredReport, how: string): Promise<void> {
    await this.#hands.deliveries.replay(id)
    await this.#hands.deliveries.conclude(id, { state: 'reported', reason: `${SAID}, ${how}`, reports: [report] })
  }
}
