import { type CommitSummary, Failure, inert } from '@fixpoint/core'
import { GitHistory } from '@fixpoint/source'
import type { WrittenCase } from '../evaluation/written-cases.ts'
import { caseFromCommit, type Proving, Unusable } from './case-from-commit.ts'
import type { BacktestHistory } from './history.ts'
import { whyNoFix } from './likely-fix.ts'

export interface Search extends Proving {
  readonly revision: string
  /** Cases that are wanted. */
  readonly last: number
  /** Commits that are looked at, at most. */
  readonly most: number
  readonly progress: (commit: CommitSummary, became: WrittenCase | string | undefined) => void
}

/** Goes back in a repository's history until so many fixes were proved to be cases. */
export async function searchHistory({ revision, last, most, progress, ...proving }: Search): Promise<BacktestHistory> {
  const { repository } = proving.hands.tools
  const tip = await repository.resolve(revision)
  const found: BacktestHistory = {
    schema: 'https://fixpoint.dev/schema/backtest-1.json',
    version: 1,
    ...{ repository: repository.workTree, tip, looked: 0, notFixes: {}, leftOut: [], cases: [] },
  }
  for (const commit of await new GitHistory(repository).recent(tip, most)) {
    if (found.cases.length >= last) break
    proving.signal.throwIfAborted()
    found.looked += 1
    const not = whyNoFix(commit)
    if (not !== undefined) {
      found.notFixes[not] = (found.notFixes[not] ?? 0) + 1
      continue
    }
    progress(commit, undefined)
    const became = await caseFromCommit(commit, proving).catch((error: unknown) => whyUnusable(error, proving.signal))
    progress(commit, became)
    if (typeof became === 'string') found.leftOut.push({ commit: commit.commit, subject: commit.subject, why: became })
    else found.cases.push(became)
  }
  return found
}

/** What belongs to one commit leaves it out; what all of them need ends the search. */
const OF_A_COMMIT: ReadonlySet<Failure['code']> = new Set(['install-failed', 'settings-invalid', 'repository-unreadable', 'room-lost'])

function whyUnusable(error: unknown, signal: AbortSignal): string {
  signal.throwIfAborted()
  if (error instanceof Unusable) return error.message
  if (error instanceof Failure && OF_A_COMMIT.has(error.code)) return `${error.code}: ${inert(error.message, 200).split('\n')[0]}`
  throw error
}
