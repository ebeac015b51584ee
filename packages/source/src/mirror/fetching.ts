import { Failure, HostFailure, ObjectId } from '@fixpoint/core'
import { ownEnvironment, SEARCH_PATH } from '../own-git.ts'
import { quoted } from './host-answers.ts'
import { configure, objectBytes, packCount, sweep, TIP } from './mirror-folder.ts'
import { failureOf, type NetworkOptions, talk } from './network-git.ts'
import type { Remote } from './remote.ts'
import { type GitEnd, runGit } from './running-git.ts'

export interface MirrorLimits {
  /** Of all objects of a mirror together. */
  readonly bytes: number
  readonly seconds: number
  /** For so long nothing may come before a connection counts as dead. */
  readonly idleSeconds: number
  /** Commits behind the tip of the default branch. */
  readonly depth: number
  /** Of a repository with more of them, no tag is kept that nobody named. */
  readonly tags: number
}

export interface FetchingOptions {
  readonly remote: Remote
  /** What it is called in messages. */
  readonly where: string
  readonly limits: MirrorLimits
  readonly network: NetworkOptions
  readonly signal: AbortSignal
  readonly note: (message: string) => void
}

/** Nothing is wrong with the host: what lies on our disk cannot be used. */
export class DamagedMirror extends Failure {
  constructor(where: string, words: string) {
    super('repository-unreadable', `the copy of ${where} is damaged${quoted(words)}`, 'It is fetched again; check the disk if this goes on.')
  }
}

const FETCH = ['--force', '--no-write-fetch-head', '--no-auto-maintenance', '--no-recurse-submodules', '--no-show-forced-updates', '--progress']
const MOST_PACKS = 40
/** What the whole history of one named commit may take, before it is taken without. */
const LINEAGE_BYTES = 64 * 1024 ** 2

/** Fetches into one git directory of ours. */
export class Fetching {
  readonly #folder: string
  readonly #options: FetchingOptions

  constructor(folder: string, options: FetchingOptions) {
    this.#folder = folder
    this.#options = options
  }

  /** The tip of the default branch alone: what nobody can do without. */
  async tipOnly(): Promise<ObjectId> {
    this.#options.note(`fetching ${this.#options.where}`)
    return this.#tip('--depth=1', '--no-tags')
  }

  async withHistory(): Promise<ObjectId> {
    return this.#tip(`--depth=${this.#options.limits.depth}`, ...(await this.#tags()))
  }

  /** What came since the last time. */
  async update(): Promise<ObjectId> {
    await configure(this.#folder)
    if ((await packCount(this.#folder)) > MOST_PACKS) await this.#here(['repack', '-a', '-d', '-k', '-q'])
    return this.#tip(...(await this.#tags()))
  }

  /** A commit, a tag or a branch; what the host does not have stays away. */
  async named(revision: string): Promise<void> {
    if (!ObjectId.safeParse(revision).success) {
      for (const ref of [`refs/tags/${revision}`, `refs/heads/${revision}`]) if (await this.#fetched(await this.#fetch(['--no-tags'], `+${ref}:${ref}`))) return
      return
    }
    if ((await this.#here(['cat-file', '-e', `${revision}^{commit}`])).exitCode === 0) return
    const refspec = `+${revision}:refs/named/${revision}`
    const end = await this.#fetch(['--no-tags'], refspec, LINEAGE_BYTES)
    // A depth of two could cut the history of the default branch short, where it is the parent.
    await this.#fetched(end.cut === undefined ? end : await this.#fetch(['--no-tags', '--depth=1'], refspec))
  }

  async #tip(...args: readonly string[]): Promise<ObjectId> {
    const end = await this.#fetch(args, `+HEAD:${TIP}`)
    const { where, limits } = this.#options
    // It may have come faster than anybody looked.
    if (end.exitCode === 0 && (await objectBytes(this.#folder)) > limits.bytes) throw tooLarge(where, limits.bytes)
    if (end.exitCode === 0) return this.#checkedTip()
    if (/couldn't find remote ref HEAD/.test(end.words))
      throw new HostFailure('host-gone', `${where} has no commits`, 'Push something to its default branch first.')
    throw this.#failureOf(end) ?? new DamagedMirror(where, end.words)
  }

  /** What is missing here would be missed later, by somebody who cannot fetch. */
  async #checkedTip(): Promise<ObjectId> {
    const whole = await this.#here(['rev-list', '--objects', '--no-walk', '--quiet', TIP])
    const { output } = await this.#here(['rev-parse', '--verify', '--quiet', TIP])
    const tip = ObjectId.safeParse(output.trim())
    if (whole.exitCode !== 0 || !tip.success) throw new DamagedMirror(this.#options.where, whole.words)
    return tip.data
  }

  /** Tags of the history come along, unless there are so many that they are a burden, or a bomb. */
  async #tags(): Promise<readonly string[]> {
    const { limits, where, note } = this.#options
    const end = await this.#talk({ args: ['ls-remote', '--tags', '--refs', '--', this.#options.remote.url], mostLines: limits.tags })
    if (end.cut === 'lines') {
      note(`${where} has more than ${limits.tags} tags: none is kept`)
      return ['--no-tags']
    }
    if (end.exitCode === 0) return []
    throw this.#failureOf(end) ?? new DamagedMirror(where, end.words)
  }

  async #fetched(end: GitEnd): Promise<boolean> {
    if (end.exitCode === 0) return true
    const failure = this.#failureOf(end)
    if (failure !== undefined) throw failure
    return false
  }

  async #fetch(args: readonly string[], refspec: string, more = Number.POSITIVE_INFINITY): Promise<GitEnd> {
    const most = Math.min(this.#options.limits.bytes, (await objectBytes(this.#folder)) + more)
    let whole = false
    try {
      const watch = async (): Promise<boolean> => (await objectBytes(this.#folder)) > most
      const end = await this.#talk({ args: ['fetch', ...FETCH, ...args, '--', this.#options.remote.url, refspec], watch, heard: progress(this.#options.note) })
      whole = end.exitCode === 0
      return end
    } finally {
      if (!whole) await sweep(this.#folder)
    }
  }

  #failureOf(end: GitEnd): Failure | undefined {
    const { where, limits } = this.#options
    return end.cut === 'watch' ? tooLarge(where, limits.bytes) : failureOf(end, where, this.#folder)
  }

  async #talk(run: Pick<Parameters<typeof talk>[1], 'args' | 'watch' | 'heard' | 'mostLines'>): Promise<GitEnd> {
    const { remote, network, signal } = this.#options
    return talk(network, { ...run, directory: this.#folder, url: remote.url, credential: await remote.credential(), signal })
  }

  #here(args: readonly string[]): Promise<GitEnd> {
    const { network, signal } = this.#options
    const environment = ownEnvironment(this.#folder, network.path ?? SEARCH_PATH)
    return runGit({ args, directory: this.#folder, environment, signal, seconds: network.seconds })
  }
}

function tooLarge(where: string, bytes: number): HostFailure {
  const message = `${where} takes more than ${Math.round(bytes / 1024 ** 2)} MB`
  return new HostFailure('repository-too-large', message, 'Raise the limit for clones, or leave this repository out.')
}

/** Every tenth percent of what is received. */
function progress(note: (message: string) => void): (line: string) => void {
  let told = 0
  return (line) => {
    const percent = Number(/^Receiving objects:\s+(\d+)%/.exec(line)?.[1] ?? 0)
    if (percent < told + 10) return
    told = percent
    note(`received ${percent} %`)
  }
}
