import { z } from 'zod'
import { Suspect } from './dossier.ts'
import { GateName } from './verdict.ts'

/** A cause in a model's words, with places of the tree that were checked to be there. */
export const Explanation = z.object({
  text: z.string(),
  evidence: z.array(z.object({ path: z.string(), lines: z.tuple([z.number().int().positive(), z.number().int().positive()]), why: z.string() })),
  model: z.string(),
})
export type Explanation = z.infer<typeof Explanation>

/** What a run without a proposal hands over. */
export const Diagnosis = z.object({
  reason: z.enum([
    'not-reproduced',
    'no-patch',
    'needs-a-person',
    'refused-by-policy',
    'budget-exhausted',
    'time-exhausted',
    'model-unavailable',
    'environment',
    'overtaken',
  ]),
  /** One paragraph: what happened. */
  summary: z.string(),
  suspects: z.array(Suspect),
  /** What was run or tried, and what came of it. */
  tried: z.array(z.string()),
  bestRejected: z.object({ diff: z.string(), gate: z.enum([...GateName.options, 'review']), why: z.string() }).optional(),
  explanation: Explanation.optional(),
  /** The fact that would let it go on. */
  missingFact: z.string(),
  nextCommand: z.string(),
})
export type Diagnosis = z.infer<typeof Diagnosis>
