const STRENGTHS = ['verified', 'implicit', 'choice', 'suggestion'] as const

/** What the address of the inbox says: which proposals, and in which order. */
export interface InboxSearch {
  readonly repository?: string
  readonly strength?: (typeof STRENGTHS)[number]
  readonly source?: string
  /** Without it, by risk. */
  readonly sort?: 'age'
  /** Words that a row has to have. */
  readonly text?: string
}

export function inboxSearch(given: Record<string, unknown>): InboxSearch {
  const strength = STRENGTHS.find((each) => each === given.strength)
  const word = (name: 'repository' | 'source' | 'text') => (given[name] === undefined || given[name] === '' ? {} : { [name]: String(given[name]) })
  return { ...word('repository'), ...word('source'), ...word('text'), ...(strength && { strength }), ...(given.sort === 'age' && { sort: 'age' }) }
}
