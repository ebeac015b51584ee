import { HostFailure, type RepositoryName } from '@fixpoint/core'
import { z } from 'zod'
import { type GitHubApi, type Rest, TWICE_IS_ONCE } from './github-api.ts'
import { membersUntold } from './host-failures.ts'
import { type Granted, type Looking, permissionsFor, type Use } from './needed-permissions.ts'
import { atOf } from './repository-place.ts'

const Installation = z.object({ id: z.number(), permissions: z.record(z.string(), z.string()), suspended_at: z.string().nullish() })
const Minted = z.object({ token: z.string(), expires_at: z.string() })

interface Installed {
  readonly id: number
  readonly permissions: Granted
  /** The repository's own number, where its name led there by a redirect. */
  readonly repositoryId: number | undefined
}
interface Wanted {
  readonly repositories?: string[]
  readonly repository_ids?: number[]
  readonly permissions: ReturnType<typeof permissionsFor> | { readonly members: 'read' }
}
interface Held {
  readonly token: string
  readonly until: number
}

/** A run that begins now has this long before its token has to be another one. */
const BEFORE_IT_EXPIRES_MS = 5 * 60_000
const MOST_REMEMBERED = 1000

/** Tokens of an app: each for one repository and for what it is used for, remembered until shortly before they expire. */
export class InstallationTokens {
  readonly #app: GitHubApi
  readonly #installed = new Map<RepositoryName, Promise<Installed>>()
  readonly #held = new Map<string, Promise<Held>>()
  /** All that are still good, for whoever has to keep them out of a text. */
  readonly #live = new Map<string, number>()

  constructor(app: GitHubApi) {
    this.#app = app
  }

  get live(): Iterable<string> {
    return this.#live.keys()
  }

  async token(name: RepositoryName, use: Use): Promise<string> {
    return this.#lasting(`${use} ${name}`, () => this.#mint(name, use))
  }

  async membersToken(organisation: string): Promise<string> {
    return this.#lasting(`members ${organisation}`, () => this.#mintForMembers(organisation))
  }

  async #lasting(key: string, mint: () => Promise<Held>): Promise<string> {
    const known = this.#held.get(key)
    const held = await known?.catch(() => undefined)
    if (held !== undefined && held.until > Date.now()) return held.token
    if (this.#held.get(key) === known) this.#held.delete(key)
    return (await remembered(this.#held, key, mint)).token
  }

  /** The host does not take this one any more, whatever it said of its time. */
  async renewed(name: RepositoryName, use: Use, refused: string): Promise<string> {
    const key = `${use} ${name}`
    const held = await this.#held.get(key)?.catch(() => undefined)
    if (held?.token === refused) this.#held.delete(key)
    return this.token(name, use)
  }

  /** Of whichever installation, for what is the same everywhere. */
  async anyToken(): Promise<string> {
    const [first] = await this.#app.ask(z.array(Installation), (rest) => rest.apps.listInstallations({ per_page: 1 }))
    if (first === undefined) throw new HostFailure('host-refused', 'the app is not installed anywhere', 'Install it on a repository first.')
    return this.tokenOf(first.id, { metadata: 'read' })
  }

  /** Of one installation with all its repositories. */
  async tokenOf(installation: number, permissions: Looking): Promise<string> {
    return (await this.#mintOnce(installation, { permissions })).token
  }

  async installation(name: RepositoryName): Promise<Installed> {
    return remembered(this.#installed, name, () => this.#find(name))
  }

  async #find(name: RepositoryName): Promise<Installed> {
    const found = await this.#app.unless([404], () => this.#app.askWhere(Installation, (rest) => rest.apps.getRepoInstallation({ ...atOf(name) })))
    if (found === undefined) throw new HostFailure('host-gone', `the app is not installed on ${name}`, 'Install it there, or check the name of the repository.')
    const { data, url } = found
    if (data.suspended_at) throw new HostFailure('host-refused', `the installation on ${name} is suspended`, 'Unsuspend it in the settings of the account.')
    const moved = /\/repositories\/(\d+)\//.exec(url)?.[1]
    return { id: data.id, permissions: data.permissions, repositoryId: moved === undefined ? undefined : Number(moved) }
  }

  async #mint(name: RepositoryName, use: Use): Promise<Held> {
    // Granted another thing, renamed, installed anew: what was remembered of the installation is asked for once more.
    const minted = await this.#app.unless([404, 422], () => this.#mintFor(name, use))
    if (minted !== undefined) return minted
    this.#installed.delete(name)
    return this.#mintFor(name, use)
  }

  async #mintFor(name: RepositoryName, use: Use): Promise<Held> {
    const { id, permissions, repositoryId } = await this.installation(name)
    const only = repositoryId === undefined ? { repositories: [atOf(name).repo] } : { repository_ids: [repositoryId] }
    return this.#mintOnce(id, { ...only, permissions: permissionsFor(use, permissions) })
  }

  async #mintForMembers(organisation: string): Promise<Held> {
    const found = await this.#app.find(Installation, (rest) => rest.apps.getOrgInstallation({ org: organisation }))
    if (found === undefined) throw new HostFailure('host-gone', `the app is not installed on ${organisation}`, 'Install it there, or name people by login.')
    const minted = await this.#app.unless([422], () => this.#mintOnce(found.id, { permissions: { members: 'read' } }))
    if (minted === undefined) throw membersUntold(organisation)
    return minted
  }

  async #mintOnce(installation: number, wanted: Wanted): Promise<Held> {
    // Nothing comes of a token whose reply is lost: asking again is harmless.
    const minted = (rest: Rest) => rest.apps.createInstallationAccessToken({ installation_id: installation, ...wanted, request: TWICE_IS_ONCE })
    const { token, expires_at } = await this.#app.ask(Minted, minted)
    const expires = Date.parse(expires_at)
    for (const [old, until] of this.#live) if (until < Date.now()) this.#live.delete(old)
    this.#live.set(token, expires)
    return { token, until: expires - BEFORE_IT_EXPIRES_MS }
  }
}

/** One question for all who ask at the same time; an answer that failed is not kept. */
async function remembered<K, T>(kept: Map<K, Promise<T>>, key: K, ask: () => Promise<T>): Promise<T> {
  const known = kept.get(key)
  if (known !== undefined) return known
  const asked = ask()
  kept.set(key, asked)
  const [oldest] = kept.keys()
  if (kept.size > MOST_REMEMBERED && oldest !== undefined) kept.delete(oldest)
  return asked.catch((error: unknown) => {
    if (kept.get(key) === asked) kept.delete(key)
    throw error
  })
}
