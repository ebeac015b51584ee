import { z } from 'zod'

export const TraceLanguage = z.enum(['javascript', 'python'])
export type TraceLanguage = z.infer<typeof TraceLanguage>

/**
 * One frame, as the trace says it. `line` and `column` count from 1.
 * `place` says what the frame can be mapped to: `code` may be a repository file; the others never are.
 */
export const StackFrame = z.object({
  function: z.string().optional(),
  file: z.string().optional(),
  line: z.number().int().positive().optional(),
  column: z.number().int().positive().optional(),
  async: z.boolean().default(false),
  place: z.enum(['code', 'dependency', 'runtime', 'native', 'anonymous', 'eval']),
})
export type StackFrame = z.infer<typeof StackFrame>

/** An error as it was printed: frames innermost first; `causes` are what led to it (`[cause]`, `__cause__`, `__context__`, members of a group). */
export interface StackTrace {
  language: TraceLanguage
  errorType?: string | undefined
  message?: string | undefined
  frames: StackFrame[]
  causes: { relation: 'cause' | 'context' | 'member'; trace: StackTrace }[]
}
export const StackTrace: z.ZodType<StackTrace> = z.object({
  language: TraceLanguage,
  errorType: z.string().optional(),
  message: z.string().optional(),
  frames: z.array(StackFrame),
  causes: z.array(z.object({ relation: z.enum(['cause', 'context', 'member']), trace: z.lazy(() => StackTrace) })),
})

/** A frame whose file was found in the repository. `confidence` is the share of the production path's segments that agreed (0–1]. */
export const MappedFrame = z.object({
  path: z.string(),
  line: z.number().int().positive().optional(),
  column: z.number().int().positive().optional(),
  function: z.string().optional(),
  depth: z.number().int().nonnegative(),
  confidence: z.number(),
})
export type MappedFrame = z.infer<typeof MappedFrame>
