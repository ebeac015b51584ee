import { createPrivateKey } from 'node:crypto'
import { Failure, type RepositoryName } from '@fixpoint/core'
import { createAppAuth } from '@octokit/auth-app'
import { z } from 'zod'
import type { GitCredential } from './branch-pusher.ts'
import { withEntityTags } from './entity-tags.ts'
import { type ApiOptions, GitHubApi } from './github-api.ts'
import { type Fetch, guardedFetch } from './guarded-fetch.ts'
import { InstallationTokens } from './installation-tokens.ts'
import type { Looking, Use } from './needed-permissions.ts'
import { PACE, type Pace, queuesOf, signQueuesOf } from './pace.ts'
import { atOf } from './repository-place.ts'
import { scrubbed } from './secrets.ts'
import { Stop } from './stop.ts'
import { type TokenSource, tokenStrategy } from './token-strategy.ts'
import { gitUrl, type WebAddresses, webAddresses } from './web-addresses.ts'

export type GitHubCredentials =
  /** `id` is the app's number or its client id; `webhookSecret` signs deliveries that are fetched because they were missed. */
  | { readonly kind: 'app'; readonly id: string; readonly privateKey: string; readonly webhookSecret?: string | undefined }
  | { readonly kind: 'personal-token'; readonly token: string }

export interface GitHubOptions {
  readonly credentials: GitHubCredentials
  /** Of GitHub Enterprise: `https://ghe.example/api/v3`. Its certificate authority is one that this process trusts (`NODE_EXTRA_CA_CERTS`). */
  readonly baseUrl?: string | undefined
  readonly fetch?: Fetch
  readonly pace?: Partial<Pace>
  /** Ends what is waited for. */
  readonly stop?: AbortSignal
}

/** Who we are on a GitHub. */
export interface Ourselves {
  readonly login: string
  readonly id: number
  readonly slug: string
  /** Of our commits. */
  readonly identity: { readonly name: string; readonly email: string }
}

const App = z.object({ slug: z.string() })
const User = z.object({ id: z.number(), login: z.string() })
const LOG_END = 64 * 1024

/** Fixpoint on one GitHub: an app, or a person's token where there is none. Credentials stay in here: they come out in `credentialFor`, for git. */
export class GitHubApp {
  readonly credentials: GitHubCredentials
  readonly addresses: WebAddresses
  readonly #common: Omit<ApiOptions, 'owner' | 'identity'>
  readonly #ends: Fetch
  readonly #signQueues: ApiOptions['queues']
  readonly #tokens: InstallationTokens | undefined
  /** The app itself: its installations, its deliveries. With a personal token, that person. */
  readonly itself: GitHubApi

