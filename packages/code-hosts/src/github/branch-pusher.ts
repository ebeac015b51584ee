import type { ObjectId } from '@fixpoint/core'

/** What git over HTTPS is given: in the environment of the one process that talks, never in a URL, an argument or a file. */
export interface GitCredential {
  readonly username: string
  readonly password: string
}

/** What a hosted repository needs of its mirror. */
export interface BranchPusher {
  /**
   * Makes the branch at the host this commit, if it is `expected` there now. Twice is once. Throws `HostFailure`: `host-refused` when somebody moved
   * the branch, or may not be overruled; `host-unreachable`; `host-gone`.
   */
  push(branch: string, commit: ObjectId, options: { readonly expected: ObjectId | 'absent'; readonly credential: GitCredential }): Promise<void>
  treeOf(commit: ObjectId): Promise<ObjectId>
  /** `100644`, `100755` or `120000`; a path that the commit does not have is left out. */
  modesOf(commit: ObjectId, paths: readonly string[]): Promise<ReadonlyMap<string, string>>
}
