import { type Outcome, type ReportFix, type ReportState, RunId, type StoredReport } from '@fixpoint/core'
import { type GateName, isPassing, OPEN_STATES, PARKED, passGates, repositoryOf } from './gates.ts'
import type { WorkerHands } from './hands.ts'
import type { WorkerSettings } from './settings.ts'
import { Turns } from './turns.ts'

const DAY = 24 * 3_600_000
/** Reports of one state that one look goes through. */
const LOOK = 200
/** Where a report may stand when a person wants a run. */
const RUNNABLE: readonly ReportState[] = [...OPEN_STATES, 'confirmed', 'muted']
/** Between why a report was reopened and why nothing is done about it yet. */
const NO_RUN = '; no new run yet: '

export type Admitted = { readonly run: RunId } | { readonly held: string }

/**
 * From reports to runs. The run's id is written down with the report before the run is opened under it, so that dying in between neither
 * loses the run nor opens two.
 */
export class Admission {
  readonly #hands: WorkerHands
  readonly #settings: WorkerSettings
  readonly #began: Date
  #looked = false

  constructor(hands: WorkerHands, settings: WorkerSettings) {
    this.#hands = hands
    this.#settings = settings
    this.#began = hands.clock.now()
  }

  /**
   * `asked`: a person asks for it, whatever severity, cool-down and caps say; so did whoever the report remembers. `mended`: what kept its
   * last run from being opened may have been put right. `by`: who asks.
   */
  async admit(id: string, { wanted: asked = false, mended = false, by }: { wanted?: boolean; mended?: boolean; by?: string } = {}): Promise<Admitted> {
    const { reports, ids, clock } = this.#hands
    const report = await reports.get(id)
    if (report === undefined) return { held: 'there is no such report' }
    const wanted = asked || report.wantedBy !== undefined
    const parked = wanted ? await this.#parkedRunOf(report) : undefined
    if (parked !== undefined) return this.#resume(parked, report, by)
    const admission = passGates(await this.#facts(report, { wanted, mended }), this.#settings)
    if (!admission.admitted) {
      if (admission.leave !== true) await this.#hold(report, admission)
      else if (report.state === 'needs-trace' && report.reason !== admission.reason) {
        await reports.move(id, { from: ['needs-trace'], to: 'needs-trace', reason: admission.reason })
      }
      return { held: admission.reason }
    }
    const run = RunId.parse(`run_${ids.sortable()}`)
    if (!(await reports.move(id, { from: wanted ? RUNNABLE : OPEN_STATES, to: 'running', run, ...(by !== undefined && { wantedBy: by }) })))
      return { held: 'somebody else was sooner' }
    this.#hands.log.info({ report: id, run, at: clock.now().toISOString() }, 'a run is opened')
    return this.#open({ ...report, state: 'running', runs: [...report.runs, run] }, run, wanted)
  }

  /** What was left behind: reports that nobody looked at, that a gate held which may be open now, and runs that were written down but not opened. */
  async goOn(signal: AbortSignal): Promise<void> {
    const { reports, runIndex, log } = this.#hands
    const turns = new Turns()
    for (const report of await reports.list({ limit: LOOK, state: 'running' })) {
      const run = report.runs.at(-1)
      if (run !== undefined && !signal.aborted && (await runIndex.get(run)) === undefined && (await this.#hands.journal.read(run)).length === 0) {
        log.warn({ report: report.id, run }, 'a run was not opened before; it is now')
        await turns.take(() => this.#open(report, run, false))
      }
    }
    const first = !this.#looked
    for (const state of ['new', 'reopened', 'held'] as const) {
      for (const report of await reports.list({ limit: LOOK, state })) {
        // What the settings hold stays held as long as they stay; they were read when this process began.
        const worthIt = state !== 'held' || first || report.wantedBy !== undefined || isPassing(report.reason)
        if (worthIt && !signal.aborted) await turns.take(() => this.admit(report.id))
      }
    }
    this.#looked = true
    turns.end()
  }

  /** Reports of runs that came to rest. */
  async settle(only?: RunId): Promise<void> {
    const { reports, runIndex } = this.#hands
    const ofOne = only === undefined ? undefined : await reports.ofRun(only)
    for (const report of only === undefined ? await reports.list({ limit: LOOK, state: 'running' }) : ofOne === undefined ? [] : [ofOne]) {
      const run = report.runs.at(-1)
      if (run === undefined) continue
      const summary = await runIndex.get(run)
      if (summary?.outcome === undefined) continue
      const fix = await this.#fixOf(run, summary.outcome, summary.updatedAt)
      await reports.move(report.id, { from: ['running'], to: 'settled', reason: summary.outcome, ...(fix && { fix }) })
    }
  }

  /** The report of a run that the queue gave up. */
  async park(run: RunId, why: string): Promise<void> {
    const report = await this.#hands.reports.ofRun(run)
    if (report !== undefined) await this.#hands.reports.move(report.id, { from: ['running'], to: 'held', reason: `${PARKED}${why}` })
  }

  /** A parked run goes on; the report of a settled one gets another. */
  async retry(run: RunId): Promise<Admitted> {
    const { reports, runIndex } = this.#hands
    const report = await reports.ofRun(run)
    const summary = await runIndex.get(run)
    if (summary?.phase === 'settled') return report === undefined ? { held: 'its report is gone' } : this.admit(report.id, { wanted: true })
    return this.#resume(run, report)
  }

  /** A parked run goes on, to hear what somebody says to it; one that is under way is left alone. */
  async resume(run: RunId): Promise<Admitted> {
    return this.#resume(run, await this.#hands.reports.ofRun(run))
  }

  /** Which repository each run that is under way works on. */
  async groups(): Promise<ReadonlyMap<RunId, string>> {
    const running = await this.#hands.reports.list({ limit: LOOK, state: 'running' })
    return new Map(
      running.flatMap(({ runs, repository }): [RunId, string][] => {
        const run = runs.at(-1)
        return run === undefined || repository === undefined ? [] : [[run, repository]]
      }),
    )
  }

  /** One report, one proposal: such a run goes on, and no other is opened beside it. */
  async #parkedRunOf(report: StoredReport): Promise<RunId | undefined> {
    const last = report.runs.at(-1)
    if (last === undefined || report.state === 'running') return
    const summary = await this.#hands.runIndex.get(last)
    return summary !== undefined && summary.outcome === undefined ? last : undefined
  }

  /** The report first: dying in between leaves a parked run, which can be asked for again. */
  async #resume(run: RunId, report: StoredReport | undefined, by = report?.wantedBy ?? report?.askedBy): Promise<Admitted> {
    const { reports, queue } = this.#hands
    if (report !== undefined) await reports.move(report.id, { from: RUNNABLE, to: 'running', run, ...(by !== undefined && { wantedBy: by }) })
    if (!(await queue.release(run))) return { held: 'it is under way' }
    await queue.wake(run, { ...(report?.repository !== undefined && { group: report.repository }), priority: 10 })
    return { run }
  }

  async #open(report: StoredReport, run: RunId, wanted: boolean): Promise<Admitted> {
    const { openRunFor, queue, reports, log } = this.#hands
    // The gates were open when it was written down; what is needed of them again is where its code lies.
    const admission = passGates(
      { ...(await this.#facts(report, { wanted: true })), report: { ...report, state: 'new' }, stopped: false, paused: false, spent: undefined },
      this.#settings,
    )
    const opened = admission.admitted ? await openRunFor(report, admission.target, run) : { held: admission.reason }
    if (opened !== undefined) {
      log.warn({ report: report.id, run, reason: opened.held }, 'a run could not be opened')
      // Its run counts for the cool-down: it is not tried again with every alert.
      await reports.move(report.id, { from: ['running'], to: 'held', reason: opened.held })
      return opened
    }
    // A hint: the sweep finds the run without it.
    await queue.wake(run, { ...(report.repository !== undefined && { group: report.repository }), ...(wanted && { priority: 10 }) }).catch((error: unknown) => {
      log.warn({ run, error: error instanceof Error ? error.message : 'unknown' }, 'a run waits for the sweep')
    })
    return { run }
  }

  /** Where nobody reports back it is found out later whether it was merged. */
  async #fixOf(run: RunId, outcome: Outcome, at: Date): Promise<ReportFix | undefined> {
    if (outcome !== 'merged' && outcome !== 'delivered') return
    const published = (await this.#hands.journal.read(run)).map(({ event }) => event).findLast((event) => event.kind === 'proposal-published')
    return published && { commit: published.commit, at, landedAt: outcome === 'merged' ? at : undefined }
  }

  async #hold(report: StoredReport, { gate, reason }: { readonly gate: GateName; readonly reason: string }): Promise<void> {
    if (report.state === 'reopened') {
      const seen = report.reason?.split(NO_RUN)[0] ?? 'seen again'
      const why = `${seen}${NO_RUN}${reason}`
      if (report.reason !== why) await this.#hands.reports.move(report.id, { from: ['reopened'], to: 'reopened', reason: why })
      return
    }
    // Why its last run could not be opened tells more than that it is too soon for another one.
    const told = report.state === 'held' && report.reason !== undefined && (report.reason === reason || gate === 'cool-down')
    if (!told) await this.#hands.reports.move(report.id, { from: OPEN_STATES, to: 'held', reason })
  }

  async #facts(report: StoredReport, { wanted, mended = false }: { wanted: boolean; mended?: boolean }): Promise<Parameters<typeof passGates>[0]> {
    const { clock, ledger, reports, runIndex, stopped, paused } = this.#hands
    const now = clock.now()
    const repository = repositoryOf(report, this.#settings)
    const since = new Date(now.getTime() - DAY)
    const last = report.runs.at(-1)
    const [summary, runsToday, runsTodayHere, isStopped, isPaused, spent] = await Promise.all([
      last === undefined ? undefined : runIndex.get(last),
      reports.runsSince(since),
      report.repository === undefined ? 0 : reports.runsSince(since, report.repository),
      stopped(),
      repository === undefined ? false : paused(repository),
      repository === undefined ? undefined : ledger.reached(repository),
    ])
    const openedAt = last && (summary?.openedAt ?? timeOf(last))
    // One that could not be opened is waited for as long as nothing can have changed: settings are read when a process begins.
    const counts = summary !== undefined || (!mended && openedAt !== undefined && openedAt >= this.#began)
    const lastRun = counts && openedAt !== undefined ? { openedAt, outcome: summary?.outcome } : undefined
    return { report, now, lastRun, runsToday, runsTodayHere, stopped: isStopped, paused: isPaused, spent, wanted }
  }
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** A run's id begins with the time at which it was made. */
function timeOf(run: RunId): Date {
  return new Date([...run.slice('run_'.length, 'run_'.length + 10)].reduce((time, digit) => time * 32 + ALPHABET.indexOf(digit), 0))
}
