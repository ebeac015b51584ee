import { awaitsOthers, fold, type Inbox, type Journal, type Run, type RunId, type RunIndex, type RunSummary } from '@fixpoint/core'

/** Folds every journal at every question: slow, and never behind. */
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
      proposal: proposalOf(folded),
      entries: entries.length,
      openedAt: new Date(first.at),
      updatedAt: new Date(last.at),
    }
  }

  async list({ limit, before, phase, awaiting }: Parameters<RunIndex['list']>[0]): Promise<readonly RunSummary[]> {
    const runs = (await this.#all()).filter((run) => before === undefined || run.id < before)
    return runs.filter((run) => (phase === undefined || run.phase === phase) && (awaiting === undefined || run.awaiting === awaiting)).slice(0, limit)
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

function proposalOf(run: Run): RunSummary['proposal'] {
  return 'proposal' in run ? run.proposal : undefined
}
