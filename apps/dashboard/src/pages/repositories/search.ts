export const KINDS = [
  ['text', 'Text, as it is written'],
  ['definitions', 'What defines a name'],
  ['references', 'What uses a name'],
] as const
export type Kind = (typeof KINDS)[number][0]

/** What the address of the repositories says: what is looked for in which code. */
export interface RepositoriesSearch {
  readonly find?: string
  readonly in?: string
  readonly kind?: Kind
}

export function repositoriesSearch(given: Record<string, unknown>): RepositoriesSearch {
  const text = (name: 'find' | 'in') => (typeof given[name] === 'string' && given[name] !== '' ? { [name]: given[name] } : {})
  const kind = KINDS.find(([each]) => each === given.kind && each !== 'text')?.[0]
  return { ...text('find'), ...text('in'), ...(kind && { kind }) }
}
