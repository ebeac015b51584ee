import { verify } from 'node:crypto'
import { Denial, notFound } from './denial.ts'
import type { Account, App, Level, Permissions, Repository, Token } from './records.ts'
import { reaches, type World } from './world.ts'

/** As whom a request comes. */
export type Access =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'app'; readonly app: App }
  | { readonly kind: 'installation'; readonly token: Extract<Token, { kind: 'installation' }> }
  | { readonly kind: 'personal'; readonly token: Extract<Token, { kind: 'personal' }> }

const LEVELS: readonly Level[] = ['read', 'write', 'admin']
const MINUTE_S = 60
const MAX_LIFE_S = 10 * MINUTE_S
/** GitHub's clock and the client's may differ this much. */
const SKEW_S = MINUTE_S

export function accessOf(world: World, authorization: string | undefined): Access {
  if (authorization === undefined) return { kind: 'anonymous' }
  const [scheme = '', credential = ''] = authorization.split(' ', 2)
  const secret = scheme.toLowerCase() === 'basic' ? (Buffer.from(credential, 'base64').toString().split(':', 2)[1] ?? '') : credential
  if (secret.split('.').length === 3) return { kind: 'app', app: appOfJwt(world, secret) }
  const token = world.tokens.get(secret)
  if (token === undefined || token.expiresAt <= world.nowMs()) throw badCredentials()
  if (token.kind === 'personal') return { kind: 'personal', token }
  if (token.installation.deleted) throw badCredentials()
  if (token.installation.suspended !== null) throw new Denial(403, 'This installation has been suspended')
  return { kind: 'installation', token }
}

export function badCredentials(): Denial {
  return new Denial(401, 'Bad credentials')
}

function appOfJwt(world: World, jwt: string): App {
  const [head = '', body = '', signature = ''] = jwt.split('.')
  const undecodable = new Denial(401, 'A JSON web token could not be decoded')
  const header = jsonOf(head)
  const claims = jsonOf(body)
  if (header === undefined || claims === undefined || header.alg !== 'RS256') throw undecodable
  const { iss, exp, iat } = claims
  const app = world.apps.find(({ id, clientId }) => String(iss) === String(id) || iss === clientId)
  if (app === undefined) throw new Denial(401, "'Issuer' claim ('iss') must be an Integer or a client ID of an existing app")
  if (!verify('RSA-SHA256', Buffer.from(`${head}.${body}`), app.publicKey, Buffer.from(signature, 'base64url'))) throw undecodable
  const now = Math.floor(world.nowMs() / 1000)
  if (typeof exp !== 'number' || exp <= now)
    throw new Denial(401, "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires")
  if (exp > now + MAX_LIFE_S + SKEW_S) throw new Denial(401, "'Expiration time' claim ('exp') is too far in the future")
  if (typeof iat !== 'number' || iat > now + SKEW_S)
    throw new Denial(401, "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued")
  return app
}

function jsonOf(part: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString())
  } catch {
    return undefined
  }
}

/** Who does it: an app acts as its bot. */
export function actorOf(access: Access): Account {
  switch (access.kind) {
    case 'anonymous':
      throw new Denial(401, 'Requires authentication')
    case 'app':
      return access.app.bot
    case 'installation':
      return access.token.installation.app.bot
    case 'personal':
      return access.token.account
  }
}

export function appOf(access: Access): App | null {
  return access.kind === 'installation' ? access.token.installation.app : null
}

/** The permissions that count on this repository. null: whatever its owner may. undefined: it is out of reach. */
function grantOn(repository: Repository, access: Access): Permissions | null | undefined {
  if (access.kind === 'installation') {
    const { installation, permissions, repositories } = access.token
    return reaches(installation, repository) && (repositories === null || repositories.has(repository.id)) ? permissions : undefined
  }
  if (access.kind !== 'personal') return undefined
  const { permissions, repositories } = access.token
  return repositories === null || repositories.has(repository.id) ? permissions : undefined
}

export function maySee(world: World, repository: Repository, access: Access): boolean {
  if (!repository.private) return true
  if (access.kind === 'personal' && world.roleOf(access.token.account, repository) === undefined) return false
  return grantOn(repository, access) !== undefined
}

/** One alternative of GitHub's own notation, which `X-Accepted-GitHub-Permissions` tells: `issues=write; pull_requests=write`. */
export function allows(permissions: Permissions, needs: string): boolean {
  return needs.split(';').some((alternative) => alternative.split(',').every((need) => hasLevel(permissions, need.trim())))
}

function hasLevel(permissions: Permissions, need: string): boolean {
  const [name = '', level = 'read'] = need.split('=')
  const granted = name === 'metadata' ? 'read' : permissions[name]
  return granted !== undefined && LEVELS.indexOf(granted) >= LEVELS.indexOf(level as Level)
}

export function demand(world: World, repository: Repository, access: Access, needs: string): void {
  if (!maySee(world, repository, access)) throw notFound()
  const reads = !/=(write|admin)/.test(needs)
  const grant = grantOn(repository, access)
  // What is public, anybody may read.
  if (reads && !repository.private && grant === undefined) return
  if (access.kind === 'anonymous') throw new Denial(401, 'Requires authentication')
  if (access.kind === 'app') throw new Denial(403, 'Resource not accessible by integration')
  const headers = { 'x-accepted-github-permissions': needs }
  const refusal = access.kind === 'installation' ? 'Resource not accessible by integration' : 'Resource not accessible by personal access token'
  if (grant === undefined || (grant !== null && !allows(grant, needs))) throw new Denial(403, refusal, { headers })
  if (access.kind === 'personal' && !reads && !mayWrite(world, repository, access.token.account, needs)) {
    throw new Denial(403, 'Must have push access to view or change this resource.', { headers })
  }
  if (!reads && repository.archived) throw new Denial(403, 'Repository was archived so is read-only.')
}

/** Anybody may open an issue, comment and react; the rest takes a role. */
function mayWrite(world: World, repository: Repository, account: Account, needs: string): boolean {
  const role = world.roleOf(account, repository)
  if (needs.includes('administration=')) return role === 'admin'
  return role === 'write' || role === 'maintain' || role === 'admin' || (role !== undefined && needs.includes('issues=write'))
}
