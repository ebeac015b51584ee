import type { Session } from '@fixpoint/core'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import type { Gate } from '../access/authenticate.ts'
import { sessionCookie } from '../access/cookie.ts'
import type { ServerHands } from '../hands.ts'
import { Refusal } from '../problem.ts'
import type { ServerSettings } from '../settings.ts'
import { type App, callerOf, problems } from './app.ts'

const Secret = z.string().regex(/^[\w-]{20,200}$/)
const Me = z.object({ name: z.string(), scopes: z.array(z.enum(['read', 'decide', 'admin', 'upload'])), by: z.enum(['token', 'session']) })

export function sessionRoutes(app: App, hands: ServerHands, settings: ServerSettings, gate: Gate): void {
  const tags = ['sessions']
  const seconds = Math.round(settings.access.sessionHours * 3600)

  app.get(
    '/login',
    {
      config: { scope: 'open' },
      schema: {
        tags,
        summary: 'The one-time login link: opens a session and goes on to the dashboard',
        querystring: z.object({ link: Secret }),
        response: { 303: z.null(), ...problems },
      },
    },
    async (request, reply) => {
      const opened = await redeem(request.query.link, request.ip)
      return withCookie(reply, opened.secret).code(303).header('location', '/').send(null)
    },
  )

  app.post(
    '/api/session',
    {
      config: { scope: 'open' },
      schema: { tags, summary: 'Log in with a one-time link', body: z.strictObject({ link: Secret }), response: { 201: Me, ...problems } },
    },
    async (request, reply) => {
      const { session, secret } = await redeem(request.body.link, request.ip)
      return withCookie(reply, secret)
        .code(201)
        .send({ name: session.name, scopes: [...session.scopes], by: 'session' })
    },
  )

  app.get('/api/session', { config: { scope: 'any' }, schema: { tags, summary: 'Who asks', response: { 200: Me, ...problems } } }, async (request) => {
    const { name, scopes, by } = callerOf(request)
    return { name, scopes: [...scopes], by }
  })

  app.delete(
    '/api/session',
    { config: { scope: 'any' }, schema: { tags, summary: 'Log out', response: { 204: z.null(), ...problems } } },
    async (request, reply) => {
      const { id, by } = callerOf(request)
      if (by !== 'session') throw new Refusal(409, 'A token is revoked, not logged out')
      await hands.tokens.revoke(id)
      return reply
        .header('set-cookie', sessionCookie('', 0, settings.behindTlsProxy))
        .code(204)
        .send(null)
    },
  )

  async function redeem(link: string, address: string): Promise<{ session: Session; secret: string }> {
    const name = `login ${address}`
    gate.admit(name)
    const expiresAt = new Date(hands.clock.now().getTime() + seconds * 1000)
    const opened = await hands.tokens.redeemLoginLink(link, { expiresAt })
    if (opened !== undefined) return opened
    gate.failed(name)
    throw new Refusal(401, 'The login link was used or has expired', { hint: 'Ask for another one: `fixpoint login`.' })
  }

  function withCookie(reply: FastifyReply, secret: string): FastifyReply {
    return reply.headers({ 'set-cookie': sessionCookie(secret, seconds, settings.behindTlsProxy), 'cache-control': 'no-store' })
  }
}
