import { z } from 'zod'
import { Outcome } from '../life/events.ts'
import { Digest } from './ids.ts'

const Count = z.number().int().nonnegative()

/** What others may ask to be told of. */
export const Topic = z.enum([
  'run.started',
  'run.reproduced',
  'patch.judged',
  'proposal.ready',
  'proposal.published',
  'changes.requested',
  'attempt.failed',
  'run.parked',
  'run.settled',
  'observe.weekly',
])
export type Topic = z.infer<typeof Topic>

/** Proposals that were withheld, by what people did about the same defects. */
export const ObservedCounts = z.object({
  withheld: Count,
  /** The lines that were proposed, as proposed. */
  identical: Count,
  /** The same lines, in another way. */
  sameLines: Count,
  /** Other lines of the same files. */
  sameFiles: Count,
  untouched: Count,
  /** The repository, or the proposal, could not be read any more. */
  unknown: Count,
  /** Of all these: the defect was seen again after the proposal. */
  seenAgain: Count,
})
export type ObservedCounts = z.infer<typeof ObservedCounts>

/** What others are told: digests, enums and numbers, never text of a report. */
export const Announcement = z.discriminatedUnion('topic', [
  z.object({ topic: z.literal('run.started') }),
  z.object({ topic: z.literal('run.reproduced') }),
  z.object({ topic: z.literal('patch.judged') }),
  z.object({ topic: z.literal('proposal.ready'), proposal: Digest }),
  z.object({ topic: z.literal('proposal.published'), proposal: Digest, pull: z.number().int().positive().optional() }),
  z.object({ topic: z.literal('changes.requested') }),
  /** At what people wanted changed; the pull request stands as it stood. */
  z.object({ topic: z.literal('attempt.failed'), proposal: Digest, diagnosis: Digest.optional() }),
  /** Its workers died with it, or it threw, too often: somebody has to release it. */
  z.object({ topic: z.literal('run.parked'), deaths: Count }),
  z.object({ topic: z.literal('run.settled'), outcome: Outcome, proposal: Digest.optional(), diagnosis: Digest.optional() }),
  z.object({ topic: z.literal('observe.weekly'), since: z.iso.datetime(), until: z.iso.datetime(), ...ObservedCounts.shape }),
])
export type Announcement = z.infer<typeof Announcement>
