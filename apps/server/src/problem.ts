import type { FastifyReply } from 'fastify'
import { z } from 'zod'

/** Why a request was not served, as RFC 9457 words it: what happened, and in `hint` what to do. Never a value that the request carried. */
export const Problem = z.object({ title: z.string(), status: z.number().int(), detail: z.string().optional(), hint: z.string().optional() })
export type Problem = z.infer<typeof Problem>

/** Thrown by a route, answered as `application/problem+json`. */
export class Refusal extends Error {
  readonly status: number
  readonly detail: string | undefined
  readonly hint: string | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, title: string, more: { detail?: string; hint?: string; headers?: Readonly<Record<string, string>> } = {}) {
    super(title)
    this.name = 'Refusal'
    this.status = status
    this.detail = more.detail
    this.hint = more.hint
    this.headers = more.headers ?? {}
  }
}

export function problemOf(refusal: Refusal): Problem {
  return {
    title: refusal.message,
    status: refusal.status,
    ...(refusal.detail === undefined ? {} : { detail: refusal.detail }),
    ...(refusal.hint === undefined ? {} : { hint: refusal.hint }),
  }
}

/** Bypasses the route's response schema: a problem has the same shape everywhere. */
export function sendProblem(reply: FastifyReply, refusal: Refusal): FastifyReply {
  return reply
    .code(refusal.status)
    .headers(refusal.headers)
    .type('application/problem+json')
    .serializer(String)
    .send(JSON.stringify(problemOf(refusal)))
}
