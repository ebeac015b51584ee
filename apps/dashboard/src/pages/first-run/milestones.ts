export interface RoadRun {
  readonly phase: string
  readonly awaiting: boolean
  readonly outcome?: string
  readonly proposal?: string
}

interface Milestone {
  readonly name: string
  readonly state: 'done' | 'now' | 'later' | 'failed'
  readonly words: string
}

/** What a run does, in order, and the phases in which it is at it. */
const WORK = [
  ['Reproducing', ['unopened', 'opened'], 'the failure is made to happen in a sandbox'],
  ['Context', ['reproduced'], 'what is worth knowing of the code'],
  ['Drafting', ['informed'], 'patches are tried; patterns need no model'],
  ['Judging', ['drafted', 'minimised', 'judged'], 'a fresh sandbox, gate after gate'],
] as const satisfies readonly (readonly [string, readonly string[], string])[]

const AFTER_WORK = ['proposing', 'proposed']

/** How far a run came; `reported`: it may be opened any moment. */
export function milestonesOf(run: RoadRun | undefined, reported: boolean): readonly Milestone[] {
  const at = run === undefined ? -1 : WORK.findIndex(([, phases]) => (phases as readonly string[]).includes(run.phase))
  // A run with a proposal went through all of it; one that is stuck or ended without does not say how far it came.
  const through = run !== undefined && (AFTER_WORK.includes(run.phase) || run.proposal !== undefined)
  const ended = run !== undefined && at === -1 && !through
  const work = WORK.map(([name, , words], index): Milestone => {
    if (through || (at !== -1 && index < at)) return { name, state: 'done', words }
    const begins = run === undefined && reported && index === 0
    return { name, state: index === at || begins ? 'now' : 'later', words }
  })
  return [...work, proposalOf(run, through, ended)]
}

function proposalOf(run: RoadRun | undefined, through: boolean, ended: boolean): Milestone {
  const name = 'Proposal'
  if (ended) return { name, state: 'failed', words: run?.outcome === 'cancelled' ? 'the run was cancelled' : 'none: the run has a diagnosis instead' }
  if (!through) return { name, state: 'later', words: '' }
  if (run?.awaiting) return { name, state: 'done', words: 'it waits for you' }
  return { name, state: run?.phase === 'settled' ? 'done' : 'now', words: run?.outcome ?? 'being made' }
}
