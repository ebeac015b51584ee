import { z } from 'zod'
import { Usage } from '../words/conversation.ts'
import { Diagnosis } from '../words/diagnosis.ts'
import { Digest, ObjectId } from '../words/ids.ts'
import { Policy } from '../words/policy.ts'
import { ReproductionSource } from '../words/reproduction.ts'
import { Strength, VerdictName } from '../words/verdict.ts'

/** How a run came to rest. `delivered`: handed over where nobody will report back. */
export const Outcome = z.enum(['merged', 'declined', 'delivered', 'abandoned', 'cancelled'])
export type Outcome = z.infer<typeof Outcome>

export const StopReason = Diagnosis.shape.reason
export type StopReason = z.infer<typeof StopReason>

/** One paid exchange with a model: what it was about, what it took, and where its words are. */
export const Answered = z.object({
  lane: z.string(),
  /** The same name is the same conversation when a step is performed again. */
  conversation: z.string(),
  model: z.string(),
  /** Version of the prompts. */
  prompts: z.string(),
  /** SHA-256 of the request. */
  request: Digest,
  exchange: Digest,
  usage: Usage,
  /** In US dollars. */
  money: z.number().nonnegative(),
})
export type Answered = z.infer<typeof Answered>

/**
 * The facts of a run. Digests, ids, enums and numbers only: text lives in artifacts, which expire; events are for ever.
 * A new field is optional, a new event is added, nothing is ever renamed.
 */
export const RunEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run-opened'), report: Digest, workspace: Digest, base: ObjectId, policy: Policy }),
  z.object({ kind: z.literal('bug-reproduced'), reproduction: Digest, baseline: Digest, source: ReproductionSource }),
  z.object({ kind: z.literal('bug-not-reproduced'), findings: Digest }),
  z.object({ kind: z.literal('dossier-gathered'), dossier: Digest }),
  z.object({ kind: z.literal('patch-drafted'), drafter: z.string(), candidate: Digest, pending: z.array(Digest) }),
  /** At the same lines, each candidate that waits does what a patch does that passed every gate: judging it would tell nothing. */
  z.object({ kind: z.literal('pending-dismissed'), count: z.number().int().positive() }),
  z.object({ kind: z.literal('drafters-exhausted'), findings: Digest }),
  z.object({ kind: z.literal('patch-minimised'), candidate: Digest, patch: Digest }),
  z.object({ kind: z.literal('patch-judged'), verdict: VerdictName, judgement: Digest }),
  z.object({ kind: z.literal('patch-chosen'), candidate: Digest, judgement: Digest, verdict: z.enum(['fixed', 'contested']) }),
  z.object({ kind: z.literal('proposal-planned'), proposal: Digest, strength: Strength.optional() }),
  z.object({ kind: z.literal('proposal-approved'), by: z.string() }),
  z.object({ kind: z.literal('changes-requested'), by: z.string(), lesson: Digest }),
  /** It is judged like any other; until it stands, the proposal does. */
  z.object({ kind: z.literal('patch-edited'), by: z.string(), edit: Digest }),
  z.object({ kind: z.literal('proposal-rejected'), by: z.string(), reason: Digest }),
  z.object({ kind: z.literal('proposal-withheld') }),
  z.object({ kind: z.literal('run-steered'), by: z.string(), lesson: Digest }),
  /** What the proposal was made for moved before it was published. `carried`: the patch, where it touches nothing that moved. */
  z.object({ kind: z.literal('base-moved'), base: ObjectId, carried: Digest.optional() }),
  z.object({ kind: z.literal('proposal-published'), commit: ObjectId, pull: z.number().int().positive().optional() }),
  z.object({
    kind: z.literal('run-settled'),
    outcome: Outcome,
    by: z.string().optional(),
    words: Digest.optional(),
    /** What it became, and whether people changed it before. */
    merge: ObjectId.optional(),
    edited: z.boolean().optional(),
  }),
  z.object({ kind: z.literal('run-diagnosed'), diagnosis: Digest }),
  z.object({ kind: z.literal('run-stopped'), reason: StopReason, detail: Digest }),
  z.object({ kind: z.literal('run-cancelled') }),
  z.object({
    kind: z.literal('patch-reviewed'),
    lane: z.string(),
    approved: z.boolean(),
    lesson: Digest.optional(),
    /** What it says in full. */
    review: Digest.optional(),
    /** Without it, the patch. */
    objection: z.enum(['patch', 'test']).optional(),
  }),
  z.object({ kind: z.literal('reproduction-widened'), reproduction: Digest }),
  /** Found: the reproduction holds both tests, and what passed the first is judged again. */
  z.object({ kind: z.literal('second-test-sought'), found: z.boolean(), reproduction: Digest }),
  z.object({ kind: z.literal('model-answered'), ...Answered.shape }),
  z.object({ kind: z.literal('step-failed'), step: z.string(), code: z.string(), detail: Digest }),
])
export type RunEvent = z.infer<typeof RunEvent>
export type EventKind = RunEvent['kind']

export const JournalEntry = z.object({ v: z.literal(1), seq: z.number().int().nonnegative(), at: z.iso.datetime(), event: RunEvent })
export type JournalEntry = z.infer<typeof JournalEntry>
