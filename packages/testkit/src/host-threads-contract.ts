import { Digest, type HostThread, type HostThreads, ObjectId, type PullOutcome, RunId } from '@fixpoint/core'
import { describe, expect, it } from 'vitest'

const RUN = RunId.parse(`run_${'1'.padStart(26, '0')}`)
const LATER = RunId.parse(`run_${'2'.padStart(26, '0')}`)
const COMMIT = ObjectId.parse('c'.repeat(40))
const MERGED = new Date('2026-01-01T00:00:00Z')
const after = (days: number): Date => new Date(MERGED.getTime() + days * 24 * 60 * 60 * 1000)

function anEnd(changes: Partial<PullOutcome> = {}): Omit<PullOutcome, 'survived'> {
  return { repository: 'acme/app', number: 8, run: RUN, outcome: 'merged', at: MERGED, commit: COMMIT, ...changes }
}

/** What every store of threads keeps. `make` gives an empty one, and two reports that threads may belong to. */
export function hostThreadsContract(make: () => Promise<{ readonly threads: HostThreads; readonly reports: readonly [string, string] }>): void {
  describe('host threads contract', () => {
    it('a thread belongs to one report for good, and is found whatever its name is spelled like', async () => {
      const { threads, reports } = await make()
      const issue: HostThread = { repository: 'acme/app', number: 7, kind: 'issue', report: reports[0], run: undefined }
      await threads.bind({ ...issue, repository: 'Acme/App' })
      await threads.bind(issue)
      await threads.bind({ ...issue, report: reports[1] })
      const pull: HostThread = { repository: 'acme/app', number: 8, kind: 'pull', report: reports[0], run: RUN }
      await threads.bind(pull)
      expect(await threads.find('ACME/app', 7)).toEqual(issue)
      expect(await threads.find('acme/app', 8)).toEqual(pull)
      expect(await threads.find('acme/other', 7)).toBeUndefined()
      expect(await threads.find('acme/app', 9)).toBeUndefined()
      expect(await threads.ofReport(reports[0])).toEqual([issue, pull])
      expect(await threads.ofReport(reports[1])).toEqual([])
    })

    it('of many that bind a thread at once, one does', async () => {
      const { threads, reports } = await make()
      const thread: HostThread = { repository: 'acme/app', number: 7, kind: 'issue', report: reports[0], run: undefined }
      await Promise.all(Array.from({ length: 20 }, (_, index) => threads.bind({ ...thread, report: reports[index % 2 === 0 ? 0 : 1] })))
      expect((await threads.ofReport(reports[0])).length + (await threads.ofReport(reports[1])).length).toBe(1)
    })

    it('follows a repository to its new name, and keeps what is known there', async () => {
      const { threads, reports } = await make()
      const thread: HostThread = { repository: 'acme/app', number: 7, kind: 'issue', report: reports[0], run: undefined }
      await threads.bind(thread)
      await threads.bind({ ...thread, number: 8 })
      await threads.bind({ ...thread, repository: 'acme/new', number: 8, report: reports[1] })
      await threads.ended(anEnd())
      await threads.renamed('Acme/App', 'Acme/New')
      await threads.renamed('Acme/App', 'Acme/New')
      expect((await threads.find('acme/new', 7))?.report).toBe(reports[0])
      expect((await threads.find('acme/new', 8))?.report).toBe(reports[1])
      expect(await threads.find('acme/app', 7)).toBeUndefined()
      expect((await threads.outcomes(MERGED)).map(({ repository }) => repository)).toEqual(['acme/new'])
    })

    it('keeps the last words on the cause of a run’s failure', async () => {
      const { threads } = await make()
      const [words, others] = ['a', 'b'].map((letter) => Digest.parse(letter.repeat(64))) as [Digest, Digest]
      await threads.explained(RUN, words, after(0))
      await threads.explained(RUN, others, after(1))
      await threads.explained(LATER, words, after(2))
      expect(await threads.explanationOf(RUN)).toEqual({ words: others, at: after(1) })
      expect(await threads.explanationOf(RunId.parse(`run_${'3'.padStart(26, '0')}`))).toBeUndefined()
    })

    it('keeps the last word of what became of a pull request', async () => {
      const { threads } = await make()
      await threads.ended(anEnd({ outcome: 'declined', commit: undefined }))
      await threads.ended(anEnd({ number: 9, run: LATER, at: after(1), outcome: 'merged-with-edits' }))
      await threads.ended(anEnd({ at: after(2) }))
      expect(await threads.outcomes(MERGED)).toEqual([
        { ...anEnd({ number: 9, run: LATER, at: after(1), outcome: 'merged-with-edits' }), survived: {} },
        { ...anEnd({ at: after(2) }), survived: {} },
      ])
      expect(await threads.outcomes(after(2))).toHaveLength(1)
      expect(await threads.outcomes(after(3))).toEqual([])
    })

    it('says when survival is due, the longest due first, and only of what was merged', async () => {
      const { threads } = await make()
      await threads.ended(anEnd())
      await threads.ended(anEnd({ number: 9, run: LATER, outcome: 'merged-with-edits', at: after(1) }))
      await threads.ended(anEnd({ number: 10, outcome: 'declined', commit: undefined }))
      const due = async (days: number, limit = 10) => (await threads.survivalDue(after(days), limit)).map(({ number, days }) => [number, days])
      expect(await due(6.9)).toEqual([])
      expect(await due(7)).toEqual([[8, 7]])
      expect(await due(31)).toEqual([
        ...[
          [8, 7],
          [9, 7],
          [8, 30],
          [9, 30],
        ],
      ])
      expect(await due(31, 1)).toEqual([[8, 7]])
      await threads.survived('ACME/app', 8, 7, 0.75)
      await threads.survived('acme/app', 8, 30, 0)
      await threads.survived('acme/app', 99, 7, 1)
      expect(await due(31)).toEqual([
        [9, 7],
        [9, 30],
      ])
      await threads.lost('ACME/app', 9)
      expect(await due(91)).toEqual([[8, 90]])
      expect((await threads.outcomes(MERGED)).map(({ number, survived }) => [number, survived])).toContainEqual([9, {}])
      expect((await threads.outcomes(MERGED)).find(({ number }) => number === 8)?.survived).toEqual({ 7: 0.75, 30: 0 })
    })
  })
}
