import { RunId } from '@fixpoint/core'
import { UnrecoverableError } from 'bullmq'
import type { BullJob } from './backend.ts'
import type { ConsumeOptions, Evidence } from './job-queue.ts'
import type { Turnstile } from './turnstile.ts'

/** How often a wake-up may end with the death of its worker, and the run get no further, before the run is parked. */
const DEATHS = 6
/** A run whose workers died so often at one place may be at fault; before that it is driven on at once. */
const SUSPECT = 3

class DiedTooOften extends UnrecoverableError {
  readonly deaths: number
  constructor(deaths: number) {
    super(`its worker died ${deaths} times, and it got no further`)
    this.name = 'DiedTooOften'
    this.deaths = deaths
  }
}

/** What becomes of runs whose worker died with them: they go on, rest for a while, or are parked. */
export class Parking {
  readonly #turnstile: Turnstile
  readonly #options: Pick<ConsumeOptions, 'reached' | 'parked'>
  readonly #lockMs: number
  readonly #began = performance.now()

  constructor(turnstile: Turnstile, options: Pick<ConsumeOptions, 'reached' | 'parked'>, lockMs: number) {
    this.#turnstile = turnstile
    this.#options = options
    this.#lockMs = lockMs
  }

  /**
   * How long a run is still to rest. One that is suspect is driven only by a worker that lived a good while without it: what kills every worker (a deployment, a machine
   * without memory) is not its fault, and what it is at fault for leaves the others time. Throws when it died too often.
   */
  async restOf(run: RunId, { id, stalledCounter }: BullJob): Promise<number> {
    if (stalledCounter === 0) return 0
    const reached = (await this.#options.reached?.(run)) ?? 0
    const { deaths, agoMs } = await this.#turnstile.died(run, `${id} ${stalledCounter}`, reached)
    if (deaths >= DEATHS) throw new DiedTooOften(deaths)
    return deaths < SUSPECT ? 0 : this.#lockMs * 2 ** (deaths - SUSPECT + 1) - Math.min(agoMs, performance.now() - this.#began)
  }

  /** It was driven to where it rests: what died with it before is forgotten. */
  async lived(run: RunId, { stalledCounter }: BullJob): Promise<void> {
    if (stalledCounter > 0) await this.#turnstile.lived(run)
  }

  /** Nobody wakes it any more until somebody releases it. The try that is its last is under way still. */
  async park(job: BullJob, error: Error): Promise<void> {
    const run = RunId.safeParse(job.data.run)
    if (!run.success) return
    const died = error instanceof DiedTooOften
    const evidence: Evidence = {
      run: run.data,
      deaths: died ? error.deaths : job.stalledCounter,
      throws: died ? job.attemptsMade : job.attemptsMade + 1,
      reason: error.message.slice(0, 2_000),
      worker: job.processedBy,
      at: new Date(),
    }
    await this.#turnstile.park({ ...evidence, at: evidence.at.toISOString() })
    await this.#options.parked(run.data, evidence)
  }
}
