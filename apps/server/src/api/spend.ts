import { type DaySpend, Spending } from '@fixpoint/core'
import { z } from 'zod'
import type { ServerHands } from '../hands.ts'
import { type App, problems } from './app.ts'

const DAY_MS = 24 * 3_600_000

const Amount = z.object({ money: z.number(), tokens: z.number() })
const Spent = { spent: Amount, reserved: Amount }

export function spendRoutes(app: App, { ledger, spending, clock }: ServerHands): void {
  app.get(
    '/api/spend',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['operations'],
        summary: 'What models took, in US dollars and tokens: by repository and day (UTC), the newest first',
        querystring: z.object({ days: z.coerce.number().int().min(1).max(366).default(30) }),
        response: {
          200: z.object({ ceilings: Spending, today: z.object(Spent), items: z.array(z.object({ day: z.string(), repository: z.string(), ...Spent })) }),
          ...problems,
        },
      },
    },
    async ({ query: { days } }) => {
      const now = clock.now()
      const items = await ledger.since(new Date(now.getTime() - (days - 1) * DAY_MS))
      const today = items.filter(({ day }) => day === now.toISOString().slice(0, 10))
      return { ceilings: spending, today: { spent: sum(today, 'spent'), reserved: sum(today, 'reserved') }, items: [...items] }
    },
  )
}

function sum(items: readonly DaySpend[], what: 'spent' | 'reserved'): z.infer<typeof Amount> {
  return {
    money: items.reduce((total, item) => total + item[what].money, 0),
    tokens: items.reduce((total, item) => total + item[what].tokens, 0),
  }
}
