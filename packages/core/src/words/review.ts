import { z } from 'zod'

/** A sentence of the report that says what should happen, as a reader of the patch sees it. */
export const ReadExpectation = z.object({
  quote: z.string(),
  /** Whether the patch does it. */
  met: z.enum(['yes', 'no', 'unclear']),
  /** Whether an assertion of the reproduction fails where it is not done. */
  asserted: z.boolean(),
  /** A place of the documentation, or a test, that says otherwise. */
  contradictedBy: z.string().optional(),
})
export type ReadExpectation = z.infer<typeof ReadExpectation>

/** What a fresh mind says that reads the report, the reproduction and a patch that passed every gate. It proves nothing. */
export const Review = z.object({
  expectations: z.array(ReadExpectation),
  /** What is wrong, if anything: the patch, or the test that let it pass. */
  objection: z.enum(['none', 'patch', 'test']),
  why: z.string(),
})
export type Review = z.infer<typeof Review>
