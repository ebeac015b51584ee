import { randomBytes } from 'node:crypto'

export interface WantedRegistration {
  readonly state: string
  readonly name: string
  /** Undefined: the app belongs to whoever registers it. */
  readonly organization: string | undefined
}

/** How a GitHub app is made for this service. No secret of the app passes through here. */
export interface GithubSetup {
  /** Why it cannot be made here (no public address), in words for the operator. */
  readonly hindrance: string | undefined
  /** The app that there is. One that was made since the service was started is used from its next start on. */
  app(): { readonly slug: string; readonly url: string; readonly inUse: boolean } | undefined
  /** Where on GitHub the browser's form goes, and what is in it. */
  registration(wanted: WantedRegistration): { readonly action: string; readonly manifest: object }
  /** What the app asks for, and why. */
  readonly permissions: readonly { readonly name: string; readonly access: string; readonly why: string }[]
  /** Exchanges the code that GitHub sent the browser back with, and keeps what it stands for where secrets are kept. Throws `Failure`. */
  create(code: string): Promise<{ readonly slug: string; readonly url: string }>
}

const LIFE_MS = 10 * 60_000
const MAXIMUM = 100

/** States that were given to sessions: each is good once, for its own session, for ten minutes. */
export class PendingStates {
  readonly #now: () => number
  readonly #pending = new Map<string, { readonly session: string; readonly until: number }>()

  /** `now`: milliseconds that only grow. */
  constructor(now: () => number) {
    this.#now = now
  }

  give(session: string): string {
    const state = randomBytes(24).toString('base64url')
    this.#pending.set(state, { session, until: this.#now() + LIFE_MS })
    if (this.#pending.size > MAXIMUM) for (const oldest of [...this.#pending.keys()].slice(0, 1)) this.#pending.delete(oldest)
    return state
  }

  take(state: string, session: string): boolean {
    const found = this.#pending.get(state)
    if (found?.session !== session) return false
    this.#pending.delete(state)
    return this.#now() < found.until
  }
}
