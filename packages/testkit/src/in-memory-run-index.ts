import {
  awaitsOthers,
  fold,
  type Inbox,
  type Journal,
  type JournalEntry,
  type RunId,
  type RunIndex,
  type RunPage,
  type RunSummary,
  shownProposal,
  tokensOf,
} from '@fixpoint/core'

/** Folds every journal at every question: slow, and never behind. It knows of no reports, so nothing is found by them. */
export class InMemoryRunIndex implements RunIndex {
  readonly #journal: Journal
  readonly #inbox: Inbox

  constructor(journal: Journal, inbox: Inbox) {
    this.#journal = journal
    this.#inbox = inbox
  }

  async get(run: RunId): Promise<RunSummary | undefined> {
    const entries = await this.#journal.read(run)
    const first = entries[0]
    const last = entries.at(-1)
    if (first?.event.kind !== 'run-opened' || last === undefined) return undefined
    const folded = fold(entries)
    return {
      id: run,
      phase: folded.phase,
      awaiting: awaitsOthers(folded),
      outcome: folded.phase === 'settled' ? folded.outcome : undefined,
      report: first.event.report,
      proposal: shownProposal(folded),
      owner: undefined,
      spent: spentIn(entries),
      entries: entries.length,
      openedAt: new Date(first.at),
      updatedAt: new Date(last.at),
    }
  }

  async list({ limit, before, phase, awaiting, outcome, ...byOwner }: RunPage): Promise<readonly RunSummary[]> {
    const asked = { phase, awaiting, outcome }
    const named = Object.values(byOwner).some((value) => value !== undefined)
    return (await this.#all())
      .filter((run) => !named && (before === undefined || run.id < before))
      .filter((run) => Object.entries(asked).every(([name, value]) => value === undefined || run[name as keyof typeof asked] === value))
      .slice(0, limit)
  }

  async due(limit: number): Promise<readonly RunId[]> {
    const due: RunId[] = []
    for (const run of (await this.#all()).reverse()) {
      if (run.phase === 'settled' || (run.awaiting && (await this.#inbox.waiting(run.id)).length === 0)) continue
      due.push(run.id)
    }
    return due.slice(0, limit)
  }

  async #all(): Promise<RunSummary[]> {
    const runs = await Promise.all((await this.#journal.list()).map((run) => this.get(run)))
    return runs.filter((run) => run !== undefined)
  }
}

function spentIn(entries: readonly JournalEntry[]): RunSummary['spent'] {
  const answered = entries.flatMap(({ event }) => (event.kind === 'model-answered' ? [event] : []))
  return {
    money: answered.reduce((sum, { money }) => sum + money, 0),
    tokens: answered.reduce((sum, { usage }) => sum + tokensOf(usage), 0),
  }
}
