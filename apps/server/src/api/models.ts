import { Ceiling } from '@fixpoint/core'
import { z } from 'zod'
import type { ServerHands } from '../hands.ts'
import { Refusal } from '../problem.ts'
import { type App, present, problems } from './app.ts'

const LaneLine = z.object({
  name: z.string(),
  /** `provider/model`; none for patterns. */
  model: z.string().optional(),
  share: z.number(),
  attempts: z.number().int().optional(),
  contextTokens: z.number().int().optional(),
  /** US dollars for a million tokens in and out, where they are known. */
  price: z.object({ input: z.number(), output: z.number() }).optional(),
  /** The name of the variable with its key, and whether that is set. */
  key: z.object({ from: z.string(), set: z.boolean() }).optional(),
  reads: z.boolean().describe('it reads the patches of others'),
})
const Trial = z.object({
  model: z.string(),
  servedBy: z.string().optional(),
  firstMs: z.number().optional(),
  wholeMs: z.number().optional(),
  tools: z.enum(['called', 'malformed', 'ignored']).optional(),
  contextTokens: z.number(),
  tokens: z.number(),
  money: z.number().optional(),
  failure: z.object({ code: z.string(), message: z.string(), hint: z.string() }).optional(),
})

export function modelRoutes(app: App, { models, questions }: ServerHands): void {
  const tags = ['models']

  app.get(
    '/api/models',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'The lanes that are set up, in the order in which they are asked',
        response: {
          200: z.object({
            items: z.array(LaneLine),
            hint: z.string().optional(),
            answers: z
              .object({ model: z.string(), atMost: Ceiling })
              .describe('who answers questions about runs, and what one may take; missing when no model is set up')
              .optional(),
          }),
          ...problems,
        },
      },
    },
    async () => {
      const { lanes, hint } = models.lanes()
      const answers = questions && { model: questions.model, atMost: questions.atMost }
      return { items: lanes.map((lane) => present(lane)), ...present({ hint, answers }) }
    },
  )

  app.post(
    '/api/models/:lane/try',
    {
      config: { scope: 'admin' },
      schema: {
        tags,
        summary: 'Ask the model of a lane two tiny questions, and tell what came of it',
        params: z.object({ lane: z.string().min(1).max(100) }),
        response: { 200: Trial, ...problems },
      },
    },
    async ({ params, raw }) => {
      const gone = new AbortController()
      raw.on('close', () => gone.abort())
      const trial = await models.try(params.lane, gone.signal)
      if (trial === undefined) throw new Refusal(404, 'No such lane, or it asks no model')
      return present(trial)
    },
  )
}
