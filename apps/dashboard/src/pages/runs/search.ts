import { OUTCOME_WORDS, type Outcome, PHASE_WORDS, type Phase } from '../../ui/run-words.tsx'

/** What the address of the runs says: which of them. */
export interface RunsSearch {
  readonly phase?: Phase
  readonly outcome?: Outcome
  readonly awaiting?: 'yes' | 'no'
  readonly repository?: string
  readonly source?: string
  readonly text?: string
}

export function runsSearch(given: Record<string, unknown>): RunsSearch {
  const phase = PHASE_WORDS.find(([each]) => each === given.phase)?.[0]
  const outcome = OUTCOME_WORDS.find(([each]) => each === given.outcome)?.[0]
  const awaiting = (['yes', 'no'] as const).find((each) => each === given.awaiting)
  const words = (name: 'repository' | 'source' | 'text', most: number) => {
    const said = given[name]
    // Numbers in an address are read as numbers.
    return (typeof said === 'string' || typeof said === 'number') && String(said).trim() !== '' ? { [name]: String(said).slice(0, most) } : {}
  }
  return {
    ...(phase && { phase }),
    ...(outcome && { outcome }),
    ...(awaiting && { awaiting }),
    ...words('repository', 300),
    ...words('source', 100),
    ...words('text', 200),
  }
}
