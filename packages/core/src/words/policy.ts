import { z } from 'zod'
import { Strength } from './verdict.ts'

export const Budget = z.object({
  /** Patches that may be judged. Zero means: reproduce and explain, draft nothing. */
  attempts: z.number().int().nonnegative().default(8),
  /** Candidates that a drafter may try in its own room before it has to settle. */
  candidates: z.number().int().nonnegative().default(600),
  minutes: z.number().nonnegative().default(15),
  tokens: z.number().int().nonnegative().default(0),
  /** In US dollars. */
  money: z.number().nonnegative().default(0),
})
export type Budget = z.infer<typeof Budget>

/** One way of making patches, in the order in which they are asked. */
export const Lane = z.object({
  /** `patterns`, `cheap`, `strong`, … */
  name: z.string().min(1),
  /** `provider/model`; none for patterns. */
  model: z.string().optional(),
  /** Patches of it that may be judged; the run's own budget binds too. Zero: it drafts nothing, and reads what others wrote. */
  attempts: z.number().int().nonnegative().optional(),
  /** Its part of the run's money and tokens, 0 to 1. */
  share: z.number().min(0).max(1).default(1),
})
export type Lane = z.infer<typeof Lane>

export const Autonomy = z.enum(['observe', 'propose', 'draft-pr', 'pr'])
export type Autonomy = z.infer<typeof Autonomy>

/** Recorded when the run opens, so that a journal replays the same in a year. */
export const Policy = z.object({
  budget: Budget.prefault({}),
  lanes: z.array(Lane).default([{ name: 'patterns', share: 1 }]),
  /** The lane whose model reads a surviving patch before it is proposed, once with a fresh mind. None: nobody does. */
  critic: z.string().optional(),
  autonomy: Autonomy.default('propose'),
  /** `person`: a proposal is published only when somebody has approved of it. */
  approval: z.enum(['none', 'person']).default('none'),
  /** What may be published without a word of a person, by those who open pull requests. */
  unattended: z.array(Strength).default(['verified']),
  /** Gitignore-style patterns that no patch may touch, besides what is protected by nature. */
  protectedPaths: z.array(z.string()).default([]),
  /** Added and removed lines, outside tests. */
  maximumChangedLines: z.number().int().positive().default(200),
  testTimeoutMs: z.number().int().positive().default(300_000),
})
export type Policy = z.infer<typeof Policy>
