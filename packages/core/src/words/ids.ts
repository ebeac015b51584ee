import { z } from 'zod'

/** `run_` and 26 characters of a ULID: sorts by the time the run was opened. */
export const RunId = z
  .string()
  .regex(/^run_[0-9a-hjkmnp-tv-z]{26}$/)
  .brand<'RunId'>()
export type RunId = z.infer<typeof RunId>

/** Lower-case hexadecimal SHA-256 of an artifact's bytes. */
export const Digest = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .brand<'Digest'>()
export type Digest = z.infer<typeof Digest>

/** A full git object id (SHA-1 or SHA-256 repository). */
export const ObjectId = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/)
export type ObjectId = z.infer<typeof ObjectId>

/**
 * A path inside a repository: relative, `/` between segments, no `.`, `..`, empty or `.git` segment, no NUL, no backslash.
 * Case and trailing dots or spaces are folded for the `.git` check, because some file systems fold them too.
 */
export const RepoPath = z.string().min(1).max(4096).refine(isRepoPath, 'not a path inside the repository')
export type RepoPath = string

/** Some file systems do not see these either: `.gi<U+200C>t` is `.git` there. Git's own list. */
const INVISIBLE = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g

export function isRepoPath(path: string): boolean {
  if (path === '' || path.includes('\0') || path.includes('\\') || path.startsWith('/')) return false
  return path.split('/').every((segment) => {
    const folded = segment
      .replace(INVISIBLE, '')
      .replace(/[. ]+$/u, '')
      .toLowerCase()
    return segment !== '' && segment !== '.' && segment !== '..' && folded !== '' && folded !== '.git' && !/^git~\d+$/.test(folded)
  })
}
