/** What the address of a proposal says: the file that is looked at, and how. */
export interface ProposalSearch {
  readonly file?: string
  readonly view?: 'split'
}

export function proposalSearch(given: Record<string, unknown>): ProposalSearch {
  return { ...(typeof given.file === 'string' && { file: given.file }), ...(given.view === 'split' && { view: 'split' }) }
}
