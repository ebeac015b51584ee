import { Digest, Outcome, RunId, type RunSummary } from '@fixpoint/core'
import { z } from 'zod'
import type { ParkedRun } from '../hands.ts'
import { Moment, present } from './app.ts'

export const PHASES = ['unopened', 'opened', 'reproduced', 'informed', 'drafted', 'minimised', 'judged', 'proposing', 'proposed', 'stuck', 'settled'] as const
export const Run = z.object({
  id: RunId,
  phase: z.enum(PHASES),
  awaiting: z.boolean(),
  outcome: Outcome.optional(),
  report: Digest,
  proposal: Digest.optional(),
  /** The report it is made for, while that is kept. */
  owner: z.object({ id: z.string(), title: z.string(), source: z.string(), repository: z.string().optional(), url: z.string().optional() }).optional(),
  /** By models; money in US dollars. */
  spent: z.object({ money: z.number(), tokens: z.number() }),
  entries: z.number().int(),
  openedAt: Moment,
  updatedAt: Moment,
  /** The queue gave it up; `retry` lets it go on. */
  parked: z.object({ deaths: z.number().int(), throws: z.number().int(), reason: z.string(), at: Moment }).optional(),
})

/** A run as lists and events show it. */
export function shownRun(run: RunSummary, parked: readonly ParkedRun[]): z.infer<typeof Run> {
  const { openedAt, updatedAt, owner, ...rest } = run
  const given = parked.find((each) => each.run === run.id)
  return {
    ...present(rest),
    ...(owner && { owner: present(owner) }),
    openedAt: openedAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    ...(given && { parked: { deaths: given.deaths, throws: given.throws, reason: given.reason, at: given.at.toISOString() } }),
  }
}
