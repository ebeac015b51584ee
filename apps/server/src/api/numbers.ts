import { z } from 'zod'
import type { ServerHands } from '../hands.ts'
import { type App, problems } from './app.ts'

const Count = z.number().int()
const Numbers = z.object({
  reports: z.record(z.string(), Count),
  runs: z.record(z.string(), Count),
  fixes: z.object({ proposed: Count, landed: Count, reopened: Count, confirmed: Count }),
  decisions: z.object({ approved: Count, changesRequested: Count, rejected: Count }),
})

export function numberRoutes(app: App, hands: ServerHands): void {
  app.get(
    '/api/numbers',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['numbers'],
        summary: 'Reports by state, settled runs by outcome, what became of the fixes, and what people said to proposals',
        response: { 200: Numbers, ...problems },
      },
    },
    async () => {
      const { reports, runs, fixes, decisions } = await hands.numbers()
      return { reports: { ...reports }, runs: { ...runs }, fixes: { ...fixes }, decisions: { ...decisions } }
    },
  )
}
