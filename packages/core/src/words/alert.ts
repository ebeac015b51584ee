import { z } from 'zod'
import { StackTrace } from './stack-trace.ts'
import { Untrusted } from './untrusted.ts'

/** How bad a source says it is, worst last. */
export const Severity = z.enum(['info', 'warning', 'error', 'fatal'])
export type Severity = z.infer<typeof Severity>

const Name = z.string().min(1).max(300)

/**
 * One occurrence that an alert source told of, in our words; one payload may hold many. Everything in it is a stranger's, and nothing of
 * it is ever fetched, run or taken for a path.
 */
export const Alert = z.object({
  title: Untrusted,
  /** What reads like a log: the message, the printed trace, sample lines. */
  text: Untrusted,
  /** Traces that came as structure; those inside `text` are found by the parser. */
  traces: z.array(StackTrace).default([]),
  severity: Severity.default('error'),
  service: Name.optional(),
  /** Named by sources that know it (the generic one): a name of the settings, never a path or an address. */
  repository: Name.optional(),
  environment: Name.optional(),
  release: Name.optional(),
  commit: z
    .string()
    .regex(/^[0-9a-f]{7,64}$/)
    .optional(),
  /** By which the maps of minified files are found, whatever their release. */
  debugIds: z.array(z.object({ file: z.string().max(2000), id: z.string().max(100) })).optional(),
  /** The source's own grouping. */
  fingerprint: Name.optional(),
  occurredAt: z.iso.datetime().optional(),
  /** For people to click on. */
  url: z.string().max(2000).optional(),
  /** What the source would have to send for the report to be of use, in words that say where to click. */
  missing: z.array(z.string()).default([]),
})
export type Alert = z.infer<typeof Alert>
