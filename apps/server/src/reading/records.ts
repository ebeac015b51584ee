import { Candidate, Certificate, Lesson, Strength, Verdict } from '@fixpoint/core'
import { z } from 'zod'

// What of the engine's records people are shown; it keeps more in them, and they are read by nobody else here.

export const Planned = z.object({
  strength: Strength,
  branch: z.string(),
  base: z.string(),
  title: z.string(),
  body: z.string(),
  diff: z.string(),
  /** The certificate as text. */
  certificate: z.string(),
  question: z.string().optional(),
})
export type Planned = z.infer<typeof Planned>

/** What of a certificate a list needs. Its gates are read leniently: an old one knew fewer. */
export const Certified = Certificate.pick({ patch: true, verdict: true, baseline: true })

export const Judged = z.object({ candidate: Candidate, verdict: Verdict, lesson: Lesson.optional() })

export const Said = z.object({ by: z.string(), words: z.string() })

export const FailedStep = z.object({ step: z.string(), code: z.string(), message: z.string(), hint: z.string() })
