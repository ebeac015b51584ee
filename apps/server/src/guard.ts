import type { FastifyRequest } from 'fastify'
import type { Gate } from './access/authenticate.ts'
import type { KnownHosts } from './access/hosts.ts'
import type { App } from './api/app.ts'
import type { ServerHands } from './hands.ts'
import type { ServerMetrics } from './metrics.ts'
import { Refusal } from './problem.ts'
import type { ServerSettings } from './settings.ts'

export const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
}
const OVER_TLS = { 'strict-transport-security': 'max-age=31536000' }

/** What every request passes: headers, the name it called us by, who asks; and a line in the log when it was answered. */
export function guard(
  app: App,
  { hands, settings, hosts, gate, metrics }: { hands: ServerHands; settings: ServerSettings; hosts: KnownHosts; gate: Gate; metrics: ServerMetrics },
): void {
  app.decorateRequest('caller', undefined)

  app.addHook('onRoute', (route) => {
    if (route.config?.scope === undefined) throw new Error(`${String(route.method)} ${route.url} says nothing about who may ask`)
  })

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(settings.behindTlsProxy ? { ...SECURITY_HEADERS, ...OVER_TLS } : SECURITY_HEADERS)
    reply.header('x-request-id', request.id)
    const config = request.routeOptions.config ?? {}
    if (config.anyHost !== true && !hosts.knows(request.headers.host))
      throw new Refusal(421, 'This server is not known by that name', {
        hint: 'Add the host name to `server.hosts` in the settings.',
        headers: { connection: 'close' },
      })
    if (config.scope === undefined || config.scope === 'open') return
    reply.header('cache-control', 'no-store')
    request.caller = await gate.caller(request, config.scope)
  })

  app.addHook('onResponse', async (request, reply) => {
    const route = routeOf(request)
    metrics.answered(request.method, route, reply.statusCode, reply.elapsedTime)
    hands.log.info(
      { request: request.id, method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime), caller: request.caller?.id },
      'answered',
    )
  })
}

/** The pattern and never the address: that may hold a key or a stranger's words. */
function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? 'unknown'
}
