import type { RunEvent } from '@fixpoint/core'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { answerOf } from '../../api/problem.ts'
import { keys } from '../../api/queries.ts'
import type { paths } from '../../api/schema.ts'

export type Run = paths['/api/runs/{run}']['get']['responses'][200]['content']['application/json']
export type Details = Awaited<ReturnType<typeof askDetails>>
export type Step = Details['steps'][number]
export type Attempt = Details['attempts'][number]
export type ListedExchange = Details['exchanges'][number]
/** An entry of the journal, in the server's words. */
export interface Fact {
  readonly seq: number
  readonly at: string
  readonly event: RunEvent
}

export function runQuery(run: string) {
  return queryOptions({
    queryKey: keys.run(run),
    queryFn: ({ signal }) => answerOf(api.GET('/api/runs/{run}', { params: { path: { run } }, signal })),
  })
}

export function detailsQuery(run: string) {
  return queryOptions({
    queryKey: keys.details(run),
    queryFn: ({ signal }) => askDetails(run, signal),
  })
}

function askDetails(run: string, signal: AbortSignal) {
  return answerOf(api.GET('/api/runs/{run}/details', { params: { path: { run } }, signal }))
}

/** The facts that a step left: they follow each other. */
export function factsQuery(run: string, from: number, count: number) {
  return queryOptions({
    queryKey: ['facts', run, from, count],
    queryFn: async ({ signal }) => {
      const limit = Math.min(count, 500)
      const { items } = await answerOf(api.GET('/api/runs/{run}/journal', { params: { path: { run }, query: { from, limit } }, signal }))
      return items as readonly Fact[]
    },
    // What happened stays as it happened.
    staleTime: Number.POSITIVE_INFINITY,
  })
}
