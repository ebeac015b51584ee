import { inert, type Scope } from '@fixpoint/core'
import type { Env } from '../env.ts'
import { ExitCode, UsageError } from '../exit-codes.ts'
import type { Screen } from '../present/terminal.ts'
import { openStores } from '../serve/open-stores.ts'

const SCOPES: readonly Scope[] = ['read', 'decide', 'admin', 'upload']
const DAY_MS = 24 * 3_600_000

export interface NewTokenOptions {
  readonly scope: string
  readonly days?: string
}

/** A token for a person or a program. Its secret is shown here and never again. */
export async function createToken(name: string, { scope, days }: NewTokenOptions, env: Env, screen: Screen): Promise<ExitCode> {
  const scopes = scopesOf(scope)
  if (days !== undefined && !(Number(days) > 0)) throw new UsageError(`--days does not understand ${JSON.stringify(days)}`, 'For example --days 90.')
  await using stores = await openStores(env, (message) => screen.line(screen.colors.dim(message)))
  const expiresAt = days === undefined ? undefined : new Date(Date.now() + Number(days) * DAY_MS)
  const { token, secret } = await stores.tokens.issueApiToken({ name, scopes, expiresAt })
  process.stdout.write(`${secret}\n`)
  screen.line(`${token.id}: ${name} may ${scopes.join(', ')}${expiresAt ? ` until ${expiresAt.toISOString().slice(0, 10)}` : ''}; it is shown once`)
  return ExitCode.delivered
}

/** `read,decide` → the scopes of it. */
export function scopesOf(given: string): readonly Scope[] {
  const scopes = SCOPES.filter((each) => given.split(',').includes(each))
  if (scopes.length === 0 || scopes.length !== given.split(',').length)
    throw new UsageError(`--scope does not understand ${JSON.stringify(given)}`, `Name one or more of ${SCOPES.join(', ')}, with commas.`)
  return scopes
}

export async function listTokens(options: { readonly json?: boolean }, env: Env, screen: Screen): Promise<ExitCode> {
  await using stores = await openStores(env, (message) => screen.line(screen.colors.dim(message)))
  const tokens = await stores.tokens.apiTokens()
  for (const token of tokens) {
    const state = token.revokedAt ? 'revoked' : token.expiresAt && token.expiresAt <= new Date() ? 'expired' : 'valid'
    if (options.json) process.stdout.write(`${JSON.stringify(token)}\n`)
    else process.stdout.write(`${token.id}  ${state.padEnd(8)} ${token.scopes.join(',').padEnd(18)} ${inert(token.name, 100)}\n`)
  }
  if (tokens.length === 0) screen.line('No tokens yet. Make one with: fixpoint tokens create <name>')
  return ExitCode.delivered
}

export async function revokeToken(id: string, env: Env, screen: Screen): Promise<ExitCode> {
  await using stores = await openStores(env, (message) => screen.line(screen.colors.dim(message)))
  if (!(await stores.tokens.revoke(id))) throw new UsageError(`no valid token has the id ${id}`, 'List them with: fixpoint tokens list')
  screen.line(`${id} opens nothing any more, nor do the sessions that it opened`)
  return ExitCode.delivered
}
