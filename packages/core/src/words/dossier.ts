import { z } from 'zod'

export const Why = z.object({ lane: z.string(), weight: z.number(), evidence: z.string() })
export type Why = z.infer<typeof Why>

/** Where the defect may be. `lines` are 1-based and inclusive. Ordered by falling score. */
export const Suspect = z.object({
  path: z.string(),
  function: z.string().optional(),
  lines: z.tuple([z.number().int().positive(), z.number().int().positive()]),
  /** The line that the trace points at, if one does. */
  hotLine: z.number().int().positive().optional(),
  score: z.number(),
  why: z.array(Why),
})
export type Suspect = z.infer<typeof Suspect>

export const Excerpt = z.object({
  path: z.string(),
  lines: z.tuple([z.number().int().positive(), z.number().int().positive()]),
  text: z.string(),
  role: z.enum(['edit', 'callee', 'test', 'example', 'caller', 'map']),
  why: z.array(Why),
})
export type Excerpt = z.infer<typeof Excerpt>

/** What we chose to know about a report before drafting, with the reasons; also what was left out and by which rule. */
export const Dossier = z.object({
  suspects: z.array(Suspect),
  excerpts: z.array(Excerpt),
  relatedTests: z.array(z.object({ path: z.string(), why: z.array(Why) })),
  history: z.array(z.object({ commit: z.string(), subject: z.string() })),
  excluded: z.array(z.object({ rule: z.string(), files: z.number().int() })),
  tokens: z.number().int(),
})
export type Dossier = z.infer<typeof Dossier>
