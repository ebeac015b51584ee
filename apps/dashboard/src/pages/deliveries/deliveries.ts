import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { answerOf } from '../../api/problem.ts'
import type { paths } from '../../api/schema.ts'
import type { DeliveriesSearch } from './search.ts'

const PAGE = 100
/** No event tells of deliveries. */
const LOOK_AGAIN_MS = 10_000

export type Delivery = paths['/api/deliveries']['get']['responses'][200]['content']['application/json']['items'][number]

export function deliveriesQuery({ delivery: _, ...filter }: DeliveriesSearch) {
  return infiniteQueryOptions({
    queryKey: ['deliveries', filter],
    queryFn: ({ pageParam: before, signal }) =>
      answerOf(api.GET('/api/deliveries', { params: { query: { ...filter, limit: PAGE, ...(before && { before }) } }, signal })),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 1) === 1 ? LOOK_AGAIN_MS : false),
  })
}

/** The one that the address names, however old it is. */
export function deliveryQuery(delivery: string) {
  return queryOptions({
    queryKey: ['deliveries', 'one', delivery],
    queryFn: ({ signal }) => answerOf(api.GET('/api/deliveries/{delivery}', { params: { path: { delivery } }, signal })),
    refetchInterval: LOOK_AGAIN_MS,
  })
}
