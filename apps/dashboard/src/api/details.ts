import { queryOptions } from '@tanstack/react-query'
import { api } from './client.ts'
import { answerOf } from './problem.ts'
import { keys } from './queries.ts'
import type { paths } from './schema.ts'

export type Details = paths['/api/runs/{run}/details']['get']['responses'][200]['content']['application/json']

/** Everything that a run has to tell: steps, attempts, dossier, words. */
export function detailsQuery(run: string) {
  return queryOptions({
    queryKey: keys.details(run),
    // The client's own type forgets that lines are pairs.
    queryFn: ({ signal }) => answerOf(api.GET('/api/runs/{run}/details', { params: { path: { run } }, signal })) as Promise<Details>,
  })
}
