import { RepositoryName } from '@fixpoint/core'

/** A repository as GitHub's addresses have it. */
export interface At {
  readonly owner: string
  readonly repo: string
}

export function atOf(name: RepositoryName): At {
  const [owner = '', repo = ''] = RepositoryName.parse(name).split('/')
  return { owner, repo }
}
