import { replaceEqualDeep } from '@tanstack/react-query'
import type { paths } from '../../api/schema.ts'

export type ProposalList = paths['/api/proposals']['get']['responses'][200]['content']['application/json']
export type ListedProposal = ProposalList['items'][number]

/** What says what it said is the same object, a row wherever it stands now: only what is new is drawn. */
export function keepingRows(before: ProposalList | undefined, now: ProposalList): ProposalList {
  const known = new Map(before?.items.map((each) => [each.run, each]))
  const items = now.items.map((each) => replaceEqualDeep(known.get(each.run), each))
  const isSame = before?.next === now.next && before.items.length === items.length && items.every((each, index) => each === before.items[index])
  return isSame ? before : { ...now, items }
}
