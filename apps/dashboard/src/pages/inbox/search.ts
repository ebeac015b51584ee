/** What the address of the inbox says: which proposals, and in which order. */
export interface InboxSearch {
  readonly repository?: string
  readonly strength?: 'verified' | 'implicit' | 'choice' | 'suggestion'
  readonly source?: string
  readonly sort?: 'age'
}

const STRENGTHS = ['verified', 'implicit', 'choice', 'suggestion'] as const

export function inboxSearch(given: Record<string, unknown>): InboxSearch {
  const strength = STRENGTHS.find((each) => each === given.strength)
  return {
    ...(typeof given.repository === 'string' && { repository: given.repository }),
    ...(strength && { strength }),
    ...(typeof given.source === 'string' && { source: given.source }),
    ...(given.sort === 'age' && { sort: 'age' }),
  }
}
