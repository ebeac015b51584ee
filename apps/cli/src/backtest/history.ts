import { z } from 'zod'
import { WrittenCase } from '../evaluation/written-cases.ts'

/** What was found in a repository's past. */
export const BacktestHistory = z.object({
  schema: z.literal('https://fixpoint.dev/schema/backtest-1.json'),
  version: z.literal(1),
  repository: z.string(),
  /** Commit at which the search began. */
  tip: z.string(),
  /** Commits that were looked at, newest first. */
  looked: z.number().int(),
  /** How many did not look like a fix with a test, by the reason. */
  notFixes: z.record(z.string(), z.number().int()),
  /** Looked like one, and could not be used. */
  leftOut: z.array(z.object({ commit: z.string(), subject: z.string(), why: z.string() })),
  cases: z.array(WrittenCase),
})
export type BacktestHistory = z.infer<typeof BacktestHistory>
