import { rm } from 'node:fs/promises'
import { HostFailure, type ObjectId } from '@fixpoint/core'
import { unreadable } from '../git-folder.ts'
import { GitRepository, type GitRepositoryOptions } from '../git-repository.ts'
import { BranchPusher } from './branch-pusher.ts'
import { DamagedMirror, Fetching, type FetchingOptions, type MirrorLimits } from './fetching.ts'
import { lockFile } from './folder-lock.ts'
import { isMirror, makeMirror, replaceMirror } from './mirror-folder.ts'
import type { NetworkOptions } from './network-git.ts'
import type { Remote } from './remote.ts'

export interface MirrorParts {
  readonly remote: Remote
  readonly folder: string
  /** What it is called in messages. */
  readonly where: string
  readonly limits: MirrorLimits
  readonly network: () => Promise<NetworkOptions>
  /** Two that want the same at the same time get one. */
  readonly once: (key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<ObjectId>) => Promise<ObjectId>
}

export interface FetchOptions {
  readonly signal: AbortSignal
  readonly note?: (message: string) => void
  /** Commits, tags and branches that are wanted besides the tip of the default branch. What the host does not have stays away. */
  readonly revisions?: readonly string[]
}

/** What a commit, a tag or a branch can be called; anything else is not asked for. */
const NAME = /^(?!.*(?:\.\.|\/\/|@\{|\/\.|\.lock(?:\/|$)|[./]$))[A-Za-z0-9][A-Za-z0-9._/+@-]{0,199}$/

/**
 * A repository of a code host on our disk: a cache, in a bare git directory that we made ourselves. The default branch with some history, the tags
 * in it, and whatever was named. What is damaged is thrown away and fetched again, once.
 */
export class GitMirror {
  readonly #parts: MirrorParts

  constructor(parts: MirrorParts) {
    this.#parts = parts
  }

  /** Brings it up to date, and answers with the tip of the default branch. */
  fetch({ signal, note = () => undefined, revisions = [] }: FetchOptions): Promise<ObjectId> {
    const { folder, remote, where, limits, network, once } = this.#parts
    const wanted = [...new Set(revisions)].filter((revision) => NAME.test(revision)).sort()
    return once(wanted.join(' '), signal, async (shared) => {
      await using _ = await lockFile(`${folder}.lock`, shared)
      const options = { remote, where, limits, network: await network(), signal: shared, note }
      const tip = await this.#current(options)
      for (const revision of wanted) await new Fetching(folder, options).named(revision)
      return tip
    })
  }

  /** As it was last fetched; nothing is asked of the host. */
  async open(options: GitRepositoryOptions = {}): Promise<GitRepository> {
    const { folder, where, network } = this.#parts
    if (!(await isMirror(folder))) throw unreadable(`${where} was not fetched yet`, 'Fetch it first.')
    const { path } = await network()
    return GitRepository.openMirror(folder, { ...(path && { path }), ...options })
  }

  /** Sends commits of a repository that `open` gave. */
  pusher(repository: GitRepository): BranchPusher {
    const { remote, where, network } = this.#parts
    return new BranchPusher(repository, { url: remote.url, where, network })
  }

  /** Throws the cache away. */
  async discard(): Promise<void> {
    await rm(this.#parts.folder, { recursive: true, force: true })
  }

  async #current(options: FetchingOptions): Promise<ObjectId> {
    const { folder } = this.#parts
    const here = new Fetching(folder, options)
    if (await isMirror(folder)) {
      try {
        return await here.update()
      } catch (error) {
        if (!(error instanceof DamagedMirror || isTooLarge(error))) throw error
        options.note(`${error.message}: fetched anew`)
      }
    }
    const tip = await this.#anew(options)
    if (options.limits.depth <= 1) return tip
    try {
      return await here.withHistory()
    } catch (error) {
      if (!(error instanceof HostFailure)) throw error
      options.note(`${options.where} is used without its history: ${error.message}`)
      return isTooLarge(error) ? this.#anew(options) : tip
    }
  }

  /** The tip alone, put in the place of what is there when it is whole. */
  async #anew(options: FetchingOptions): Promise<ObjectId> {
    const { folder } = this.#parts
    const next = `${folder}.new`
    try {
      await makeMirror(next)
      const tip = await new Fetching(next, options).tipOnly()
      await replaceMirror(folder, next)
      return tip
    } finally {
      await rm(next, { recursive: true, force: true })
    }
  }
}

function isTooLarge(error: unknown): error is HostFailure {
  return error instanceof HostFailure && error.code === 'repository-too-large'
}
