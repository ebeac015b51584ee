import { HostFailure } from '@fixpoint/core'
import { z } from 'zod'
import { type Fetch, guardedFetch } from './guarded-fetch.ts'
import { membersUntold } from './host-failures.ts'
import { Stop } from './stop.ts'
import { webAddresses } from './web-addresses.ts'

export interface SignInOptions {
  /** Of the GitHub App. */
  readonly clientId: string
  readonly clientSecret: string
  /** Of an Enterprise server: `https://host/api/v3`. */
  readonly baseUrl?: string | undefined
  readonly fetch?: Fetch | undefined
  /** With which is asked who belongs to an organisation when the person is not there to be asked. */
  readonly membersToken: (organisation: string) => Promise<string>
}

/** What the browser came back with, and what only we and that browser know. */
export interface SignInAnswer {
  readonly code: string
  readonly verifier: string
  readonly redirectUrl: string
}

/** Somebody whom GitHub knows. Asks GitHub anew each time. */
export interface SignedIn {
  readonly login: string
  /** `acme/*`: in the organisation; `acme/platform`: in the team. */
  belongsTo(group: string): Promise<boolean>
}

const Granted = z.object({ access_token: z.string() })
const User = z.object({ login: z.string() })
const Membership = z.object({ state: z.string() })
const ANSWER_MS = 15_000

/** The web flow of a GitHub App, with PKCE. A person's token is used at once to ask who they are, and kept nowhere. */
export class GitHubSignIn {
  /** `github.com`, or the host of an Enterprise server. */
  readonly host: string
  readonly #options: SignInOptions
  readonly #addresses: ReturnType<typeof webAddresses>

  constructor(options: SignInOptions) {
    this.#options = options
    this.#addresses = webAddresses(options.baseUrl)
    this.host = new URL(this.#addresses.web).host
  }

  /** Where the browser goes. `challenge`: of the verifier, by SHA-256. */
  page({ redirectUrl, state, challenge }: { readonly redirectUrl: string; readonly state: string; readonly challenge: string }): string {
    const query = { client_id: this.#options.clientId, redirect_uri: redirectUrl, state, code_challenge: challenge, code_challenge_method: 'S256' }
    return `${this.#addresses.web}/login/oauth/authorize?${new URLSearchParams({ ...query, allow_signup: 'false' })}`
  }

  /** Undefined: GitHub does not take the code. Throws `HostFailure`. */
  async person({ code, verifier, redirectUrl }: SignInAnswer): Promise<SignedIn | undefined> {
    const { clientId: client_id, clientSecret: client_secret } = this.#options
    const response = await this.#ask(`${this.#addresses.web}/login/oauth/access_token`, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({ client_id, client_secret, code, redirect_uri: redirectUrl, code_verifier: verifier }),
    })
    // A code that is wrong is answered with 200 and an error.
    const granted = Granted.safeParse(await json(response))
    if (!granted.success) return undefined
    const token = granted.data.access_token
    const user = User.safeParse(await json(await this.#get('/user', token)))
    if (!user.success) throw notUnderstood(this.host)
    const { login } = user.data
    return { login, belongsTo: (group) => this.#isIn(group, login, token) }
  }

  /** Somebody who signed in before. Asking throws `HostFailure`. */
  member(login: string): SignedIn {
    return { login, belongsTo: async (group) => this.#isIn(group, login, await this.#options.membersToken(organisationOf(group))) }
  }

  async #isIn(group: string, login: string, token: string): Promise<boolean> {
    const [organisation = '', team = ''] = group.split('/').map(encodeURIComponent)
    const path = team === '*' ? `/orgs/${organisation}/members/${login}` : `/orgs/${organisation}/teams/${team}/memberships/${login}`
    const response = await this.#get(path, token)
    if (response.status === 204) return true
    if (response.status === 404) return false
    if (response.status === 403) throw membersUntold(group)
    const membership = Membership.safeParse(await json(response))
    if (response.status === 200 && membership.success) return membership.data.state === 'active'
    throw notUnderstood(this.host)
  }

  #get(path: string, token: string): Promise<Response> {
    const headers = { accept: 'application/vnd.github+json', authorization: `Bearer ${token}`, 'x-github-api-version': '2022-11-28' }
    return this.#ask(`${this.#addresses.api}${path}`, { headers })
  }

  async #ask(url: string, init: RequestInit): Promise<Response> {
    const { fetch = globalThis.fetch } = this.#options
    const guarded = guardedFetch({ fetch, origin: new URL(url).origin, timeoutMs: ANSWER_MS, stop: new Stop(new AbortController().signal) })
    return guarded(url, { ...init, headers: { ...init.headers, 'user-agent': 'fixpoint' } }).catch((cause: unknown) => {
      throw new HostFailure('host-unreachable', `${this.host} cannot be reached`, 'Try again in a while; fixpoint doctor looks at the way there.', { cause })
    })
  }
}

function organisationOf(group: string): string {
  return group.split('/')[0] ?? ''
}

async function json(response: Response): Promise<unknown> {
  return response.json().catch(() => undefined)
}

function notUnderstood(host: string): HostFailure {
  return new HostFailure('host-refused', `${host} answers what is not understood`, 'Try again; if it stays so, sign in by a link: fixpoint login.')
}
