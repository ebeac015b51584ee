import { hashKey, queryOptions } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { answerOf } from '../../api/problem.ts'
import { keys } from '../../api/queries.ts'
import { keepingRows, type ListedProposal, type ProposalList } from './kept-rows.ts'
import type { InboxSearch } from './search.ts'

/** Rows that are asked for at first, and each time that somebody wants more. */
export const PAGE = 100
/** The server lists no more. */
const MOST = 2000

/** Proposals that wait for a person. All that are shown are one answer: what several would say of an order that changes fits together nowhere. */
export function proposalsQuery({ text: _, sort, ...filter }: InboxSearch, limit = PAGE) {
  const list = [...keys.proposals, filter, sort]
  return queryOptions({
    queryKey: [...list, limit],
    queryFn: ({ signal }) => answerOf(api.GET('/api/proposals', { params: { query: { ...filter, limit, sort: sort ?? 'risk' } }, signal })),
    structuralSharing: (before, now) => keepingRows(before as ProposalList | undefined, now as ProposalList),
    // Those that are known stay while more of the same are asked for.
    placeholderData: (known: ProposalList | undefined, asked) =>
      asked !== undefined && hashKey(asked.queryKey.slice(0, -1)) === hashKey(list) ? known : undefined,
  })
}

/** How many to ask for to see more; undefined when there are no more. */
export function moreThan(limit: number, { next }: ProposalList): number | undefined {
  return next === null || limit >= MOST ? undefined : Math.min(limit + PAGE, MOST)
}

/** Whether the words somebody typed are in what a row shows. */
export function says({ title, repository, report, run }: ListedProposal, text: string): boolean {
  const row = [title, repository, report, run].join(' ').toLowerCase()
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => row.includes(word))
}
