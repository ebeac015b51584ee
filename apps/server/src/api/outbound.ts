import { type OutboundMessage, RunId, Topic } from '@fixpoint/core'
import { z } from 'zod'
import type { ServerHands } from '../hands.ts'
import { Refusal } from '../problem.ts'
import { quietly } from '../quietly.ts'
import { type App, callerOf, Id, Moment, PageQuery, paged, pageOf, present, problems } from './app.ts'

const State = z.enum(['waiting', 'sent', 'failed'])
const Message = z.object({
  id: Id,
  subscriber: z.string(),
  topic: Topic,
  at: Moment,
  run: RunId.optional(),
  report: z.string().optional(),
  repository: z.string().optional(),
  state: State,
  attempts: z.number().int(),
  /** Of one that waits: not before. */
  nextAt: Moment.optional(),
  reason: z.string().optional(),
})

export function outboundRoutes(app: App, hands: ServerHands): void {
  const { outbox } = hands
  const tags = ['outbound']

  app.get(
    '/api/outbound',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'What others were told, or are to be told, the newest first',
        querystring: z.object({ ...PageQuery, state: State.optional(), subscriber: z.string().max(100).optional() }),
        response: { 200: pageOf(Message), ...problems },
      },
    },
    async ({ query: { limit, ...page } }) => paged(limit, (more) => outbox.list({ ...page, limit: more }), shown),
  )

  app.post(
    '/api/outbound/:message/resend',
    {
      config: { scope: 'decide' },
      schema: {
        tags,
        summary: 'Send it once more, under the same id',
        params: z.object({ message: Id }),
        response: { 202: z.object({ state: State }), ...problems },
      },
    },
    async (request, reply) => {
      const { message } = request.params
      if (!(await outbox.resend(message))) throw new Refusal(404, 'No such message')
      await quietly(hands.log, hands.wake.outbound(message))
      hands.log.info({ message, by: callerOf(request).name }, 'a message is sent again')
      return reply.code(202).send({ state: 'waiting' })
    },
  )
}

function shown({ announcement, at, nextAt, ...message }: OutboundMessage): z.infer<typeof Message> {
  const next = message.state === 'waiting' ? nextAt.toISOString() : undefined
  return present({ ...message, topic: announcement.topic, at: at.toISOString(), nextAt: next })
}
