import type { Access } from './access.ts'
import { Denial } from './denial.ts'
import type { World } from './world.ts'

interface Window {
  used: number
  resetsAt: number
}

const HOUR_MS = 3_600_000

/** GitHub's primary limit: so many requests an hour for each token's owner. */
export class RateLimits {
  readonly #world: World
  readonly #windows = new Map<string, Window>()
  limit: number

  constructor(world: World, limit: number) {
    this.#world = world
    this.limit = limit
  }

  #window(access: Access): Window {
    const key = ownerOf(access)
    const known = this.#windows.get(key)
    if (known !== undefined && known.resetsAt > this.#world.nowMs()) return known
    const fresh = { used: 0, resetsAt: this.#world.nowMs() + HOUR_MS }
    this.#windows.set(key, fresh)
    return fresh
  }

  /** Before the request is served. */
  admit(access: Access): void {
    const window = this.#window(access)
    if (window.used < this.limit) return
    throw new Denial(403, `API rate limit exceeded for ${ownerOf(access)}.`, { headers: this.headers(access) })
  }

  count(access: Access): void {
    this.#window(access).used += 1
  }

  standing(access: Access) {
    const { used, resetsAt } = this.#window(access)
    return { limit: this.limit, remaining: Math.max(0, this.limit - used), reset: Math.ceil(resetsAt / 1000), used }
  }

  headers(access: Access): Record<string, string> {
    const { limit, remaining, reset, used } = this.standing(access)
    return {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(remaining),
      'x-ratelimit-reset': String(reset),
      'x-ratelimit-used': String(used),
      'x-ratelimit-resource': 'core',
    }
  }
}

function ownerOf(access: Access): string {
  switch (access.kind) {
    case 'anonymous':
      return '127.0.0.1'
    case 'app':
      return `app ID ${access.app.id}`
    case 'installation':
      return `installation ID ${access.token.installation.id}`
    case 'personal':
      return `user ID ${access.token.account.id}`
  }
}
