import type { Clock, Hash, Scope, Tokens } from '@fixpoint/core'
import type { FastifyRequest } from 'fastify'
import type { SignIn } from '../hands.ts'
import { TokenBuckets } from '../hooks/token-bucket.ts'
import { Refusal } from '../problem.ts'
import type { ServerSettings } from '../settings.ts'
import { AccountRights } from './account-rights.ts'
import { cookieValue, sessionCookie, sessionCookieName } from './cookie.ts'
import type { KnownHosts } from './hosts.ts'

/** Who asks. `id` is the token's or the session's. */
export interface Caller {
  readonly id: string
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly by: 'token' | 'session'
}

/** What we issue is longer than 20 characters and shorter than 200, of these; anything else is not looked up at all. */
const SECRET = /^[\w.~+/=-]{20,200}$/
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])
/** Hashes of secrets that opened something: whoever holds one is not kept out because somebody else guesses from the same address. */
const REMEMBERED = 1000

const unauthenticated = (more: Readonly<Record<string, string>> = {}) =>
  new Refusal(401, 'Not logged in', {
    hint: 'Send an API token as `Authorization: Bearer …`, or log in with the link that `fixpoint serve` prints.',
    headers: { 'www-authenticate': 'Bearer', ...more },
  })

/** Finds out who asks: by API token, or by session cookie. A cookie is sent by the browser whoever's page it is, so its origin has to be ours. */
export class Gate {
  readonly #tokens: Tokens
  readonly #hash: Hash
  readonly #hosts: KnownHosts
  readonly #cookie: string
  readonly #secure: boolean
  readonly #failures: TokenBuckets
  readonly #known = new Set<string>()
  readonly #rights: AccountRights

  constructor(hands: { tokens: Tokens; hash: Hash; clock: Clock; signIn?: SignIn | undefined }, settings: ServerSettings, hosts: KnownHosts) {
    this.#tokens = hands.tokens
    this.#hash = hands.hash
    this.#hosts = hosts
    this.#cookie = sessionCookieName(settings.behindTlsProxy)
    this.#secure = settings.behindTlsProxy
    this.#failures = new TokenBuckets(settings.access.failures, () => hands.clock.monotonic())
    this.#rights = new AccountRights(hands.signIn, hands.clock)
  }

  /** Throws a 401, 403 or 429. */
  async caller(request: FastifyRequest, scope: Scope | 'any'): Promise<Caller> {
    const caller = await this.#identify(request)
    if (caller === undefined) throw unauthenticated(this.#forgetting(request))
    if (scope === 'any' || caller.scopes.includes(scope)) return caller
    throw new Refusal(403, 'Not allowed', {
      detail: `This needs the scope \`${scope}\`.`,
      hint: 'Use a token with that scope; somebody with the scope `admin` can issue one.',
    })
  }

  /** Counts a wrong secret against an address. Throws a 429 when there were too many; ask before looking anything up. */
  admit(address: string): void {
    const wait = this.#failures.wait(address)
    if (wait > 0) throw new Refusal(429, 'Too many wrong tokens', { headers: { 'retry-after': String(wait) } })
  }

  failed(address: string): void {
    this.#failures.take(address)
  }

  /** A browser whose session has ended drops its cookie, instead of showing it again and again like somebody who guesses. */
  #forgetting(request: FastifyRequest): Record<string, string> {
    const ended = request.headers.authorization === undefined && cookieValue(request.headers.cookie, this.#cookie) !== undefined
    return ended ? { 'set-cookie': sessionCookie('', 0, this.#secure) } : {}
  }

  async #identify(request: FastifyRequest): Promise<Caller | undefined> {
    const bearer = /^Bearer ([^ ]+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (bearer !== undefined) return this.#opened(bearer, request.ip, async () => named(await this.#tokens.apiToken(bearer), 'token'))
    const cookie = cookieValue(request.headers.cookie, this.#cookie)
    if (cookie === undefined) return undefined
    this.#refuseForeignPages(request)
    return this.#opened(cookie, request.ip, () => this.#inSession(cookie))
  }

  async #inSession(secret: string): Promise<Caller | undefined> {
    const session = await this.#tokens.session(secret)
    if (session?.account === undefined) return named(session, 'session')
    return named({ ...session, scopes: await this.#rights.of(session.account, session) }, 'session')
  }

  async #opened(secret: string, address: string, look: () => Promise<Caller | undefined>): Promise<Caller | undefined> {
    const digest = this.#hash(secret)
    if (!this.#known.has(digest)) this.admit(address)
    const caller = SECRET.test(secret) ? await look() : undefined
    if (caller === undefined) {
      this.#known.delete(digest)
      this.failed(address)
      return undefined
    }
    this.#known.add(digest)
    if (this.#known.size > REMEMBERED) for (const oldest of [...this.#known].slice(0, 1)) this.#known.delete(oldest)
    return caller
  }

  #refuseForeignPages(request: FastifyRequest): void {
    const { origin, host } = request.headers
    const site = request.headers['sec-fetch-site']
    const ours = origin === undefined ? SAFE.has(request.method) : this.#hosts.isOwn(origin, host)
    const navigated = site === undefined || site === 'same-origin' || (site === 'none' && SAFE.has(request.method))
    if (!ours || !navigated) throw new Refusal(403, 'A page of another site asked for this', { hint: 'Use an API token outside the dashboard.' })
  }
}

function named(found: { id: string; name: string; scopes: readonly Scope[] } | undefined, by: Caller['by']): Caller | undefined {
  return found === undefined ? undefined : { id: found.id, name: found.name, scopes: found.scopes, by }
}
