import { type EventKind, JournalEntry } from '@fixpoint/core'
import { z } from 'zod'
import type { Followers, Frame } from '../followers.ts'
import type { ServerHands } from '../hands.ts'
import { Refusal } from '../problem.ts'
import { type App, problems } from './app.ts'
import { AtRun, knownRun } from './runs.ts'

/** Facts after which nothing follows. */
const SETTLING: ReadonlySet<EventKind> = new Set(['proposal-rejected', 'proposal-withheld', 'run-settled', 'run-diagnosed', 'run-cancelled'] as const)
const Sequence = z.coerce.number().int().nonnegative().max(1_000_000)

export function journalRoutes(app: App, hands: ServerHands, followers: Followers): void {
  const tags = ['runs']

  app.get(
    '/api/runs/:run/journal',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'The facts of a run, the oldest first',
        params: AtRun,
        querystring: z.object({ from: Sequence.default(0), limit: z.coerce.number().int().min(1).max(500).default(100) }),
        response: { 200: z.object({ items: z.array(JournalEntry), next: z.number().int().nullable() }), ...problems },
      },
    },
    async ({ params, query: { from, limit } }) => {
      await knownRun(hands, params.run)
      const entries = await hands.journal.read(params.run)
      return { items: entries.slice(from, from + limit), next: from + limit < entries.length ? from + limit : null }
    },
  )

  app.get(
    '/api/runs/:run/journal/events',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'The facts of a run as they happen, as server-sent events; goes on after `Last-Event-ID`',
        params: AtRun,
        headers: z.object({
          'last-event-id': z
            .string()
            .regex(/^\d{1,7}$/)
            .optional(),
        }),
        querystring: z.object({ from: Sequence.optional() }),
        produces: ['text/event-stream'],
        response: { 204: z.null().describe('The run is settled, and everything was sent before'), ...problems },
      },
    },
    async (request, reply) => {
      const { id, phase, entries } = await knownRun(hands, request.params.run)
      const last = request.headers['last-event-id']
      const from = last === undefined ? (request.query.from ?? 0) : Number(last) + 1
      if (phase === 'settled' && from >= entries) return reply.code(204).send(null)
      if (!followers.admits()) throw new Refusal(503, 'Too many are watching', { headers: { 'retry-after': '30' } })
      await followers.send(reply, (signal) => factsOf(hands.journal.follow(id, from, signal)))
      return reply
    },
  )
}

async function* factsOf(entries: AsyncIterable<JournalEntry>): AsyncIterable<Frame> {
  for await (const entry of entries) {
    yield { id: entry.seq, event: 'fact', data: entry }
    if (!SETTLING.has(entry.event.kind)) continue
    yield { event: 'settled', data: {} }
    return
  }
}
