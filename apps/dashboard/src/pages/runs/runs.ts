import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { api } from '../../api/client.ts'
import { answerOf } from '../../api/problem.ts'
import { keys } from '../../api/queries.ts'
import { type ListedRun, withRun } from './run-pages.ts'
import type { RunsSearch } from './search.ts'

const PAGE = 100

/** Runs, the newest first, a page at a time. An event changes the row that it is about: it is no reason to ask for all pages again. */
function runsQuery({ awaiting, ...filter }: RunsSearch) {
  return infiniteQueryOptions({
    queryKey: ['run-pages', filter, awaiting],
    queryFn: ({ pageParam: before, signal }) => {
      const waits = awaiting && ({ awaiting: awaiting === 'yes' ? 'true' : 'false' } as const)
      return answerOf(api.GET('/api/runs', { params: { query: { ...filter, ...waits, limit: PAGE, ...(before && { before }) } }, signal }))
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  })
}

/** The runs that `search` asks for, as they are now. */
export function useRuns(search: RunsSearch) {
  const client = useQueryClient()
  const options = runsQuery(search)
  useEffect(
    () =>
      client.getQueryCache().subscribe(({ type, query }) => {
        if (type !== 'updated' || query.queryKey[0] !== keys.run('')[0] || query.state.data === undefined) return
        client.setQueryData(options.queryKey, (known) => known && withRun(known, query.state.data as ListedRun, search))
      }),
    [client, options.queryKey, search],
  )
  return useInfiniteQuery(options)
}
