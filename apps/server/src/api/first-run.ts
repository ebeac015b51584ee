import { z } from 'zod'
import type { ServerHands } from '../hands.ts'
import { Refusal } from '../problem.ts'
import { type App, present, problems } from './app.ts'

const Finding = z.object({ name: z.string(), ok: z.boolean(), detail: z.string(), remedy: z.string().optional() })

export function firstRunRoutes(app: App, { doctor, sampleAlert }: ServerHands): void {
  const tags = ['operations']

  app.get(
    '/api/doctor',
    {
      config: { scope: 'admin' },
      schema: {
        tags,
        summary: 'Whether this machine can run Fixpoint, and what to do where it cannot',
        response: { 200: z.object({ findings: z.array(Finding), sample: z.boolean() }), ...problems },
      },
    },
    async () => ({ findings: (await doctor()).map((finding) => present(finding)), sample: sampleAlert !== undefined }),
  )

  app.post(
    '/api/sample-alert',
    {
      config: { scope: 'decide' },
      schema: { tags, summary: 'Deliver a sample alert about a sample repository', response: { 202: z.object({ repository: z.string() }), ...problems } },
    },
    async (_request, reply) => {
      if (sampleAlert === undefined) throw new Refusal(404, 'There is no sample here', { hint: 'Start the service with `fixpoint dev`.' })
      return reply.code(202).send(await sampleAlert())
    },
  )
}
