import type { Scope } from '@fixpoint/core'
import type { FastifyBaseLogger, FastifyInstance, RawReplyDefaultExpression, RawRequestDefaultExpression, RawServerDefault } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Caller } from '../access/authenticate.ts'
import { Problem } from '../problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a caller needs. `any`: to be known; `open`: nothing at all. A route without it does not start. */
    scope?: Scope | 'any' | 'open'
    /** Called by machines under whatever name they know us by; nothing there rests on a browser's cookie. */
    anyHost?: boolean
  }
  interface FastifyRequest {
    /** Who asks, on every route that is not open. */
    caller: Caller | undefined
  }
}

export type App = FastifyInstance<RawServerDefault, RawRequestDefaultExpression, RawReplyDefaultExpression, FastifyBaseLogger, ZodTypeProvider>

/** Times go out as ISO 8601 in UTC. */
export const Moment = z.iso.datetime()

/** Ids of our own stores: an address, a log line and a query can hold them as they are. */
export const Id = z.string().regex(/^[\w-]{1,100}$/)

export const PageQuery = { limit: z.coerce.number().int().min(1).max(200).default(50), before: Id.optional() }

/** Items, and the cursor of the page after them: `?before=<next>`. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() })
}

/** One more than the page holds is asked for, to know whether another page follows. */
export async function paged<Stored extends { readonly id: string }, Shown>(
  limit: number,
  list: (limit: number) => Promise<readonly Stored[]>,
  show: (stored: Stored) => Shown,
  cursor: (stored: Stored) => string = ({ id }) => id,
): Promise<{ items: Shown[]; next: string | null }> {
  const found = await list(limit + 1)
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return { items: items.map(show), next: found.length > limit && last !== undefined ? cursor(last) : null }
}

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** Without the fields that are undefined. */
export function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>
}

/** Answers besides the good one, for the documentation. */
export const problems = { '4xx': Problem, '5xx': Problem }

export function callerOf(request: { readonly caller: Caller | undefined }): Caller {
  if (request.caller === undefined) throw new Error('a route that acts for somebody is open to nobody')
  return request.caller
}
