import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import type { ObjectId } from '@fixpoint/core'
import type { MirrorLimits } from './fetching.ts'
import { GitMirror } from './git-mirror.ts'
import type { NetworkOptions } from './network-git.ts'
import { placeOf, type Remote } from './remote.ts'

export interface GitMirrorsOptions extends Pick<NetworkOptions, 'path' | 'proxy'> {
  /** Mirrors lie in it as `<host>/<owner>/<name>.git`. */
  readonly folder: string
  /** PEM of authorities that are trusted besides the public ones. */
  readonly certificateAuthorities?: string
  readonly limits?: Partial<MirrorLimits>
}

const LIMITS: MirrorLimits = { bytes: 2 * 1024 ** 3, seconds: 600, idleSeconds: 60, depth: 500, tags: 5000 }

/** A fetch on its way, and how many wait for it. */
interface Fetching {
  readonly tip: Promise<ObjectId>
  readonly stop: AbortController
  waiting: number
}

/** The mirrors of one process. Two that want the same fetch get one. */
export class GitMirrors {
  readonly #options: GitMirrorsOptions
  readonly #fetching = new Map<string, Fetching>()

  constructor(options: GitMirrorsOptions) {
    this.#options = options
  }

  of(remote: Remote): GitMirror {
    const { folder } = this.#options
    const limits = { ...LIMITS, ...this.#options.limits }
    const now = placeOf(remote.url)
    const place = remote.keptAs === undefined ? now : placeOf(remote.keptAs)
    return new GitMirror({
      ...{ remote, limits, folder: join(folder, place), where: place.slice(0, -'.git'.length) },
      network: () => this.#network(limits),
      once: (key, signal, work) => this.#once(`${place} ${key}`, signal, work),
    })
  }

  async #network({ seconds, idleSeconds }: MirrorLimits): Promise<NetworkOptions> {
    const { path, proxy, certificateAuthorities } = this.#options
    const authorities = certificateAuthorities === undefined ? undefined : await this.#authorities(certificateAuthorities)
    return { seconds, idleSeconds, ...(path && { path }), ...(proxy && { proxy }), ...(authorities && { authorities }) }
  }

  /** Git takes one file, in place of its own: the public authorities have to be in it. */
  async #authorities(besides: string): Promise<string> {
    const file = join(this.#options.folder, 'authorities.pem')
    await mkdir(this.#options.folder, { recursive: true, mode: 0o700 })
    await writeFile(file, `${[...rootCertificates, besides.trim()].join('\n')}\n`)
    return file
  }

  /** Joins the work that goes on under a key. It is stopped when nobody waits for it any more. */
  async #once(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<ObjectId>): Promise<ObjectId> {
    signal.throwIfAborted()
    const fetching = this.#fetching.get(key) ?? this.#begin(key, work)
    fetching.waiting += 1
    let leave = (): void => undefined
    const left = new Promise<never>((_, reject) => {
      leave = () => reject(signal.reason)
      signal.addEventListener('abort', leave, { once: true })
    })
    try {
      return await Promise.race([fetching.tip, left])
    } finally {
      signal.removeEventListener('abort', leave)
      fetching.waiting -= 1
      if (fetching.waiting === 0) {
        this.#fetching.delete(key)
        fetching.stop.abort()
      }
    }
  }

  #begin(key: string, work: (signal: AbortSignal) => Promise<ObjectId>): Fetching {
    const stop = new AbortController()
    const tip = work(stop.signal)
    // Whoever waits hears of it; when all have left, nobody has to.
    tip.catch(() => undefined)
    const fetching = { tip, stop, waiting: 0 }
    this.#fetching.set(key, fetching)
    return fetching
  }
}
