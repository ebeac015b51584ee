import { Chip } from './chip.tsx'
import { Moving, type Term, TermChip } from './terms.tsx'

export const PHASES = {
  unopened: { words: 'Being opened' },
  opened: { words: 'Reproducing' },
  reproduced: { words: 'Gathering context' },
  informed: { words: 'Drafting' },
  drafted: { words: 'Minimising' },
  minimised: { words: 'Judging' },
  judged: { words: 'Choosing' },
  proposing: { words: 'Proposing' },
  proposed: { words: 'Proposed' },
  stuck: { words: 'Diagnosing' },
  settled: { words: 'Settled' },
} as const

export const OUTCOMES = {
  merged: { words: 'Merged', tone: 'good', means: 'Its pull request was merged.' },
  delivered: { words: 'Delivered', tone: 'good', means: 'The patch was handed over where nobody will report back.' },
  declined: { words: 'Declined', tone: 'plain', means: 'People did not want the patch.' },
  abandoned: { words: 'Abandoned', tone: 'warn', means: 'No patch; a diagnosis says why and what is missing.' },
  cancelled: { words: 'Cancelled', tone: 'plain', means: 'Somebody ended it.' },
} as const satisfies Record<string, Term>

export type Phase = keyof typeof PHASES
export type Outcome = keyof typeof OUTCOMES

interface Standing {
  readonly phase: Phase
  readonly outcome?: Outcome
  readonly awaiting: boolean
  readonly parked?: { readonly reason: string }
}

/** Where a run stands, in a word. */
export function RunChip({ run: { phase, outcome, awaiting, parked } }: { readonly run: Standing }) {
  if (parked !== undefined)
    return (
      <Chip tone="bad" title={`The queue gave it up: ${parked.reason}. Retry lets it go on.`}>
        Parked
      </Chip>
    )
  if (outcome !== undefined) return <TermChip term={OUTCOMES[outcome]} />
  if (awaiting)
    return (
      <Chip tone="warn" title={phase === 'proposing' ? 'A proposal waits for a person.' : 'Its pull request waits for people.'}>
        {phase === 'proposing' ? 'Waits for you' : 'In review'}
      </Chip>
    )
  return (
    <Chip>
      {phase !== 'settled' && <Moving />}
      {PHASES[phase].words}
    </Chip>
  )
}
