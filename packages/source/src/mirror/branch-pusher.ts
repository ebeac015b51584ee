import { HostFailure, IllegalEvent, ObjectId } from '@fixpoint/core'
import { isOurBranch } from '../branches.ts'
import { modesAt } from '../file-texts.ts'
import type { GitRepository } from '../git-repository.ts'
import { quoted } from './host-answers.ts'
import { failureOf, type NetworkOptions, talk } from './network-git.ts'
import type { GitCredential } from './remote.ts'

export interface PushTarget {
  readonly url: string
  /** What it is called in messages. */
  readonly where: string
  readonly network: () => Promise<NetworkOptions>
}

/** The environment cannot be told to stop a push: it is short, or cut by its own limits. */
const NEVER = new AbortController().signal

/** Sends commits of ours to branches below `fixpoint/`, and to no other. */
export class BranchPusher {
  readonly #repository: GitRepository
  readonly #target: PushTarget

  constructor(repository: GitRepository, target: PushTarget) {
    this.#repository = repository
    this.#target = target
  }

  /**
   * Makes a branch at the host point to a commit, if it is `expected` there now, or is that commit already: twice is once. Throws `HostFailure`
   * with the host's own words: `host-refused` (somebody moved the branch, it is protected, a permission is missing), `host-unreachable`, `host-gone`.
   */
  async push(branch: string, commit: ObjectId, options: { readonly expected: ObjectId | 'absent'; readonly credential: GitCredential }): Promise<void> {
    if (!isOurBranch(branch)) throw new IllegalEvent(`${JSON.stringify(branch.slice(0, 100))} is not a branch of ours: they begin with fixpoint/`)
    const { url, where, network } = this.#target
    const ref = `refs/heads/${branch}`
    const expected = options.expected === 'absent' ? '' : ObjectId.parse(options.expected)
    // The refs of the mirror as they are now: what the host has already is not sent.
    await this.#repository.resolve()
    await this.#repository.treeOf(commit)
    const end = await talk(await network(), {
      args: ['push', '--porcelain', '--no-verify', '--no-follow-tags', `--force-with-lease=${ref}:${expected}`, '--', url, `${ObjectId.parse(commit)}:${ref}`],
      directory: this.#repository.reader.directory,
      url,
      credential: options.credential,
      signal: NEVER,
    })
    const [flag, , summary = ''] =
      end.output
        .split('\n')
        .find((line) => line.includes(`:${ref}\t`))
        ?.split('\t') ?? []
    if (end.cut === undefined && flag !== undefined && flag !== '!' && end.exitCode === 0) return
    if (flag === '!' && /stale info|remote ref updated|fetch first|cannot lock ref|already exists/.test(summary)) {
      throw new HostFailure(
        'host-refused',
        `somebody moved ${branch} in ${where}${quoted(end.words)}`,
        'Look at the branch, and delete it or leave it to whoever works on it.',
      )
    }
    if (flag === '!') {
      const why = /\((.*)\)$/.exec(summary)?.[1] ?? summary
      throw new HostFailure(
        'host-refused',
        `${where} refused ${branch} (${why})${quoted(end.words)}`,
        'Its rules or the permissions of the app forbid this branch.',
      )
    }
    throw (
      failureOf(end, where, this.#repository.reader.directory) ??
      new HostFailure('host-unreachable', `${where} gave no clear answer${quoted(end.words)}`, 'It is tried again.')
    )
  }

  treeOf(commit: ObjectId): Promise<ObjectId> {
    return this.#repository.treeOf(commit)
  }

  /** Modes of files in a commit; a path that is not there is left out. */
  modesOf(commit: ObjectId, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return modesAt(this.#repository, commit, paths)
  }
}
