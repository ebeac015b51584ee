import { RepoPath, Severity } from '@fixpoint/core'
import { z } from 'zod'

const Name = z.string().min(1).max(300)

/** Where the code of a service lies, and which of its environments count. */
const Service = z.object({
  /** A name of the operator's repositories. */
  repo: Name,
  /** Its folder there, when one repository holds many services. */
  path: RepoPath.optional(),
  /** Alerts from elsewhere are held. */
  environment: Name.optional(),
})

const SourceLimits = z.object({
  /** Overrides the floor for what this source tells. */
  severity: Severity.optional(),
  newReportsPerHour: z.number().int().nonnegative().optional(),
})

export const WorkerSettings = z.object({
  services: z.record(Name, Service).default({}),
  gates: z
    .object({
      /** The least that is worth a run. */
      severity: Severity.default('error'),
      /** Hours after a run of a report before the next one. */
      coolDownHours: z.number().nonnegative().default(24),
      /** Runs begun in 24 hours. */
      runsPerDay: z.number().int().nonnegative().default(50),
      runsPerDayPerRepository: z.number().int().nonnegative().default(10),
      /** Defects that one source may tell anew in an hour; further ones are shed. */
      newReportsPerHour: z.number().int().nonnegative().default(100),
      sources: z.record(Name, SourceLimits).default({}),
    })
    .prefault({}),
  privacy: z
    .object({
      /** Named fields of messages and addresses whose values may stay in reports. */
      allowedFields: z.array(Name).default([]),
    })
    .prefault({}),
  afterFix: z
    .object({
      /** A defect that was not seen for so many days after its fix was merged or released is closed as confirmed. */
      quietDays: z.number().positive().default(7),
    })
    .prefault({}),
  /** Runs driven at once in this process. */
  concurrency: z.number().int().positive().default(2),
  perRepository: z.number().int().positive().default(1),
  /** Runs driven at once by all workers together. */
  everywhere: z.number().int().positive().optional(),
  /** Above it, this process takes no new run; it goes home when that does not help. */
  memoryMegabytes: z.number().int().positive().default(2_000),
  drainSeconds: z.number().positive().default(30),
})
export type WorkerSettings = z.infer<typeof WorkerSettings>
