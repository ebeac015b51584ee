import { infiniteQueryOptions } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { answerOf } from '../../api/problem.ts'
import { keys } from '../../api/queries.ts'
import type { paths } from '../../api/schema.ts'
import type { InboxSearch } from './search.ts'

const PAGE = 100

type Answer = paths['/api/proposals']['get']['responses'][200]['content']['application/json']
export type ListedProposal = Answer['items'][number]

/** Proposals that wait for a person, a page at a time. */
export function proposalsQuery({ text: _, sort, ...filter }: InboxSearch) {
  return infiniteQueryOptions({
    queryKey: [...keys.proposals, filter, sort],
    queryFn: ({ pageParam: before, signal }) =>
      answerOf(api.GET('/api/proposals', { params: { query: { ...filter, limit: PAGE, sort: sort ?? 'risk', ...(before && { before }) } }, signal })),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  })
}

/** A page that was asked for while the order changed may hold some of the one before. */
export function everyOnce(proposals: readonly ListedProposal[]): readonly ListedProposal[] {
  return [...new Map(proposals.map((each) => [each.run, each])).values()]
}

/** Whether the words somebody typed are in what a row shows. */
export function says({ title, repository, report, run }: ListedProposal, text: string): boolean {
  const row = [title, repository, report, run].join(' ').toLowerCase()
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => row.includes(word))
}
