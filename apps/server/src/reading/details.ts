import { Autonomy, Budget, Diagnosis, Digest, Dossier, GateResult, Lane, Usage, VerdictName } from '@fixpoint/core'
import { z } from 'zod'

const Moment = z.iso.datetime()
const Sequence = z.number().int()
const Step = z.object({ step: z.string(), startedAt: Moment, endedAt: Moment.optional(), facts: z.array(Sequence), failed: z.boolean() })
const Attempt = z.object({
  number: z.number().int(),
  at: Moment,
  verdict: VerdictName,
  judgement: Digest,
  drafter: z.string().optional(),
  kind: z.string().optional(),
  summary: z.string().optional(),
  symptomOnly: z.boolean().optional(),
  diff: z.string().optional(),
  gates: z.array(GateResult).optional(),
  lesson: z.string().optional(),
  review: z.object({ approved: z.boolean(), lane: z.string(), why: z.string().optional() }).optional(),
})
const Exchange = z.object({
  seq: Sequence,
  at: Moment,
  lane: z.string(),
  conversation: z.string(),
  model: z.string(),
  usage: Usage,
  money: z.number(),
  /** The artifact with the exact prompt and reply. */
  exchange: Digest,
})
/** What has expired is left out. */
export const Details = z.object({
  report: z.object({ title: z.string(), text: z.string(), origin: z.string() }).optional(),
  base: z.string().optional(),
  policy: z.object({ autonomy: Autonomy, approval: z.string(), budget: Budget, lanes: z.array(Lane), critic: z.string().optional() }).optional(),
  spent: z.object({ money: z.number(), tokens: z.number(), exchanges: z.number().int(), elapsedMs: z.number() }),
  steps: z.array(Step),
  attempts: z.array(Attempt),
  dossier: Dossier.optional(),
  diagnosis: Diagnosis.optional(),
  exchanges: z.array(Exchange),
  words: z.array(
    z.object({ at: Moment, kind: z.enum(['steer', 'request-changes', 'edit', 'reject', 'approve']), by: z.string(), words: z.string().optional() }),
  ),
  failures: z.array(z.object({ seq: Sequence, at: Moment, step: z.string(), code: z.string(), message: z.string().optional(), hint: z.string().optional() })),
  pull: z.object({ number: z.number().int(), url: z.string().optional() }).optional(),
})
export type Details = z.infer<typeof Details>
