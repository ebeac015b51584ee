import { type CommitSummary, type History, inert, ObjectId } from '@fixpoint/core'
import type { GitRepository } from './git-repository.ts'

/** The commits before a base, from one `git log` that starts no program and follows no rename. */
export class GitHistory implements History {
  readonly #repository: GitRepository

  constructor(repository: GitRepository) {
    this.#repository = repository
  }

  async recent(base: ObjectId, limit: number, paths: readonly string[] = []): Promise<readonly CommitSummary[]> {
    return this.#log([ObjectId.parse(base)], limit, paths)
  }

  /** Commits of `tip` that `base` does not have, newest first. */
  async after(base: ObjectId, tip: ObjectId, limit: number, paths: readonly string[] = []): Promise<readonly CommitSummary[]> {
    return this.#log([ObjectId.parse(tip), `^${ObjectId.parse(base)}`], limit, paths)
  }

  async #log(revisions: readonly string[], limit: number, paths: readonly string[]): Promise<readonly CommitSummary[]> {
    const count = Math.max(0, Math.min(Math.floor(limit), 100_000))
    if (count === 0) return []
    const output = await this.#repository.reader.text([
      'log',
      `--max-count=${count}`,
      '--no-renames',
      '--no-show-signature',
      '--no-ext-diff',
      '--no-textconv',
      '--no-color',
      '--name-only',
      '-z',
      // An empty field first: no path and no subject can look like it.
      '--format=%x00%H%x00%ct%x00%s',
      '--end-of-options',
      ...revisions,
      '--',
      ...paths,
    ])
    return parseLog(output)
  }
}

/** `NUL id NUL seconds NUL subject NUL`, then, where there are any, one newline and the paths, each with its NUL. */
function parseLog(output: string): CommitSummary[] {
  const fields = output.split('\0')
  const commits: CommitSummary[] = []
  let at = 0
  while (at < fields.length) {
    const [id, seconds, subject] = fields.slice(at + 1, at + 4)
    if (fields[at] !== '' || id === undefined || !ObjectId.safeParse(id).success || seconds === undefined || subject === undefined) {
      at += 1
      continue
    }
    at += 4
    const paths: string[] = []
    for (; at < fields.length && fields[at] !== ''; at += 1) paths.push(fields[at] ?? '')
    if (paths[0] !== undefined) paths[0] = paths[0].replace(/^\n/, '')
    commits.push({ commit: id, subject: inert(subject, 500), at: new Date(Number(seconds) * 1000), paths })
  }
  return commits
}
