import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import type { Account, App, Installation, Permissions, Repository, Token } from '../records.ts'
import { installationShape } from '../shapes/app.ts'
import { fullName, nodeId, type World } from '../world.ts'

export interface NewApp {
  readonly slug: string
  readonly name?: string
  readonly owner?: string
  readonly permissions?: Permissions
  readonly events?: readonly string[]
  readonly webhook?: { readonly url: string; readonly secret: string }
}

export function registerApp(world: World, { slug, name = slug, owner = 'fixpoint-makers', permissions = {}, events = [], webhook }: NewApp): App {
  // A key takes a while to make, and not every app comes by its own.
  let made: KeyObject | undefined
  const key = () => {
    made ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    return made
  }
  const app: App = {
    id: world.nextId(),
    slug,
    name,
    clientId: `Iv23li${randomBytes(7).toString('hex')}`,
    clientSecret: randomBytes(20).toString('hex'),
    owner: world.account(owner),
    bot: world.account(`${slug}[bot]`),
    get pem() {
      return key().export({ type: 'pkcs1', format: 'pem' }).toString()
    },
    get publicKey() {
      return createPublicKey(key()).export({ type: 'spki', format: 'pem' }).toString()
    },
    permissions: { metadata: 'read', ...permissions },
    events,
    webhook: webhook === undefined ? null : { ...webhook, active: true },
    createdAt: world.now(),
  }
  world.apps.push(app)
  return app
}

export function install(world: World, app: App, account: Account, repositories: readonly Repository[] | null, sender: Account): Installation {
  const now = world.now()
  const installation: Installation = {
    id: world.nextId(),
    app,
    account,
    repositories: repositories === null ? null : new Set(repositories.map(({ id }) => id)),
    permissions: app.permissions,
    events: app.events,
    suspended: null,
    deleted: false,
    createdAt: now,
    updatedAt: now,
  }
  world.installations.push(installation)
  const reached = world.repositories.filter((each) => each.owner.id === account.id && (repositories === null || repositories.includes(each)))
  announce(world, installation, 'created', sender, { repositories: reached.map(briefly), requester: null })
  return installation
}

export function uninstall(world: World, installation: Installation, sender: Account): void {
  announce(world, installation, 'deleted', sender)
  installation.deleted = true
}

export function setSuspended(world: World, installation: Installation, suspended: boolean, sender: Account): void {
  installation.suspended = suspended ? { at: world.now(), by: sender } : null
  announce(world, installation, suspended ? 'suspend' : 'unsuspend', sender)
}

export function acceptPermissions(world: World, installation: Installation, sender: Account): void {
  installation.permissions = installation.app.permissions
  announce(world, installation, 'new_permissions_accepted', sender)
}

export function changeRepositories(world: World, installation: Installation, repository: Repository, added: boolean, sender: Account): void {
  installation.repositories ??= new Set(world.repositories.filter(({ owner }) => owner.id === installation.account.id).map(({ id }) => id))
  if (added) installation.repositories.add(repository.id)
  else installation.repositories.delete(repository.id)
  const [repositories_added, repositories_removed] = added ? [[briefly(repository)], []] : [[], [briefly(repository)]]
  const payload = { repositories_added, repositories_removed, repository_selection: 'selected', requester: null }
  world.announce({
    event: 'installation_repositories',
    action: added ? 'added' : 'removed',
    sender,
    installation,
    payload: { installation: installationShape(world, installation), ...payload },
  })
}

function announce(world: World, installation: Installation, action: string, sender: Account, more: object = {}): void {
  world.announce({ event: 'installation', action, sender, installation, payload: { installation: installationShape(world, installation), ...more } })
}

function briefly(repository: Repository) {
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: fullName(repository),
    private: repository.private,
  }
}

const HOUR_MS = 3_600_000

export function mintInstallationToken(world: World, installation: Installation, permissions: Permissions, repositories: ReadonlySet<number> | null) {
  const value = `ghs_${randomBytes(18).toString('hex')}`
  const token = { kind: 'installation' as const, value, installation, permissions, repositories, expiresAt: world.nowMs() + HOUR_MS }
  world.tokens.set(value, token)
  return token
}

export interface NewPersonalToken {
  /** Makes it a fine-grained one. */
  readonly permissions?: Permissions
  readonly repositories?: readonly Repository[]
  readonly scopes?: readonly string[]
  readonly lifeMs?: number
}

export function mintPersonalToken(world: World, account: Account, wanted: NewPersonalToken): Token {
  const value = `${wanted.permissions === undefined ? 'ghp_' : 'github_pat_'}${randomBytes(18).toString('hex')}`
  const token: Token = {
    kind: 'personal',
    value,
    account,
    permissions: wanted.permissions ?? null,
    repositories: wanted.repositories === undefined ? null : new Set(wanted.repositories.map(({ id }) => id)),
    scopes: wanted.scopes ?? ['repo'],
    expiresAt: wanted.lifeMs === undefined ? Number.POSITIVE_INFINITY : world.nowMs() + wanted.lifeMs,
  }
  world.tokens.set(value, token)
  return token
}
