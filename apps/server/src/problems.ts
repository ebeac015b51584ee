import { codeOf, Failure } from '@fixpoint/core'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import type { App } from './api/app.ts'
import type { Log } from './hands.ts'
import { refusalPage, sendPage, wantsPage } from './page.ts'
import { Refusal, sendProblem } from './problem.ts'

/** Everything that is thrown becomes a problem; what we did not foresee says nothing of what it was. */
export function answerProblems(app: App, log: Log): void {
  app.setErrorHandler((cause: FastifyError, request, reply) => {
    const refusal = cause instanceof Refusal ? cause : refusalOf(cause)
    if (refusal.status >= 500 && !(cause instanceof Refusal))
      log.error({ request: request.id, route: request.routeOptions.url, ...traced(cause) }, 'a request failed')
    return answer(request, reply, refusal)
  })
  app.setNotFoundHandler((request, reply) => answer(request, reply, new Refusal(404, 'Not found')))
}

function answer(request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply {
  if (!wantsPage(request)) return sendProblem(reply, refusal)
  return sendPage(reply.code(refusal.status).headers(refusal.headers), refusalPage(refusal))
}

function refusalOf(cause: FastifyError): Refusal {
  if (hasZodFastifySchemaValidationErrors(cause)) {
    // Where it is wrong and how; never what was given.
    const places = cause.validation
      .slice(0, 5)
      .map(({ instancePath, message }) => `${cause.validationContext ?? 'request'}${instancePath}: ${message ?? 'is wrong'}`)
    return new Refusal(400, 'The request is not as described', { detail: places.join('; ').slice(0, 1000), hint: 'See /openapi.json.' })
  }
  if (cause instanceof Failure && cause.code === 'database-unreachable')
    return new Refusal(503, 'Not available at the moment', { headers: { 'retry-after': '30' } })
  switch (cause.statusCode) {
    case 400:
      return new Refusal(400, 'The request cannot be read')
    case 404:
      return new Refusal(404, 'Not found')
    case 413:
      return new Refusal(413, 'The body is too large', { headers: { connection: 'close' } })
    case 415:
      return new Refusal(415, 'This content type is not taken', { hint: 'Send application/json.' })
    default:
      return new Refusal(500, 'It failed', { hint: 'The log says more, under this request id.' })
  }
}

/** Where it happened, without the message: that may quote what a stranger sent. */
function traced(cause: Error): Record<string, unknown> {
  const frames = (cause.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return { error: cause.name, code: codeOf(cause)?.slice(0, 40), frames: frames.slice(0, 8) }
}
