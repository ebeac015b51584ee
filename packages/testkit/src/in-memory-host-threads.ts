import type { Digest, HostThread, HostThreads, KeptExplanation, PullOutcome, RunId } from '@fixpoint/core'

const DAY_MS = 24 * 60 * 60 * 1000
const DAYS = [7, 30, 90] as const

/** Threads of code hosts and what became of pull requests, for as long as the process lives. */
export class InMemoryHostThreads implements HostThreads {
  readonly #threads = new Map<string, HostThread>()
  readonly #outcomes = new Map<string, PullOutcome>()
  readonly #lost = new Set<string>()
  readonly #explanations = new Map<RunId, KeptExplanation>()

  async bind(thread: HostThread): Promise<void> {
    const repository = thread.repository.toLowerCase()
    const key = keyOf(repository, thread.number)
    if (!this.#threads.has(key)) this.#threads.set(key, { ...thread, repository })
  }

  async find(repository: string, number: number): Promise<HostThread | undefined> {
    return this.#threads.get(keyOf(repository, number))
  }

  async ofReport(report: string): Promise<readonly HostThread[]> {
    return [...this.#threads.values()].filter((thread) => thread.report === report)
  }

  async renamed(from: string, to: string): Promise<void> {
    rename(this.#threads, from, to)
    rename(this.#outcomes, from, to)
  }

  async explained(run: RunId, words: Digest, at: Date): Promise<void> {
    this.#explanations.set(run, { words, at })
  }

  async explanationOf(run: RunId): Promise<KeptExplanation | undefined> {
    return this.#explanations.get(run)
  }

  async ended(outcome: Omit<PullOutcome, 'survived'>): Promise<void> {
    const key = keyOf(outcome.repository, outcome.number)
    this.#outcomes.set(key, { ...outcome, repository: outcome.repository.toLowerCase(), survived: this.#outcomes.get(key)?.survived ?? {} })
  }

  async survivalDue(now: Date, limit: number): Promise<readonly (PullOutcome & { readonly days: 7 | 30 | 90 })[]> {
    return [...this.#outcomes.values()]
      .filter(({ outcome, commit, repository, number }) => outcome !== 'declined' && commit !== undefined && !this.#lost.has(keyOf(repository, number)))
      .flatMap((outcome) => DAYS.map((days) => ({ ...outcome, days, due: outcome.at.getTime() + days * DAY_MS })))
      .filter(({ survived, days, due }) => survived[days] === undefined && due <= now.getTime())
      .sort((one, other) => one.due - other.due || one.number - other.number)
      .slice(0, limit)
      .map(({ due: _, ...outcome }) => outcome)
  }

  async survived(repository: string, number: number, days: 7 | 30 | 90, share: number): Promise<void> {
    const key = keyOf(repository, number)
    const known = this.#outcomes.get(key)
    if (known !== undefined) this.#outcomes.set(key, { ...known, survived: { ...known.survived, [days]: share } })
  }

  async lost(repository: string, number: number): Promise<void> {
    this.#lost.add(keyOf(repository, number))
  }

  async outcomes(since: Date): Promise<readonly PullOutcome[]> {
    return [...this.#outcomes.values()].filter(({ at }) => at >= since).sort((one, other) => one.at.getTime() - other.at.getTime())
  }
}

function keyOf(repository: string, number: number): string {
  return `${repository.toLowerCase()}#${number}`
}

function rename<T extends { readonly repository: string; readonly number: number }>(kept: Map<string, T>, from: string, to: string): void {
  for (const [key, one] of [...kept]) {
    const next = keyOf(to, one.number)
    if (one.repository !== from.toLowerCase() || kept.has(next)) continue
    kept.delete(key)
    kept.set(next, { ...one, repository: to.toLowerCase() })
  }
}
