import { Chip, type Tone } from './chip.tsx'

const PHASES = {
  unopened: 'Being opened',
  opened: 'Reproducing',
  reproduced: 'Gathering context',
  informed: 'Drafting',
  drafted: 'Minimising',
  minimised: 'Judging',
  judged: 'Choosing',
  proposing: 'Proposing',
  proposed: 'Proposed',
  stuck: 'Diagnosing',
  settled: 'Settled',
} as const

const OUTCOMES = {
  merged: { words: 'Merged', tone: 'good', means: 'Its pull request was merged.' },
  delivered: { words: 'Delivered', tone: 'good', means: 'The patch was handed over where nobody will report back.' },
  declined: { words: 'Declined', tone: 'plain', means: 'People did not want the patch.' },
  abandoned: { words: 'Abandoned', tone: 'warn', means: 'No patch; a diagnosis says why and what is missing.' },
  cancelled: { words: 'Cancelled', tone: 'plain', means: 'Somebody ended it.' },
} as const satisfies Record<string, { words: string; tone: Tone; means: string }>

export type Phase = keyof typeof PHASES
export type Outcome = keyof typeof OUTCOMES

export const PHASE_WORDS = Object.entries(PHASES) as readonly [Phase, string][]
export const OUTCOME_WORDS = Object.entries(OUTCOMES).map(([outcome, { words }]) => [outcome, words] as [Outcome, string])

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
  if (outcome !== undefined) {
    const { words, tone, means } = OUTCOMES[outcome]
    return (
      <Chip tone={tone} title={means}>
        {words}
      </Chip>
    )
  }
  if (awaiting)
    return (
      <Chip tone="warn" title={phase === 'proposing' ? 'A proposal waits for a person.' : 'Its pull request waits for people.'}>
        {phase === 'proposing' ? 'Waits for you' : 'In review'}
      </Chip>
    )
  return (
    <Chip>
      {phase !== 'settled' && <span aria-hidden className="size-1.5 animate-pulse rounded-full bg-accent" />}
      {PHASES[phase]}
    </Chip>
  )
}
