import { OUTCOMES, type Outcome, PHASES, type Phase } from '../../ui/run-words.tsx'
import { termNamed } from '../../ui/terms.tsx'

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
  const phase = termNamed(PHASES, given.phase)
  const outcome = termNamed(OUTCOMES, given.outcome)
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
