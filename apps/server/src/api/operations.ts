import type { StopState } from '@fixpoint/core'
import { z } from 'zod'
import type { ServerHands } from '../hands.ts'
import { withoutSecrets } from '../without-secrets.ts'
import { type App, callerOf, Moment, present, problems } from './app.ts'

const Stop = z.object({ stopped: z.boolean(), reason: z.string().optional(), by: z.string().optional(), since: Moment.optional() })

export function operationRoutes(app: App, hands: ServerHands): void {
  const tags = ['operations']

  app.get(
    '/api/settings',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'The settings in effect, without secrets',
        response: { 200: z.object({ settings: z.record(z.string(), z.unknown()), sources: z.array(z.string()) }), ...problems },
      },
    },
    async () => ({ settings: withoutSecrets(hands.effectiveSettings()), sources: [...hands.sources.keys()] }),
  )

  app.get(
    '/api/stop',
    { config: { scope: 'read' }, schema: { tags, summary: 'Whether the emergency stop is on', response: { 200: Stop, ...problems } } },
    async () => shown(await hands.stop.get()),
  )

  app.put(
    '/api/stop',
    {
      config: { scope: 'decide' },
      schema: {
        tags,
        summary: 'Begin no new work, or go on',
        body: z.strictObject({ stopped: z.boolean(), reason: z.string().trim().min(1).max(2000).optional() }),
        response: { 200: Stop, ...problems },
      },
    },
    async (request) => {
      const { stopped, reason } = request.body
      const by = callerOf(request).name
      hands.log.warn({ stopped, by }, 'the emergency stop was set')
      return shown(await hands.stop.set({ stopped, by, ...present({ reason }) }))
    },
  )
}

function shown({ stopped, since, reason, by }: StopState): z.infer<typeof Stop> {
  return { stopped, ...present({ reason, by, since: since?.toISOString() }) }
}
