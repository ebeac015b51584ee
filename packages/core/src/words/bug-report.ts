import { z } from 'zod'
import { StackTrace } from './stack-trace.ts'
import { Untrusted } from './untrusted.ts'

/** What the report says can be run: a test it names, a command, or a piece of code. All are strangers' words. */
export const ReportedCheck = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('test'), name: z.string(), file: z.string().optional() }),
  z.object({ kind: z.literal('snippet'), language: z.enum(['javascript', 'typescript', 'python']), code: z.string() }),
  z.object({ kind: z.literal('command'), argv: z.array(z.string()).min(1) }),
])
export type ReportedCheck = z.infer<typeof ReportedCheck>

/** What we were told, normalised. Secrets are already redacted. */
export const BugReport = z.object({
  title: Untrusted,
  text: Untrusted,
  /** Outermost errors first, in the order of the text. */
  traces: z.array(StackTrace),
  checks: z.array(ReportedCheck),
  origin: z.enum(['file', 'stdin', 'suite', 'webhook', 'issue']),
  /** Release or commit that the report says it saw, if it says so. */
  revision: z.string().optional(),
  /** From the payload alone: the same for a thousand alerts about one defect, wherever it is. */
  groupKey: z.string(),
  redactions: z.number().int().nonnegative(),
})
export type BugReport = z.infer<typeof BugReport>
