import type { DeliveryRecord } from '@fixpoint/core'
import { z } from 'zod'
import type { ServerHands } from '../hands.ts'
import { Refusal } from '../problem.ts'
import { quietly } from '../quietly.ts'
import { type App, callerOf, Id, Moment, PageQuery, paged, pageOf, present, problems } from './app.ts'

const State = z.enum(['accepted', 'reported', 'ignored', 'shed', 'failed', 'refused'])
const Delivery = z.object({
  id: Id,
  source: z.string(),
  key: z.string(),
  deliveryId: z.string(),
  receivedAt: Moment,
  bytes: z.number().int(),
  state: State,
  reason: z.string().optional(),
  reports: z.array(z.string()),
  duplicates: z.number().int(),
})
const At = z.object({ delivery: Id })

export function deliveryRoutes(app: App, hands: ServerHands): void {
  const { deliveries } = hands
  const tags = ['deliveries']

  app.get(
    '/api/deliveries',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'What came in, the newest first: verified or not, how often, and what became of it',
        querystring: z.object({ ...PageQuery, source: Id.optional(), state: State.optional() }),
        response: { 200: pageOf(Delivery), ...problems },
      },
    },
    async ({ query: { limit, ...page } }) => paged(limit, (more) => deliveries.list({ ...present(page), limit: more }), shown),
  )

  app.get(
    '/api/deliveries/:delivery',
    {
      config: { scope: 'read' },
      schema: { tags, summary: 'One delivery, and what became of it', params: At, response: { 200: Delivery, ...problems } },
    },
    async ({ params }) => {
      const record = await deliveries.get(params.delivery)
      if (record === undefined) throw new Refusal(404, 'No such delivery', { hint: 'It may be older than what is kept.' })
      return shown(record)
    },
  )

  app.get(
    '/api/deliveries/:delivery/headers',
    {
      config: { scope: 'admin' },
      schema: {
        tags,
        summary: 'The headers it came with; its body is for the worker alone',
        params: At,
        response: { 200: z.object({ headers: z.record(z.string(), z.string()), bytes: z.number().int() }), ...problems },
      },
    },
    async ({ params }) => {
      const content = await deliveries.content(params.delivery)
      if (content === undefined) throw new Refusal(404, 'No such delivery', { hint: 'It was refused, or its content has expired.' })
      return { headers: { ...content.headers }, bytes: content.body.byteLength }
    },
  )

  app.post(
    '/api/deliveries/:delivery/replay',
    {
      config: { scope: 'decide' },
      schema: { tags, summary: 'Look at it once more, as if it had just come', params: At, response: { 202: z.object({ state: State }), ...problems } },
    },
    async (request, reply) => {
      const { delivery } = request.params
      if (!(await deliveries.replay(delivery))) throw new Refusal(404, 'No such delivery', { hint: 'It was refused, or its content has expired.' })
      hands.log.info({ delivery, by: callerOf(request).name }, 'a delivery is replayed')
      await quietly(hands.log, hands.wake.deliveries())
      return reply.code(202).send({ state: 'accepted' })
    },
  )
}

function shown(record: DeliveryRecord): z.infer<typeof Delivery> {
  const { receivedAt, reports, ...rest } = record
  return { ...present(rest), reports: [...reports], receivedAt: receivedAt.toISOString() }
}
