import type { HostThread, StoredReport } from '@fixpoint/core'
import type { WorkerHands } from '../hands.ts'
import { quietly } from '../quietly.ts'
import type { DeskHands } from './desk-hands.ts'
import type { Attended } from './host-desk.ts'
import type { Voice } from './voice.ts'

/** What is said to somebody who asks why: at once what the run wrote down, and when a model can be asked, its words as soon as they are there. */
export class Explanations {
  readonly #hands: Pick<WorkerHands, 'reports' | 'log'>
  readonly #desk: Pick<DeskHands, 'explain'>
  readonly #voice: Voice
  /** Reports that a model is being asked about. */
  readonly #asking = new Set<string>()

  constructor(hands: Pick<WorkerHands, 'reports' | 'log'>, desk: Pick<DeskHands, 'explain'>, voice: Voice) {
    this.#hands = hands
    this.#desk = desk
    this.#voice = voice
  }

  /** Undefined: there is no run that could know anything. */
  async of(thread: HostThread): Promise<Attended | undefined> {
    const report = await this.#hands.reports.get(thread.report)
    const cause = report && (await this.#voice.ofCause(report, thread))
    if (report === undefined || cause === undefined) return undefined
    // Nobody else's wish waits for a model; dying meanwhile loses its words, and nothing else.
    if (cause.explanation === undefined) void quietly(this.#hands.log, 'a model could not be asked for a cause', () => this.#askModel(report, thread))
    return { done: 'said what is known of the cause', reports: [report.id] }
  }

  async #askModel(report: StoredReport, thread: HostThread): Promise<void> {
    const run = report.runs.at(-1)
    if (run === undefined || this.#desk.explain === undefined || this.#asking.has(report.id)) return
    this.#asking.add(report.id)
    try {
      const words = await this.#desk.explain(run)
      if (words !== undefined) await this.#voice.ofCause(report, thread, words)
    } finally {
      this.#asking.delete(report.id)
    }
  }
}
