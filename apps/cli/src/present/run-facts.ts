import { BugReport, costByLane, Diagnosis, inert, type JournalEntry } from '@fixpoint/core'
import { type Archive, Judgement, PlannedProposal } from '@fixpoint/engine'
import { costInWords } from './cost.ts'

/** What a run's journal tells, a sentence each. Text that has expired is left out. */
export async function runFacts(entries: readonly JournalEntry[], archive: Archive): Promise<string[]> {
  const sentences = await Promise.all(entries.map((entry) => sentenceOf(entry, archive).catch(() => entry.event.kind)))
  const answered = entries.flatMap(({ event }) => (event.kind === 'model-answered' ? [event] : []))
  return [...sentences.flatMap((sentence) => sentence ?? []), ...costByLane(answered).map((cost) => `asked: ${costInWords(cost)}`)]
}

async function sentenceOf({ event }: JournalEntry, archive: Archive): Promise<string | undefined> {
  switch (event.kind) {
    case 'run-opened':
      return `the report: ${inert((await archive.get(BugReport, event.report)).title, 200)}`
    case 'bug-reproduced':
      return `reproduced by: ${event.source}`
    case 'patch-judged': {
      const { candidate, verdict } = await archive.get(Judgement, event.judgement)
      const refused = verdict.gates.find((gate) => gate.status === 'failed')
      return `a patch of ${candidate.origin.drafter} (${inert(candidate.origin.summary, 200)}) was judged ${event.verdict}${refused ? `: ${refused.gate}: ${refused.summary}` : ''}`
    }
    case 'proposal-planned': {
      const { title, strength, diff } = await archive.get(PlannedProposal, event.proposal)
      return `proposed (${strength}): ${title}\n${inert(diff, 4000)}`
    }
    case 'run-diagnosed': {
      const { reason, summary, missingFact, tried } = await archive.get(Diagnosis, event.diagnosis)
      return `ended without a proposal (${reason}): ${summary} Missing: ${missingFact}. Tried: ${tried.slice(0, 8).join('; ')}`
    }
    case 'model-answered':
      return undefined
    default:
      return event.kind.replaceAll('-', ' ')
  }
}
