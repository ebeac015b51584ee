import { Strength, Usage } from '@fixpoint/core'
import { z } from 'zod'

/**
 * `resolved`: proposed, and the held-out tests pass. `wrong`: proposed, and they fail. `abstained`: no proposal. `failed`: no answer, by a
 * fault of the environment or of ours; it says nothing about fixing.
 */
export const Answer = z.enum(['resolved', 'wrong', 'abstained', 'failed'])
export type Answer = z.infer<typeof Answer>

/** What one run took, from its journal alone. */
export const RunFigures = z.object({
  reproducedBy: z.string().nullable(),
  /** Patches that were judged. */
  attempts: z.number().int(),
  /** Exchanges with models. */
  turns: z.number().int(),
  usage: Usage,
  /** In US dollars. */
  money: z.number(),
  /** Input from the third turn of each conversation on: all of it, and what of it came from the provider's cache. */
  laterInput: z.object({ tokens: z.number().int(), cached: z.number().int() }),
  models: z.array(z.string()),
  /** Versions of the prompts. */
  prompts: z.array(z.string()),
  /** Seconds by step. */
  steps: z.record(z.string(), z.number()),
  seconds: z.number(),
})
export type RunFigures = z.infer<typeof RunFigures>

export const CaseResult = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.string(),
  expects: z.enum(['fix', 'abstain']),
  answer: Answer,
  strength: Strength.nullable(),
  /** Whose patch was proposed. */
  lane: z.string().nullable(),
  /** Why there is no proposal: the diagnosis's word, or the code of a failure. */
  reason: z.string().nullable(),
  /** A sentence for people: what was proposed, or what was missing. */
  words: z.string(),
  /** `program`: the case's own, on this machine and not in a room. */
  scoredBy: z.enum(['room', 'program']).nullable(),
  /** For `fixpoint runs show`; null when none was opened. */
  run: z.string().nullable(),
  figures: RunFigures,
})
export type CaseResult = z.infer<typeof CaseResult>

/** The choices a result depends on: two results are compared by them. */
export const EvaluationSettings = z.object({
  /** In the order in which they are asked, with their models. */
  lanes: z.array(z.string()),
  /** What was said of it; the rest is what a run gets by itself. */
  budget: z.record(z.string(), z.number()),
  hideTests: z.boolean(),
  /** Whether models were asked, or old answers given again. */
  asked: z.enum(['live', 'recorded', 'replayed']),
})
export type EvaluationSettings = z.infer<typeof EvaluationSettings>

export const EvaluationResult = z.object({
  schema: z.literal('https://fixpoint.dev/schema/evaluation-1.json'),
  version: z.literal(1),
  /** As it was named. */
  cases: z.string(),
  settings: EvaluationSettings,
  startedAt: z.iso.datetime(),
  /** Cases of the set that cannot be run at all, and why. */
  leftOut: z.array(z.string()),
  results: z.array(CaseResult),
})
export type EvaluationResult = z.infer<typeof EvaluationResult>
