import { z } from 'zod'
import { ObjectId, RepoPath } from './ids.ts'
import { TestId } from './test-run.ts'

/** The whole new text of one file. `null` deletes it. */
export const FileEdit = z.object({ path: RepoPath, content: z.string().nullable() })
export type FileEdit = z.infer<typeof FileEdit>

/** A diff against one commit; a value. `diff` (unified, git style, 3 lines of context) and `edits` say the same. */
export const Patch = z.object({
  base: ObjectId,
  diff: z.string(),
  edits: z.array(FileEdit),
})
export type Patch = z.infer<typeof Patch>

/** Tests of the base that demand what the report calls wrong, as the author of a patch says. The judge holds it to exactly these. */
export const Contradiction = z.object({
  tests: z.array(TestId).min(1),
  /** The sentence of the report that says so. */
  quote: z.string(),
  why: z.string(),
})
export type Contradiction = z.infer<typeof Contradiction>

/** Where a patch comes from and what it does, in words for people. */
export const PatchOrigin = z.object({
  drafter: z.string(),
  /** Fix pattern or tool that made it: `comparison`, `guard`, … */
  kind: z.string(),
  summary: z.string(),
  /** True when it only keeps the error from surfacing (guard, catch, default). */
  symptomOnly: z.boolean(),
  /** Higher is tried first; comparable only within one drafter. */
  score: z.number(),
  contradicts: Contradiction.optional(),
  /** Whose it is, where a person made it. */
  by: z.string().optional(),
})
export type PatchOrigin = z.infer<typeof PatchOrigin>

export const Candidate = z.object({ patch: Patch, origin: PatchOrigin })
export type Candidate = z.infer<typeof Candidate>
