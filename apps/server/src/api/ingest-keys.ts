import type { IngestKey } from '@fixpoint/core'
import { z } from 'zod'
import type { ServerHands } from '../hands.ts'
import { Refusal } from '../problem.ts'
import { type App, callerOf, Id, Moment, present, problems } from './app.ts'
import { Name } from './tokens.ts'

const Key = z.object({
  id: Id,
  name: z.string(),
  source: z.string(),
  repository: z.string().optional(),
  service: z.string().optional(),
  signed: z.boolean(),
  createdAt: Moment,
  lastUsedAt: Moment.optional(),
  revokedAt: Moment.optional(),
})
/** Shorter ones can be guessed from one signed delivery. */
const SigningSecret = z.string().min(16).max(500)
const At = z.object({ key: Id })

export function ingestKeyRoutes(app: App, hands: ServerHands): void {
  const { tokens, sources } = hands
  const tags = ['ingest keys']

  app.get(
    '/api/ingest-keys',
    {
      config: { scope: 'admin' },
      schema: {
        tags,
        summary: 'Keys by which alert sources deliver, without their secrets',
        response: { 200: z.object({ items: z.array(Key) }), ...problems },
      },
    },
    async () => ({ items: (await tokens.ingestKeys()).map(shown) }),
  )

  app.post(
    '/api/ingest-keys',
    {
      config: { scope: 'admin' },
      schema: {
        tags,
        summary: 'Issue a key for one source; its address is told this once',
        body: z.strictObject({
          name: Name,
          source: z.string().max(100),
          signingSecret: SigningSecret.optional(),
          repository: z.string().min(1).max(300).optional(),
          service: z.string().min(1).max(300).optional(),
        }),
        response: { 201: z.object({ key: Key, path: z.string() }), ...problems },
      },
    },
    async (request, reply) => {
      const { body } = request
      if (!sources.has(body.source)) throw new Refusal(400, 'No such source', { hint: `Known sources: ${[...sources.keys()].join(', ')}.` })
      const { key, secret } = await tokens.issueIngestKey(body)
      hands.log.info({ key: key.id, source: key.source, by: callerOf(request).name }, 'an ingest key was issued')
      return reply.code(201).send({ key: shown(key), path: `/hooks/${key.source}/${secret}` })
    },
  )

  app.put(
    '/api/ingest-keys/:key/signing-secret',
    {
      config: { scope: 'admin' },
      schema: {
        tags,
        summary: 'The secret that the source signs with, once it has made one up; null for none',
        params: At,
        body: z.strictObject({ signingSecret: SigningSecret.nullable() }),
        response: { 204: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      const { key } = request.params
      if (!(await tokens.setSigningSecret(key, request.body.signingSecret ?? undefined))) throw new Refusal(404, 'No such key')
      hands.log.info({ key, by: callerOf(request).name }, 'the signing secret of an ingest key was set')
      return reply.code(204).send(null)
    },
  )

  app.delete(
    '/api/ingest-keys/:key',
    { config: { scope: 'admin' }, schema: { tags, summary: 'Revoke a key', params: At, response: { 204: z.null(), ...problems } } },
    async (request, reply) => {
      const { key } = request.params
      const known = (await tokens.ingestKeys()).some(({ id }) => id === key)
      if (!known || !(await tokens.revoke(key))) throw new Refusal(404, 'No such key')
      hands.log.info({ key, by: callerOf(request).name }, 'an ingest key was revoked')
      return reply.code(204).send(null)
    },
  )
}

function shown({ createdAt, lastUsedAt, revokedAt, id, name, source, repository, service, signed }: IngestKey): z.infer<typeof Key> {
  const times = { lastUsedAt: lastUsedAt?.toISOString(), revokedAt: revokedAt?.toISOString() }
  return { id, name, source, signed, createdAt: createdAt.toISOString(), ...present({ repository, service, ...times }) }
}