  constructor({ credentials, baseUrl, fetch = globalThis.fetch, pace: wanted = {}, stop: signal = new AbortController().signal }: GitHubOptions) {
    const pace = { ...PACE, ...wanted }
    const stop = new Stop(signal)
    this.credentials = credentials
    this.addresses = webAddresses(baseUrl)
    const guard = { fetch, origin: new URL(this.addresses.api).origin, timeoutMs: pace.timeout, stop }
    this.#ends = guardedFetch({ ...guard, keep: { end: LOG_END } })
    const scrub = (text: string) => scrubbed(text, this.#secrets())
    this.#common = { baseUrl: this.addresses.api, fetch: withEntityTags(guardedFetch(guard)), pace, queues: queuesOf(pace), stop, scrub }
    this.#signQueues = signQueuesOf(pace)
    this.itself = new GitHubApi({ ...this.#common, owner: 'itself', identity: identityOf(credentials) })
    this.#tokens = credentials.kind === 'app' ? new InstallationTokens(this.itself) : undefined
  }

  /** The API as far as one repository goes. */
  on(name: RepositoryName, use: Use): GitHubApi {
    return this.#api(name, use)
  }

  /** The same for signs that people wait for: before whatever else waits to be written. */
  signsOn(name: RepositoryName): GitHubApi {
    return this.#api(name, 'write', { queues: this.#signQueues })
  }

  /** The same for what is long and whose end is wanted: logs. */
  endsOn(name: RepositoryName, use: Use): GitHubApi {
    return this.#api(name, use, { fetch: this.#ends })
  }

  /** One installation of the app, for a look at all its repositories: a token lasts that long. */
  inside(installation: number, permissions: Looking): GitHubApi {
    const tokens = this.#appTokens()
    let token: Promise<string> | undefined
    const once = () => {
      token ??= tokens.tokenOf(installation, permissions)
      return token
    }
    return new GitHubApi({ ...this.#common, owner: 'anybody', identity: tokenStrategy({ token: once }) })
  }

  /** For git over HTTPS. Good for a while: ask for every fetch and every push. */
  async credentialFor(name: RepositoryName, use: Use): Promise<GitCredential> {
    return { username: 'x-access-token', password: await this.#sourceFor(name, use).token() }
  }

  /** Tells who belongs to an organisation and its teams, and nothing else. A person's token may be refused that. */
  async membersToken(organisation: string): Promise<string> {
    return this.credentials.kind === 'personal-token' ? this.credentials.token : this.#appTokens().membersToken(organisation)
  }

  gitUrl(name: RepositoryName): string {
    return gitUrl(this.addresses, name)
  }

  async whoAmI(): Promise<Ourselves> {
    if (this.credentials.kind === 'personal-token') {
      const { id, login } = await this.itself.ask(User, (rest) => rest.users.getAuthenticated())
      return { login, id, slug: login, identity: { name: `fixpoint for ${login}`, email: this.#emailOf(id, login) } }
    }
    const { slug } = await this.itself.ask(App, (rest) => rest.apps.getAuthenticated())
    const login = `${slug}[bot]`
    const { id } = await this.#userNamed(login)
    return { login, id, slug, identity: { name: login, email: this.#emailOf(id, login) } }
  }

  /** An app itself may not ask for users; anybody may, but not where a GitHub Enterprise is closed to strangers: there one of its installations can. */
  async #userNamed(username: string): Promise<z.infer<typeof User>> {
    const anybody = new GitHubApi({ ...this.#common, owner: 'anybody' })
    const found = await anybody.unless([401, 403, 404], () => anybody.ask(User, (rest) => rest.users.getByUsername({ username })))
    if (found !== undefined) return found
    const tokens = this.#appTokens()
    const installed = new GitHubApi({ ...this.#common, owner: 'anybody', identity: tokenStrategy({ token: () => tokens.anyToken() }) })
    return installed.ask(User, (rest) => rest.users.getByUsername({ username }))
  }

  #emailOf(id: number, login: string): string {
    return `${id}+${login}@users.noreply.${new URL(this.addresses.web).hostname}`
  }

  #api(name: RepositoryName, use: Use, other: Partial<Pick<ApiOptions, 'fetch' | 'queues'>> = {}): GitHubApi {
    return new GitHubApi({ ...this.#common, ...other, owner: atOf(name).owner, identity: tokenStrategy(this.#sourceFor(name, use)) })
  }

  #sourceFor(name: RepositoryName, use: Use): TokenSource {
    const { credentials } = this
    if (credentials.kind === 'personal-token') return { token: async () => credentials.token }
    const tokens = this.#appTokens()
    return { token: () => tokens.token(name, use), renewed: (refused) => tokens.renewed(name, use, refused) }
  }

  #appTokens(): InstallationTokens {
    if (this.#tokens === undefined) throw new Error('an app has tokens')
    return this.#tokens
  }

  *#secrets(): Iterable<string> {
    if (this.credentials.kind === 'personal-token') yield this.credentials.token
    else if (this.credentials.webhookSecret) yield this.credentials.webhookSecret
    yield* this.#tokens?.live ?? []
  }
}

function identityOf(credentials: GitHubCredentials): NonNullable<ApiOptions['identity']> {
  if (credentials.kind === 'personal-token') return { auth: credentials.token }
  // People keep keys in variables, on one line.
  const privateKey = credentials.privateKey.replaceAll('\\n', '\n')
  try {
    createPrivateKey(privateKey)
  } catch {
    throw new Failure(
      'settings-invalid',
      'the private key of the GitHub App cannot be read',
      'Give the whole .pem file that GitHub made, BEGIN and END lines included.',
    )
  }
  return { authStrategy: createAppAuth, auth: { appId: credentials.id, privateKey } }
}
