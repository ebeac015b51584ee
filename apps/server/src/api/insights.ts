import { z } from 'zod'
import type { ServerHands } from '../hands.ts'
import { Refusal } from '../problem.ts'
import { type App, Moment, present, problems } from './app.ts'

const DAY_MS = 24 * 3_600_000
const DEFAULT_DAYS = 7
const LONGEST_MS = 366 * DAY_MS

const Count = z.number().int()
const Group = z.object({ name: z.string(), runs: Count, proposed: Count, merged: Count, declined: Count, money: z.number(), tokens: z.number() })
const Report = z.object({
  since: Moment,
  until: Moment,
  funnel: z.object({
    ...{ reports: Count, runs: Count, reproduced: Count, patched: Count, verified: Count },
    ...{ proposed: Count, merged: Count, surviving: Count },
  }),
  decided: z.object({ merged: Count, delivered: Count, declined: Count, waiting: Count }),
  /** What of merged patches stands after so many days, from 0 to 1. */
  retention: z.array(z.object({ days: z.union([z.literal(7), z.literal(30), z.literal(90)]), measured: Count, share: z.number() })),
  /** Missing: nothing was merged. */
  perMerged: z.object({ medianMinutes: z.number(), money: z.number(), tokens: z.number() }).optional(),
  steps: z.array(
    z.object({
      step: z.string(),
      times: Count,
      medianMs: z.number(),
      slowestTenthMs: z.number(),
      /** The median in the same length of time before. */
      beforeMs: z.number().optional(),
      /** So much slower than before that it is no chance. */
      slower: z.boolean(),
    }),
  ),
  failures: z.array(z.object({ reason: z.string(), runs: Count })),
  ...{ byRepository: z.array(Group), byDrafter: z.array(Group), byModel: z.array(Group) },
})

/** Half as long again, by more than a second, of enough times to say so. */
const SLOWER_BY = 1.5
const SLOWER_BY_MS = 1000
const ENOUGH_TIMES = 5

export function insightRoutes(app: App, { insights, clock }: ServerHands): void {
  app.get(
    '/api/insights',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['numbers'],
        summary: 'How far runs came, what people did with their proposals, what it cost and how long it took; the last seven days by default',
        querystring: z.object({ since: Moment.optional(), until: Moment.optional(), repository: z.string().max(300).optional() }),
        response: { 200: Report, ...problems },
      },
    },
    async ({ query }) => {
      const until = query.until === undefined ? clock.now() : new Date(query.until)
      const since = query.since === undefined ? new Date(until.getTime() - DEFAULT_DAYS * DAY_MS) : new Date(query.since)
      const length = until.getTime() - since.getTime()
      if (length <= 0 || length > LONGEST_MS) throw new Refusal(400, 'The time is too long, or ends before it begins', { hint: 'A year at most.' })
      const { retention, perMerged, steps, failures, byRepository, byDrafter, byModel, ...told } = await insights.between(since, until, query.repository)
      return {
        ...{ since: since.toISOString(), until: until.toISOString(), ...told, ...present({ perMerged }) },
        ...{ retention: [...retention], failures: [...failures], byRepository: [...byRepository], byDrafter: [...byDrafter], byModel: [...byModel] },
        steps: steps.map(({ beforeMs, ...step }) => ({ ...step, ...present({ beforeMs }), slower: isSlower(step, beforeMs) })),
      }
    },
  )
}

function isSlower({ medianMs, times }: { medianMs: number; times: number }, beforeMs: number | undefined): boolean {
  return beforeMs !== undefined && times >= ENOUGH_TIMES && medianMs > beforeMs * SLOWER_BY && medianMs - beforeMs > SLOWER_BY_MS
}
