import { Digest, ObjectId, ObservedCounts, type ObservedReport, RunId, Strength } from '@fixpoint/core'
import { z } from 'zod'
import type { ServerHands } from '../hands.ts'
import { Refusal } from '../problem.ts'
import { type App, Moment, present, problems } from './app.ts'

const WEEK_MS = 7 * 24 * 3_600_000
const LONGEST_MS = 366 * 24 * 3_600_000

const Proposal = z.object({
  run: RunId,
  at: Moment,
  proposal: Digest,
  report: z.string().optional(),
  repository: z.string().optional(),
  strength: Strength.optional(),
  title: z.string().optional(),
  files: z.array(z.string()),
  people: z.enum(['identical', 'same-lines', 'same-files', 'untouched', 'unknown']),
  commits: z.array(z.object({ commit: ObjectId, at: Moment, subject: z.string() })),
  seenAgain: z.number().int(),
})
const Report = z.object({ since: Moment, until: Moment, counts: ObservedCounts, proposals: z.array(Proposal) })

export function observedRoutes(app: App, { observed, clock }: ServerHands): void {
  app.get(
    '/api/observed',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['numbers'],
        summary: 'What would have been proposed under `observe`, and what people did about the same lines; the last seven days by default',
        querystring: z.object({ since: Moment.optional(), until: Moment.optional() }),
        response: { 200: Report, ...problems },
      },
    },
    async ({ query }) => {
      const until = query.until === undefined ? clock.now() : new Date(query.until)
      const since = query.since === undefined ? new Date(until.getTime() - WEEK_MS) : new Date(query.since)
      const length = until.getTime() - since.getTime()
      if (length < 0 || length > LONGEST_MS) throw new Refusal(400, 'The time is too long, or ends before it begins', { hint: 'A year at most.' })
      return shown(await observed(since, until))
    },
  )
}

function shown({ since, until, counts, proposals }: ObservedReport): z.infer<typeof Report> {
  return {
    ...{ since: since.toISOString(), until: until.toISOString(), counts },
    proposals: proposals.map(({ at, files, commits, ...proposal }) => ({
      ...present(proposal),
      ...{ at: at.toISOString(), files: [...files], commits: commits.map((each) => ({ ...each, at: each.at.toISOString() })) },
    })),
  }
}
