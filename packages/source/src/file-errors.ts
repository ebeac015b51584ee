import { codeOf, Failure } from '@fixpoint/core'

/** A full disk is a failure of the world; anything else stays what it is. */
export function orDiskFull(error: unknown, path: string): unknown {
  if (codeOf(error) !== 'ENOSPC' && codeOf(error) !== 'EDQUOT') return error
  return new Failure('disk-full', `no space left for ${path}`, 'Free some space and run the same command again.', { cause: error })
}
