import type { ServerHands } from '../hands.ts'
import { Details } from '../reading/details.ts'
import { detailsOf } from '../reading/run-details.ts'
import { type App, present, problems } from './app.ts'
import { AtRun, knownRun } from './runs.ts'

export function runDetailsRoutes(app: App, hands: ServerHands): void {
  app.get(
    '/api/runs/:run/details',
    {
      config: { scope: 'read' },
      schema: {
        tags: ['runs'],
        summary: 'All that a run has to tell: its steps, each attempt and its gates, why each excerpt was chosen, what was asked and said',
        params: AtRun,
        response: { 200: Details, ...problems },
      },
    },
    async ({ params }) => {
      const { id, owner } = await knownRun(hands, params.run)
      const { pull, ...details } = await detailsOf(await hands.journal.read(id), hands.artifacts)
      return { ...details, ...(pull && { pull: { ...pull, ...present({ url: hands.pullUrl?.(owner?.repository, pull.number) }) } }) }
    },
  )
}
