import type { DraftTask } from '@fixpoint/core'
import type { Fix } from './fix.ts'
import { rank, scoreOf } from './rank.ts'

/** Enough to choose from. */
const PROVEN_AT_MOST = 12
/** Runs of the whole suite that may be spent on survivors that break something. */
const BROKEN_AT_MOST = 40
/** A good survivor is settled for when so many less likely candidates brought none. */
const QUIET = 100
const LESS_LIKELY = 0.2
/** Cheap, frequent repairs: they are tried on every line that is suspected at least half as much as the worst before anything is settled for. */
const FIRST = new Set(['comparison', 'boundary', 'operator', 'negation', 'missing-await', 'missing-return', 'confusable-api', 'literal'])
const WELL_SUSPECTED = 0.5
const NOT_FARFETCHED = 0.25
/** In units of the score: about twelve times less likely. */
const OUTCLASSED = 2.5
/** Shares of the run's minutes that may go into trying: when something good is proven, and at all. The judge needs the rest. */
const ENOUGH_TIME = 0.2
const MOST_TIME = 0.5

/** How far a search has come, and whether that is enough. */
export class SearchStanding {
  readonly #task: DraftTask
  /** Passed the failing tests and the suite, in the order of their proof. */
  readonly proven: Fix[] = []
  /** What survivors broke, for people. */
  readonly broke: string[] = []
  tried = 0
  spentMs = 0
  /** Weight of the most suspected line. */
  strongest = 0
  #lastProvenAt = 0

  constructor(task: DraftTask) {
    this.#task = task
  }

  prove(fix: Fix): void {
    this.proven.push(fix)
    this.#lastProvenAt = this.tried
  }

  isFull(): boolean {
    return this.proven.length >= PROVEN_AT_MOST || this.broke.length >= BROKEN_AT_MOST
  }

  isLate(): boolean {
    const share = this.#hasGood() ? ENOUGH_TIME : MOST_TIME
    return this.spentMs > share * this.#task.policy.budget.minutes * 60_000
  }

  /** So much worse than what is proven that a run of the whole suite tells nothing that anybody would want to know. */
  isOutclassed(fix: Fix): boolean {
    const { oracle } = this.#task.reproduction
    const best = this.#best()
    return best !== undefined && this.#hasGood() && scoreOf(fix, oracle) < scoreOf(best, oracle) - OUTCLASSED
  }

  /** Enough has been found: a repair that is more than a guard, and nothing as good has come for a while. */
  isSettled(next: Fix): boolean {
    const best = this.#best()
    if (best === undefined || !this.#hasGood() || this.#isDue(next)) return false
    return this.tried - this.#lastProvenAt >= QUIET || next.priority < best.priority * LESS_LIKELY
  }

  /** A repair that is more than a guard, where more than a guard is wanted. */
  #hasGood(): boolean {
    const best = this.#best()
    return best !== undefined && (this.#task.reproduction.oracle === 'no-crash' || !best.symptomOnly)
  }

  /** Never given up for a survivor that came earlier. */
  #isDue(fix: Fix): boolean {
    return FIRST.has(fix.family) && fix.weight >= WELL_SUSPECTED * this.strongest && fix.likely >= NOT_FARFETCHED
  }

  #best(): Fix | undefined {
    return rank(this.proven, this.#task.reproduction.oracle)[0]
  }
}
