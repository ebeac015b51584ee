import { queryOptions } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { answerOf } from '../../api/problem.ts'
import type { paths } from '../../api/schema.ts'
import type { Kind } from './search.ts'

export type Repository = paths['/api/repositories']['get']['responses'][200]['content']['application/json']['items'][number]

export type FoundCode = paths['/api/repositories/{repository}/code']['get']['responses'][200]['content']['application/json']['places'][number]

export const RATE_DAYS = 30
const DAY_MS = 86_400_000

export const repositoriesQuery = queryOptions({
  queryKey: ['repositories'],
  queryFn: ({ signal }) => answerOf(api.GET('/api/repositories', { signal })),
})

/** What became of the runs of the last month, by repository. */
export const ratesQuery = queryOptions({
  queryKey: ['insights', 'repositories'],
  queryFn: async ({ signal }) => {
    const since = new Date(Date.now() - RATE_DAYS * DAY_MS).toISOString()
    const { byRepository } = await answerOf(api.GET('/api/insights', { params: { query: { since } }, signal }))
    return new Map(byRepository.map((group) => [group.name, group]))
  },
  staleTime: 60_000,
})

/** Places in the code of a repository. */
export function codeQuery({ repository, kind, find }: { readonly repository: string; readonly kind: Kind; readonly find: string }) {
  return queryOptions({
    queryKey: ['code', repository, kind, find],
    queryFn: ({ signal }) => {
      const params = { path: { repository }, query: { kind, text: find } }
      return answerOf(api.GET('/api/repositories/{repository}/code', { params, signal }))
    },
    staleTime: 60_000,
  })
}

/** How the tests of a repository are run, as its code says. */
export function projectQuery(repository: string) {
  return queryOptions({
    queryKey: ['project', repository],
    queryFn: ({ signal }) => answerOf(api.GET('/api/repositories/{repository}/project', { params: { path: { repository } }, signal })),
    staleTime: 5 * 60_000,
  })
}
