import { queryOptions } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { answerOf } from '../../api/problem.ts'
import type { paths } from '../../api/schema.ts'
import { type InsightsSearch, timeOf } from './search.ts'

type Answered<Path extends '/api/insights' | '/api/spend' | '/api/observed'> = paths[Path]['get']['responses'][200]['content']['application/json']

export type Insights = Answered<'/api/insights'>
export type Spend = Answered<'/api/spend'>
export type Observed = Answered<'/api/observed'>
export type RunGroup = Insights['byRepository'][number]
export type Step = Insights['steps'][number]

/** Numbers of days do not change by the second. */
const FRESH_MS = 60_000

export function insightsQuery(search: InsightsSearch) {
  return queryOptions({
    queryKey: ['insights', search],
    queryFn: ({ signal }) => {
      const { repository } = search
      return answerOf(api.GET('/api/insights', { params: { query: { ...timeOf(search, new Date()), ...(repository && { repository }) } }, signal }))
    },
    staleTime: FRESH_MS,
  })
}

export function spendQuery(days: number) {
  return queryOptions({
    queryKey: ['spend', days],
    queryFn: ({ signal }) => answerOf(api.GET('/api/spend', { params: { query: { days } }, signal })),
    staleTime: FRESH_MS,
  })
}

export function observedQuery({ repository: _, ...search }: InsightsSearch) {
  return queryOptions({
    queryKey: ['observed', search],
    queryFn: ({ signal }) => answerOf(api.GET('/api/observed', { params: { query: timeOf(search, new Date()) }, signal })),
    staleTime: FRESH_MS,
  })
}
