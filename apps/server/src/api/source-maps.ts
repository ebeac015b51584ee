import { readSourceMap } from '@fixpoint/intake'
import { z } from 'zod'
import type { ServerHands } from '../hands.ts'
import { Refusal } from '../problem.ts'
import { type App, problems } from './app.ts'

/** With the sources inside, which are dropped. */
const LARGEST_BYTES = 64 * 1_048_576
const Name = z.string().trim().min(1).max(300)

export function sourceMapRoutes(app: App, hands: ServerHands): void {
  app.put(
    '/api/source-maps',
    {
      bodyLimit: LARGEST_BYTES,
      config: { scope: 'upload' },
      schema: {
        tags: ['source maps'],
        summary: 'The map of one minified file of a release; in the place of an earlier one',
        querystring: z.object({ service: Name, release: Name, file: z.string().min(1).max(2000) }),
        // Looked at by the reader of maps: a schema would copy it.
        body: z.unknown(),
        response: { 201: z.object({ sources: z.number().int(), debugId: z.string().optional() }), ...problems },
      },
    },
    async ({ query, body }, reply) => {
      const map = readSourceMap(body)
      if ('refused' in map)
        throw new Refusal(422, 'The source map is not read', { detail: map.refused, hint: 'docs/source-maps.md says what a map has to be.' })
      const digest = await hands.artifacts.put(new TextEncoder().encode(JSON.stringify(map)))
      await hands.sourceMaps.put({ ...query, debugId: map.debugId, map: digest })
      return reply.code(201).send({ sources: map.sources.length, ...(map.debugId !== undefined && { debugId: map.debugId }) })
    },
  )
}
