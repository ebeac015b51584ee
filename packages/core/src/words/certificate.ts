import { z } from 'zod'
import { Usage } from './conversation.ts'
import { ObjectId } from './ids.ts'
import { PatchOrigin } from './patch.ts'
import { Policy } from './policy.ts'
import { EnvironmentRecipe, Project } from './project.ts'
import { Baseline, Reproduction } from './reproduction.ts'
import { Review } from './review.ts'
import { Strength, Verdict } from './verdict.ts'

/** What one lane took. */
export const LaneCost = z.object({
  lane: z.string(),
  model: z.string(),
  exchanges: z.number().int().nonnegative(),
  usage: Usage,
  /** In US dollars; 0 where no price is known. */
  money: z.number().nonnegative(),
})
export type LaneCost = z.infer<typeof LaneCost>

/** A rejected sibling of the proposed patch: what it was and which gate said no. */
export const RejectedPatch = z.object({ summary: z.string(), diff: z.string(), gate: z.string(), why: z.string() })
export type RejectedPatch = z.infer<typeof RejectedPatch>

/** The evidence of a proposal, self-contained: `fixpoint verify` rebuilds everything from it and the repository. */
export const Certificate = z.object({
  schema: z.literal('https://fixpoint.dev/schema/certificate-1.json'),
  version: z.literal(1),
  runId: z.string(),
  issuedAt: z.iso.datetime(),
  report: z.object({ title: z.string(), errorType: z.string().optional(), message: z.string().optional(), groupKey: z.string() }),
  strength: Strength,
  base: z.object({ commit: ObjectId, tree: ObjectId }),
  patch: z.object({ diff: z.string(), origin: PatchOrigin }),
  project: Project,
  environment: z.object({ recipe: EnvironmentRecipe, key: z.string(), image: z.string(), imageId: z.string(), manifests: z.record(z.string(), z.string()) }),
  policy: Policy,
  reproduction: Reproduction,
  baseline: Baseline,
  /** Repository path → SHA-256 of the bytes on the base. */
  protectedFiles: z.record(z.string(), z.string()),
  verdict: Verdict,
  /** What a second reader says. */
  review: Review.optional(),
  rejected: z.array(RejectedPatch),
  /** What models were asked for it, by lane. Empty: none was. */
  asked: z.array(LaneCost).default([]),
})
export type Certificate = z.infer<typeof Certificate>
