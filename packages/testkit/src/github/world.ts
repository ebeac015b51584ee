import { createHash } from 'node:crypto'
import { Denial } from './denial.ts'
import type { Account, App, Installation, Repository, Role, Token } from './records.ts'

/** Something that happened, which GitHub tells the apps that listen. */
export interface Announcement {
  readonly event: string
  readonly action?: string
  readonly sender: Account
  readonly repository?: Repository
  /** Whom it is told, where it is about an installation and not about a repository. */
  readonly installation?: Installation
  readonly payload: Readonly<Record<string, unknown>>
}

/** Given to a browser, for the app that sent it here. */
export interface SignInCode {
  readonly app: App
  readonly account: Account
  readonly redirectUrl: string
  readonly challenge: string | null
  readonly expiresAt: number
}

/** All that the double knows, its counter and its clock. */
export class World {
  readonly origin: string
  readonly apiUrl: string
  readonly folder: string
  readonly accounts = new Map<string, Account>()
  readonly repositories: Repository[] = []
  readonly apps: App[] = []
  readonly installations: Installation[] = []
  readonly tokens = new Map<string, Token>()
  /** Of apps that were made by a manifest and not yet fetched. */
  readonly manifestCodes = new Map<string, { readonly app: App; readonly expiresAt: number }>()
  /** Who sits in front of the browser that is sent here to sign in; undefined: somebody who says no. */
  visitor: Account | undefined
  readonly signInCodes = new Map<string, SignInCode>()
  /** Logins by organization (`acme`) and team (`acme/platform`). */
  readonly groups = new Map<string, Set<string>>()
  /** Who is told what happens. */
  readonly listeners: ((announcement: Announcement) => void)[] = []
  #last = 1000
  #ahead = 0

  constructor(origin: string, apiUrl: string, folder: string) {
    this.origin = origin
    this.apiUrl = apiUrl
    this.folder = folder
  }

  announce(announcement: Announcement): void {
    for (const listener of this.listeners) listener(announcement)
  }

  nextId(): number {
    this.#last += 1
    return this.#last
  }

  nowMs(): number {
    return Date.now() + this.#ahead
  }

  /** As GitHub writes it: whole seconds, UTC. */
  now(): string {
    return timestamp(this.nowMs())
  }

  advance(ms: number): void {
    this.#ahead += ms
  }

  /** The account of that name, made when it is not there. `[bot]` is a bot, whoever says so. */
  account(login: string, type: Account['type'] = login.endsWith('[bot]') ? 'Bot' : 'User'): Account {
    const known = this.accounts.get(login.toLowerCase())
    if (known !== undefined) return known
    const made = { id: this.nextId(), login, type }
    this.accounts.set(login.toLowerCase(), made)
    return made
  }

  /** Only under its name of today. */
  repositoryNamed(owner: string, name: string): Repository | undefined {
    const wanted = `${owner}/${name}`.toLowerCase()
    return this.repositories.find((repository) => !repository.deleted && fullName(repository).toLowerCase() === wanted)
  }

  repositoryOnceNamed(owner: string, name: string): Repository | undefined {
    return this.repositories.find((repository) => !repository.deleted && repository.formerNames.includes(`${owner}/${name}`.toLowerCase()))
  }

  /** The installations that reach a repository, of all apps. */
  installationsOn(repository: Repository): Installation[] {
    return this.installations.filter((installation) => !installation.deleted && reaches(installation, repository))
  }

  roleOf(account: Account, repository: Repository): Role | undefined {
    if (account.id === repository.owner.id) return 'admin'
    return repository.collaborators.get(account.login.toLowerCase()) ?? (repository.private ? undefined : 'read')
  }
}

export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}

export function fullName({ owner, name }: Repository): string {
  return `${owner.login}/${name}`
}

export function reaches({ account, repositories }: Installation, repository: Repository): boolean {
  return repository.owner.id === account.id && (repositories === null || repositories.has(repository.id))
}

/** Opaque to clients, and told apart by kind: GraphQL's `id`. */
export function nodeId(kind: string, id: number): string {
  return `${kind}_${Buffer.from(`${kind}:${id}`).toString('base64url')}`
}

export function idOfNode(kind: string, node: string): number {
  const [told, id] = Buffer.from(node.slice(node.indexOf('_') + 1), 'base64url')
    .toString()
    .split(':')
  if (told !== kind || id === undefined) throw new Denial(404, `Could not resolve to a node with the global id of '${node}'`)
  return Number(id)
}

export function digest(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex')
}
