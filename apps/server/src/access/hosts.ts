import { isLoopback } from '../bind-refusal.ts'

/** `name`, `name:port`, `[::1]:port` in lower case → name. Undefined for what is no host at all. */
function nameOf(host: string): string | undefined {
  const parsed = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/.exec(host.toLowerCase())
  return parsed?.[1]
}

/**
 * The names by which this server may be called. A page elsewhere that points its own name at 127.0.0.1 (DNS rebinding) speaks to us
 * under that name, and is refused.
 */
export class KnownHosts {
  readonly #hosts: ReadonlySet<string>

  constructor(hosts: readonly string[]) {
    this.#hosts = new Set(hosts.map((host) => host.toLowerCase()))
  }

  knows(host: string | undefined): boolean {
    const name = host === undefined ? undefined : nameOf(host)
    if (host === undefined || name === undefined) return false
    return isLoopback(name) || this.#hosts.has(name) || this.#hosts.has(host.toLowerCase())
  }

  /** Whether a page of `origin` is ours: a known name, and the very host that the request was sent to. */
  isOwn(origin: string, host: string | undefined): boolean {
    const parsed = /^https?:\/\/([^/@?#\\]+)$/i.exec(origin)
    const from = parsed?.[1]?.toLowerCase()
    return from !== undefined && from === host?.toLowerCase() && this.knows(from)
  }
}
