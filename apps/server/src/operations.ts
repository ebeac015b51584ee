import { z } from 'zod'
import type { Gate } from './access/authenticate.ts'
import { type App, problems } from './api/app.ts'
import { isLoopback } from './bind-refusal.ts'
import { within } from './deadline.ts'
import type { ReadinessCheck, ServerHands } from './hands.ts'
import type { ServerMetrics } from './metrics.ts'
import type { ServerSettings } from './settings.ts'

const READY_MS = 5000

const Health = z.object({ status: z.literal('ok') })
const Readiness = z.object({ ready: z.boolean(), checks: z.array(z.object({ name: z.string(), ok: z.boolean() })) })

/** For whoever runs the service: is it alive, may requests come, and how is it doing. */
export function operatorRoutes(app: App, hands: ServerHands, settings: ServerSettings, metrics: ServerMetrics, gate: Gate): void {
  const tags = ['operations']
  const anybody = { scope: 'open', anyHost: true } as const

  app.get('/healthz', { config: anybody, schema: { tags, summary: 'The process answers', response: { 200: Health } } }, async () => ({ status: 'ok' as const }))

  app.get(
    '/readyz',
    { config: anybody, schema: { tags, summary: 'What it needs answers too', response: { 200: Readiness, 503: Readiness } } },
    async (_request, reply) => {
      const checks = await Promise.all(hands.checks.map(async (each) => ({ name: each.name, ok: await passes(each) })))
      const ready = checks.every(({ ok }) => ok)
      return reply.code(ready ? 200 : 503).send({ ready, checks })
    },
  )

  app.get(
    '/metrics',
    {
      config: { scope: 'open' },
      schema: {
        tags,
        summary: 'Prometheus metrics; from elsewhere than this machine with a token',
        produces: ['text/plain'],
        response: { 200: z.string(), ...problems },
      },
    },
    async (request, reply) => {
      // Behind a proxy on this machine everybody comes from loopback.
      const direct = !settings.behindTlsProxy && request.headers['x-forwarded-for'] === undefined && request.headers.forwarded === undefined
      if (!direct || !isLoopback(request.socket.remoteAddress ?? '')) await gate.caller(request, 'read')
      const text = await metrics.text()
      reply.type(metrics.registry.contentType).serializer(String)
      return text
    },
  )

  /** Why it fails is for the log: anybody may ask here. */
  async function passes(check: ReadinessCheck): Promise<boolean> {
    const signal = AbortSignal.timeout(READY_MS)
    const wrong = await within(READY_MS, check.check(signal)).catch((cause: unknown) => (cause instanceof Error ? cause.name : 'it failed'))
    if (wrong !== undefined) hands.log.warn({ check: check.name, wrong }, 'not ready')
    return wrong === undefined
  }
}
