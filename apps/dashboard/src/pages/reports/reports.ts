import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { answerOf } from '../../api/problem.ts'
import type { paths } from '../../api/schema.ts'
import type { ReportsSearch } from './search.ts'

const PAGE = 100
/** No event tells of sightings. */
const LOOK_AGAIN_MS = 20_000
const COUNTED_MS = 120_000

export type ListedReport = paths['/api/reports']['get']['responses'][200]['content']['application/json']['items'][number]

/** Reports, the one seen last first. Who has walked far down keeps what is there: it is not all asked for again. */
export function reportsQuery({ report: _, ...filter }: ReportsSearch) {
  return infiniteQueryOptions({
    queryKey: ['reports', filter],
    queryFn: ({ pageParam: before, signal }) =>
      answerOf(api.GET('/api/reports', { params: { query: { ...filter, limit: PAGE, ...(before && { before }) } }, signal })),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 1) === 1 ? LOOK_AGAIN_MS : false),
  })
}

export function reportQuery(report: string) {
  return queryOptions({
    queryKey: ['report', report],
    queryFn: ({ signal }) => answerOf(api.GET('/api/reports/{report}', { params: { path: { report } }, signal })),
    refetchInterval: LOOK_AGAIN_MS,
  })
}

export function sightingsQuery(report: string) {
  return queryOptions({
    queryKey: ['sightings', report],
    queryFn: ({ signal }) => answerOf(api.GET('/api/reports/{report}/sightings', { params: { path: { report } }, signal })),
    staleTime: COUNTED_MS,
  })
}

export function historyQuery(report: string) {
  return queryOptions({
    queryKey: ['report', report, 'history'],
    queryFn: ({ signal }) => answerOf(api.GET('/api/reports/{report}/history', { params: { path: { report } }, signal })),
  })
}
