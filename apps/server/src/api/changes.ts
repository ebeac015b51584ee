import { z } from 'zod'
import type { ServerHands } from '../hands.ts'
import { quietly } from '../quietly.ts'
import { type App, Moment, PageQuery, paged, pageOf, present, problems } from './app.ts'

const Change = z.object({ id: z.string(), at: Moment, by: z.string(), what: z.string(), subject: z.string() })
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whatever a known caller changes is written down by itself: no route can forget to. Bodies are not, which may hold secrets. */
export function changeRoutes(app: App, { changes, log }: ServerHands): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const { caller } = request
    if (caller !== undefined && !SAFE.has(request.method) && reply.statusCode < 400) {
      const { summary } = (request.routeOptions.schema ?? {}) as { readonly summary?: string }
      const subject = Object.values(request.params as Record<string, string>).join(' ')
      await quietly(log, changes.add({ by: caller.name, what: summary ?? `${request.method} ${request.routeOptions.url}`, subject }))
    }
    return payload
  })

  app.get(
    '/api/changes',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['operations'],
        summary: 'Who changed what, the newest first',
        querystring: z.object(PageQuery),
        response: { 200: pageOf(Change), ...problems },
      },
    },
    async ({ query: { limit, before } }) =>
      paged(
        limit,
        (more) => changes.list({ limit: more, ...present({ before }) }),
        ({ at, ...change }) => ({ ...change, at: at.toISOString() }),
      ),
  )
}
