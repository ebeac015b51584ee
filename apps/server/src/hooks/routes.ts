import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type App, problems } from '../api/app.ts'
import type { ServerHands } from '../hands.ts'
import type { ServerMetrics } from '../metrics.ts'
import { Refusal } from '../problem.ts'
import type { ServerSettings } from '../settings.ts'
import { type HookOutcome, Receiver } from './receive.ts'
import type { Waker } from './waker.ts'

const OUTCOMES: Readonly<Record<number, HookOutcome>> = {
  400: 'malformed',
  401: 'refused',
  404: 'unknown',
  405: 'not-taken',
  413: 'too-large',
  415: 'not-taken',
  429: 'rate-limited',
}

const OTHER_METHODS = ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

export function hookRoutes(app: App, hands: ServerHands, settings: ServerSettings, metrics: ServerMetrics, waker: Waker): void {
  const receiver = new Receiver(hands, settings.hooks, waker)
  const Path = z.object({ source: z.string(), key: z.string() })

  app.register(async (hooks: App) => {
    // The body is read by us, byte by byte and under our limits; no parser sees it.
    hooks.removeAllContentTypeParsers()
    hooks.addContentTypeParser('*', (_request, _payload, done) => done(null))
    const route = { url: '/hooks/:source/:key', config: { scope: 'open', anyHost: true } } as const
    const handler = async (request: FastifyRequest, reply: FastifyReply) => {
      const path = Path.parse(request.params)
      const source = hands.sources.has(path.source) ? path.source : 'unknown'
      await counted(source, request, () => receiver.receive(request, reply, path))
      return reply
    }
    const fromHost = { url: '/hooks/github', config: route.config }
    const hostHandler = async (request: FastifyRequest, reply: FastifyReply) => {
      await counted('github', request, () => receiver.receiveFromHost(request, reply))
      return reply
    }
    hooks.route({
      ...fromHost,
      method: 'POST',
      schema: { tags: ['hooks'], summary: 'GitHub delivers what the app is subscribed to; answered once it is durable', response: { ...problems } },
      handler: hostHandler,
    })
    hooks.route({ ...fromHost, method: OTHER_METHODS, schema: { hide: true }, handler: hostHandler })
    hooks.route({
      ...route,
      method: 'POST',
      schema: { tags: ['hooks'], summary: 'An alert source delivers; answered once it is durable', params: Path, response: { ...problems } },
      handler,
    })
    hooks.route({ ...route, method: OTHER_METHODS, schema: { hide: true }, handler })
  })

  async function counted(source: string, request: FastifyRequest, receive: () => Promise<HookOutcome>): Promise<void> {
    const bytes = Number(request.raw.headers['content-length'] ?? 0)
    try {
      metrics.delivered(source, await receive(), bytes)
    } catch (cause) {
      metrics.delivered(source, cause instanceof Refusal ? (OUTCOMES[cause.status] ?? 'failed') : 'failed', 0)
      throw cause
    }
  }
}
