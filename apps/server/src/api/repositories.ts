import { Autonomy } from '@fixpoint/core'
import { z } from 'zod'
import type { ServerHands } from '../hands.ts'
import { Refusal } from '../problem.ts'
import { withoutSecrets } from '../without-secrets.ts'
import { type App, callerOf, Moment, present, problems } from './app.ts'

const Pause = z.object({ stopped: z.boolean(), reason: z.string().optional(), by: z.string().optional(), since: Moment.optional() })
const Repository = z.object({
  name: z.string(),
  kind: z.enum(['folder', 'hosted']),
  /** Where people look at it. */
  url: z.string().optional(),
  autonomy: Autonomy.optional(),
  /** What is wrong with its settings, with file and line. */
  problem: z.string().optional(),
  /** As they are in effect. */
  settings: z.record(z.string(), z.unknown()).optional(),
  paused: Pause,
})

export function repositoryRoutes(app: App, { repositories, pauses, log }: ServerHands): void {
  const tags = ['repositories']

  app.get(
    '/api/repositories',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'Repositories that runs may be opened on, with the settings in effect',
        response: { 200: z.object({ items: z.array(Repository) }), ...problems },
      },
    },
    async () => {
      const known = await repositories()
      const items = known.map(async ({ settings, ...one }) => ({
        ...present({ ...one, ...(settings && { settings: withoutSecrets(settings) }) }),
        paused: shown(await pauses.of(one.name)),
      }))
      return { items: await Promise.all(items) }
    },
  )

  app.put(
    '/api/repositories/:repository/pause',
    {
      config: { scope: 'decide' },
      schema: {
        tags,
        summary: 'Begin no runs on a repository, or go on',
        params: z.object({ repository: z.string().min(1).max(300) }),
        body: z.strictObject({ stopped: z.boolean(), reason: z.string().trim().min(1).max(2000).optional() }),
        response: { 200: Pause, ...problems },
      },
    },
    async (request) => {
      const { repository } = request.params
      if (!(await repositories()).some(({ name }) => name === repository)) throw new Refusal(404, 'No such repository')
      const by = callerOf(request).name
      log.warn({ repository, stopped: request.body.stopped, by }, 'a repository was paused, or goes on')
      return shown(await pauses.set(repository, { ...request.body, by }))
    },
  )
}

function shown({ stopped, since, reason, by }: Awaited<ReturnType<ServerHands['pauses']['of']>>): z.infer<typeof Pause> {
  return { stopped, ...present({ reason, by, since: since?.toISOString() }) }
}
