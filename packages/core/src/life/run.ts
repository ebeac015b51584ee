import type { Digest, ObjectId } from '../words/ids.ts'
import type { Policy } from '../words/policy.ts'
import type { ReproductionSource } from '../words/reproduction.ts'
import type { Strength, VerdictName } from '../words/verdict.ts'
import type { Answered, Outcome, StopReason } from './events.ts'

/** One patch that was judged. */
export interface JudgedPatch {
  readonly candidate: Digest
  readonly patch: Digest
  readonly judgement: Digest
  readonly verdict: VerdictName
  /** A person or a critic wanted another one. */
  readonly turnedDown?: true
  /** The review of a critic who objected to it, or against the test that it passed. */
  readonly objection?: Digest
  /** It passed a test that was widened, or got a second one beside it, since: the patch is judged again. */
  readonly outdated?: true
}

interface Opened {
  readonly report: Digest
  readonly workspace: Digest
  readonly base: ObjectId
  readonly policy: Policy
  /** What people said to the run, oldest first. */
  readonly words: readonly Digest[]
  /** What models were asked, oldest first. */
  readonly answered: readonly Answered[]
  /** How often the present step failed in a row. */
  readonly failures: number
  /** The base moved once already: it is not followed for ever. */
  readonly moved?: true
  /** A patch that was judged on the base of before. */
  readonly carried?: Digest
  /** The pull request that stands while another attempt is made: what the run goes back to when that comes to nothing. */
  readonly published?: Proposed
  /** The proposal that stands while a patch that a person made of it is judged: what the run goes back to when that is refused. */
  readonly offered?: Proposing
}
interface Reproduced extends Opened {
  readonly reproduction: Digest
  readonly reproducedBy: ReproductionSource
  readonly baseline: Digest
}
interface Informed extends Reproduced {
  readonly dossier: Digest
  readonly judged: readonly JudgedPatch[]
  /** Survivors of a drafter that wait to be judged, best first. */
  readonly pending: readonly Digest[]
  /** The lane of each patch that was drafted, oldest first. */
  readonly drafts: readonly string[]
  /** How often a critic was asked. */
  readonly readings: number
  /** How often it objected: the first time sends the run back, the second ends it. */
  readonly objections: number
  /** Another mind was asked for a test of its own: a model wrote the first. */
  readonly soughtSecondTest: boolean
  /** A patch that a person made, to be judged next. */
  readonly edit?: Digest
}
interface Drafted extends Informed {
  readonly candidate: Digest
}
interface Minimised extends Drafted {
  readonly patch: Digest
}
interface Judged extends Informed {
  readonly candidate: Digest
  readonly judgement: Digest
  readonly contested: boolean
  /** A critic was asked about this patch and does not object. */
  readonly isRead: boolean
  /** What it said. */
  readonly review: Digest | undefined
  /** The review of a critic who objects to the test: it is to be written again. */
  readonly doubt: Digest | undefined
}
interface Proposing extends Judged {
  readonly proposal: Digest
  readonly strength: Strength | undefined
  readonly approved: boolean
}
interface Proposed extends Judged {
  readonly proposal: Digest
  readonly commit: ObjectId
  /** Number of the pull request, where the host reports back. */
  readonly pull: number | undefined
  /** Why the last attempt at what people wanted changed came to nothing. */
  readonly diagnosis?: Digest
}
/** What is known when a run stops without a patch: as much of the above as had been reached. */
interface Stuck extends Opened {
  readonly reason: StopReason
  readonly findings: Digest | undefined
  readonly reproduction: Digest | undefined
  readonly baseline: Digest | undefined
  readonly dossier: Digest | undefined
  readonly judged: readonly JudgedPatch[]
}

/** Our one effort to fix one report: a shape per phase, so that no field is ever there by luck. */
export type Run =
  | { readonly phase: 'unopened' }
  | ({ readonly phase: 'opened' } & Opened)
  | ({ readonly phase: 'reproduced' } & Reproduced)
  | ({ readonly phase: 'informed' } & Informed)
  | ({ readonly phase: 'drafted' } & Drafted)
  | ({ readonly phase: 'minimised' } & Minimised)
  | ({ readonly phase: 'judged' } & Judged)
  | ({ readonly phase: 'proposing' } & Proposing)
  | ({ readonly phase: 'proposed' } & Proposed)
  | ({ readonly phase: 'stuck' } & Stuck)
  | { readonly phase: 'settled'; readonly outcome: Outcome; readonly proposal: Digest | undefined; readonly diagnosis: Digest | undefined }

export type Phase = Run['phase']
export type RunIn<P extends Phase> = Extract<Run, { phase: P }>

/** The proposal that people look at, also while another attempt is made. */
export function shownProposal(run: Run): Digest | undefined {
  if ('proposal' in run) return run.proposal
  return run.phase === 'unopened' ? undefined : (run.offered ?? run.published)?.proposal
}
