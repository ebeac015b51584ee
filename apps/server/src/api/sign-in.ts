import { Failure, inert } from '@fixpoint/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Gate } from '../access/authenticate.ts'
import { sessionCookie } from '../access/cookie.ts'
import { beginSignIn, begunSignIn, endedSignIn } from '../access/sign-in-cookie.ts'
import type { ServerHands } from '../hands.ts'
import { page, sendPage, shown } from '../page.ts'
import type { ServerSettings } from '../settings.ts'
import { type App, problems } from './app.ts'

const Word = z.string().max(500)
const Back = z.object({ code: Word.default(''), state: Word.default(''), error: Word.default('') })

/** Signing in by an account on a code host: there, and back with a code. Whatever goes wrong is a page in plain words, with the way on. */
export function signInRoutes(app: App, hands: ServerHands, { access, behindTlsProxy: secure }: ServerSettings, gate: Gate): void {
  const { signIn, tokens, clock, log } = hands
  const open = { scope: 'open' } as const
  const seconds = Math.round(access.sessionHours * 3600)

  app.get(
    '/api/sign-in',
    {
      config: open,
      schema: {
        tags: ['sessions'],
        summary: 'How people may sign in besides by link',
        response: { 200: z.object({ host: z.string().describe('a code host: GET /login/github begins').optional() }), ...problems },
      },
    },
    async () => (signIn === undefined ? {} : { host: signIn.host }),
  )
  if (signIn === undefined) return

  app.get('/login/github', { config: open, schema: { hide: true } }, async (request, reply) => {
    const { state, challenge, cookie } = beginSignIn(secure)
    const location = signIn.page({ origin: originOf(request), state, challenge })
    return reply.headers({ 'set-cookie': cookie, 'cache-control': 'no-store', location }).code(303).serializer(String).send('')
  })

  app.get('/login/github/callback', { config: open, schema: { hide: true, querystring: Back } }, async (request, reply) => {
    const { code, state, error } = request.query
    const from = `sign-in ${request.ip}`
    gate.admit(from)
    reply.header('set-cookie', endedSignIn(secure))
    const verifier = begunSignIn(request.headers.cookie, state, secure)
    if (verifier === undefined) {
      gate.failed(from)
      return refuse(reply, 403, 'This sign-in was not begun in this browser, or more than ten minutes ago', 'Begin again, in the browser that you want to use.')
    }
    if (error !== '' || code === '')
      return refuse(reply, 403, `${signIn.host} was not allowed to say who you are`, 'Begin again and agree there, or ask for a login link.')
    try {
      const person = await signIn.person({ origin: originOf(request), code, verifier })
      if (person === undefined) {
        gate.failed(from)
        return refuse(reply, 403, `${signIn.host} does not take the code that it gave you`, 'Each works once, and for ten minutes: begin again.')
      }
      if (person.scopes.length === 0) {
        log.warn({ login: person.name }, 'somebody who is not listed wanted to sign in')
        return refuse(
          reply,
          403,
          `${person.name} may not look here`,
          'Ask whoever runs this service to list you, or a team of yours, under github.signIn in the settings.',
        )
      }
      const expiresAt = new Date(clock.now().getTime() + seconds * 1000)
      const { secret } = await tokens.openSession({ name: person.name, account: person.name, scopes: person.scopes, expiresAt })
      log.info({ by: person.name, scopes: person.scopes }, 'somebody signed in')
      return reply
        .headers({ 'set-cookie': sessionCookie(secret, seconds, secure), 'cache-control': 'no-store', location: '/' })
        .code(303)
        .serializer(String)
        .send('')
    } catch (cause) {
      if (!(cause instanceof Failure)) throw cause
      return refuse(reply, 502, inert(cause.message, 300), inert(cause.hint, 300))
    }
  })

  function refuse(reply: FastifyReply, status: number, title: string, hint: string): FastifyReply {
    const on = '<a href="/login/github">Begin again</a> · <a href="/">Sign in by a link</a>'
    return sendPage(reply.code(status), page('You are not signed in', `<p><b>${shown(title)}.</b></p>\n<p>${shown(hint)}</p>\n<p>${on}</p>`))
  }

  /** As the browser calls us: `guard` knows the name. */
  function originOf({ headers }: FastifyRequest): string {
    return `${secure ? 'https' : 'http'}://${headers.host}`
  }
}
