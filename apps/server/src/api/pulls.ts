import { Failure } from '@fixpoint/core'
import { z } from 'zod'
import type { ServerHands } from '../hands.ts'
import { Refusal } from '../problem.ts'
import { type App, present, problems } from './app.ts'
import { AtRun, knownRun } from './runs.ts'

const Pull = z.object({
  number: z.number().int(),
  url: z.string(),
  state: z.enum(['open', 'merged', 'closed']),
  draft: z.boolean(),
  checks: z.array(z.object({ name: z.string(), state: z.enum(['pending', 'passed', 'failed', 'skipped']), url: z.string().optional() })),
})

export function pullRoutes(app: App, hands: ServerHands): void {
  app.get(
    '/api/proposals/:run/pull',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['proposals'],
        summary: 'The pull request of a proposal and its checks, as the code host has them',
        params: AtRun,
        response: { 200: Pull, ...problems },
      },
    },
    async ({ params }) => {
      const { id, owner } = await knownRun(hands, params.run)
      const published = (await hands.journal.read(id)).findLast(({ event }) => event.kind === 'proposal-published')?.event
      const number = published?.kind === 'proposal-published' ? published.pull : undefined
      const pull = number === undefined || owner?.repository === undefined ? undefined : await asked(owner.repository, number)
      if (pull === undefined) throw new Refusal(404, 'The proposal has no pull request')
      return { ...pull, checks: pull.checks.map(present) }
    },
  )

  async function asked(repository: string, number: number) {
    try {
      return await hands.pullState?.(repository, number)
    } catch (cause) {
      if (!(cause instanceof Failure)) throw cause
      throw new Refusal(502, 'The code host cannot be asked', { detail: cause.code, hint: 'Look at the pull request itself, or try again in a minute.' })
    }
  }
}
