import { z } from 'zod'

/** `file > suite > name`; a repeated name gets ` #2`, ` #3`. Stable across runs of the same tree. */
export const TestId = z.string().min(1)
export type TestId = string

export const TestFailure = z.object({
  errorType: z.string().optional(),
  message: z.string(),
  /** The failure's own text as the runner reports it, stack included; capped. */
  stack: z.string(),
})
export type TestFailure = z.infer<typeof TestFailure>

export const TestResult = z.object({
  id: TestId,
  file: z.string(),
  /** Suite names and the test's own, outermost first: what a runner's name filter takes. */
  path: z.array(z.string()),
  status: z.enum(['passed', 'failed', 'skipped', 'todo']),
  durationMs: z.number().nonnegative(),
  failure: TestFailure.optional(),
})
export type TestResult = z.infer<typeof TestResult>

/**
 * What one execution of a test command said. `reported` is false when no trustworthy report came out (the process
 * exited early, the report was forged, truncated or missing): then `tests` proves nothing and `problem` says why.
 */
export const TestRun = z.object({
  reported: z.boolean(),
  problem: z.string().optional(),
  tests: z.array(TestResult),
  argv: z.array(z.string()),
  exitCode: z.number().int().nullable(),
  timedOut: z.boolean(),
  oomKilled: z.boolean(),
  durationMs: z.number().nonnegative(),
  /** Tail of what the command printed; capped. */
  output: z.string(),
})
export type TestRun = z.infer<typeof TestRun>

/** What to run: everything, some files, or named tests (ids seen in an earlier run). */
export const TestSelection = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({ kind: z.literal('files'), files: z.array(z.string()).min(1) }),
  z.object({ kind: z.literal('tests'), tests: z.array(TestResult.pick({ id: true, file: true, path: true })).min(1) }),
])
export type TestSelection = z.infer<typeof TestSelection>
