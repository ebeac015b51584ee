import { queryOptions } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { answerOf } from '../../api/problem.ts'
import type { paths } from '../../api/schema.ts'

export type Repository = paths['/api/repositories']['get']['responses'][200]['content']['application/json']['items'][number]

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
