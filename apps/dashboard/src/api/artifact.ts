import { queryOptions } from '@tanstack/react-query'
import { api } from './client.ts'
import { answerOf } from './problem.ts'

/** The text of an artifact, which never changes. */
export function artifactQuery(digest: string) {
  return queryOptions({
    queryKey: ['artifact', digest],
    queryFn: ({ signal }) => answerOf(api.GET('/api/artifacts/{digest}', { params: { path: { digest } }, parseAs: 'text', signal })) as Promise<string>,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  })
}
