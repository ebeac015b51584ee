import type { ApiToken } from '@fixpoint/core'
import { z } from 'zod'
import type { ServerHands } from '../hands.ts'
import { Refusal } from '../problem.ts'
import { type App, callerOf, Id, Moment, present, problems } from './app.ts'

const ScopeName = z.enum(['read', 'decide', 'admin', 'upload'])
/** As long as somebody needs to open a message. */
const LINK_MS = 15 * 60_000
const Token = z.object({
  id: Id,
  name: z.string(),
  scopes: z.array(ScopeName),
  createdAt: Moment,
  expiresAt: Moment.optional(),
  lastUsedAt: Moment.optional(),
  revokedAt: Moment.optional(),
})
/** It stands in journals and logs. */
export const Name = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._@+-]{0,99}$/u, 'letters, digits, spaces and . _ @ + - only')

export function tokenRoutes(app: App, hands: ServerHands): void {
  const { tokens } = hands
  const tags = ['tokens']

  app.get(
    '/api/tokens',
    {
      config: { scope: 'admin' },
      schema: { tags, summary: 'API tokens, without their secrets', response: { 200: z.object({ items: z.array(Token) }), ...problems } },
    },
    async () => ({ items: (await tokens.apiTokens()).map(shown) }),
  )

  app.post(
    '/api/tokens',
    {
      config: { scope: 'admin' },
      schema: {
        tags,
        summary: 'Issue a token; its secret is told this once',
        body: z.strictObject({ name: Name, scopes: z.array(ScopeName).min(1).max(3), expiresAt: Moment.optional() }),
        response: { 201: z.object({ token: Token, secret: z.string() }), ...problems },
      },
    },
    async (request, reply) => {
      const { name, scopes, expiresAt } = request.body
      const end = expiresAt === undefined ? undefined : new Date(expiresAt)
      if (end !== undefined && end <= hands.clock.now()) throw new Refusal(400, 'The token would have expired already')
      const issued = await tokens.issueApiToken({ name, scopes, expiresAt: end })
      hands.log.info({ token: issued.token.id, scopes, by: callerOf(request).name }, 'a token was issued')
      return reply.code(201).send({ token: shown(issued.token), secret: issued.secret })
    },
  )

  app.post(
    '/api/login-links',
    {
      config: { scope: 'admin' },
      schema: {
        tags,
        summary: 'Issue a link that opens the dashboard once, within 15 minutes; it is told this once',
        body: z.strictObject({
          name: Name,
          scopes: z
            .array(ScopeName.exclude(['upload']))
            .min(1)
            .max(3),
        }),
        response: { 201: z.object({ path: z.string(), expiresAt: Moment }), ...problems },
      },
    },
    async (request, reply) => {
      const { name, scopes } = request.body
      const expiresAt = new Date(hands.clock.now().getTime() + LINK_MS)
      const { secret } = await tokens.issueLoginLink({ name, scopes, expiresAt })
      hands.log.info({ for: name, scopes, by: callerOf(request).name }, 'a login link was issued')
      return reply.code(201).send({ path: `/login?link=${secret}`, expiresAt: expiresAt.toISOString() })
    },
  )

  app.delete(
    '/api/tokens/:token',
    { config: { scope: 'admin' }, schema: { tags, summary: 'Revoke a token', params: z.object({ token: Id }), response: { 204: z.null(), ...problems } } },
    async (request, reply) => {
      const { token } = request.params
      const known = (await tokens.apiTokens()).some(({ id }) => id === token)
      if (!known || !(await tokens.revoke(token))) throw new Refusal(404, 'No such token')
      hands.log.info({ token, by: callerOf(request).name }, 'a token was revoked')
      return reply.code(204).send(null)
    },
  )
}

function shown({ createdAt, expiresAt, lastUsedAt, revokedAt, scopes, ...token }: ApiToken): z.infer<typeof Token> {
  return {
    ...token,
    scopes: [...scopes],
    createdAt: createdAt.toISOString(),
    ...present({ expiresAt: expiresAt?.toISOString(), lastUsedAt: lastUsedAt?.toISOString(), revokedAt: revokedAt?.toISOString() }),
  }
}
