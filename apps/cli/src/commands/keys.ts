import { randomBytes } from 'node:crypto'
import { inert } from '@fixpoint/core'
import { alertSources } from '@fixpoint/intake'
import type { Env } from '../env.ts'
import { ExitCode, UsageError } from '../exit-codes.ts'
import type { Screen } from '../present/terminal.ts'
import { openStores } from '../serve/open-stores.ts'
import { isRepository, readOperatorSettings } from '../serve/operator-settings.ts'

export interface NewKeyOptions {
  readonly name?: string
  readonly repo?: string
  readonly service?: string
  /** What the source signs with. */
  readonly signingSecret?: string
  /** The address under which the source reaches this service. */
  readonly base?: string
}

/** A new address for one alert source. Its secret is shown here and never again. */
export async function createKey(source: string, options: NewKeyOptions, env: Env, screen: Screen): Promise<ExitCode> {
  const adapter = alertSources.get(source)
  if (adapter === undefined) throw new UsageError(`no alert source is called ${JSON.stringify(source)}`, `Sources: ${[...alertSources.keys()].join(', ')}`)
  const { settings } = await readOperatorSettings(env)
  if (options.repo !== undefined && !isRepository(settings, options.repo))
    throw new UsageError(
      `${options.repo} is not among the repositories of the settings`,
      `Known: ${Object.keys(settings.repositories).join(', ') || 'none yet'}`,
    )
  if (adapter.secret === 'required' && options.signingSecret === undefined && source !== 'generic')
    throw new UsageError(`${adapter.title} signs what it sends`, `Pass its secret with --signing-secret; docs/sources/${source}.md says where to find it.`)
  // Of our own source the secret is ours to make.
  const signingSecret = options.signingSecret ?? (source === 'generic' ? `whsec_${randomBytes(32).toString('base64')}` : undefined)
  await using stores = await openStores(env, (message) => screen.line(screen.colors.dim(message)))
  const { key, secret } = await stores.tokens.issueIngestKey({
    name: options.name ?? source,
    source,
    signingSecret,
    repository: options.repo,
    service: options.service,
  })
  const base = options.base ?? settings.server.publicUrl ?? `http://${settings.server.host}:${settings.server.port}`
  process.stdout.write(`${base.replace(/\/$/, '')}/hooks/${source}/${secret}\n`)
  screen.line(`${key.id}: give this address to ${adapter.title}; it is shown once. What to click: docs/sources/${source}.md`)
  if (options.signingSecret === undefined && signingSecret !== undefined) process.stdout.write(`${signingSecret}\n`)
  return ExitCode.delivered
}

export async function listKeys(options: { readonly json?: boolean }, env: Env, screen: Screen): Promise<ExitCode> {
  await using stores = await openStores(env, (message) => screen.line(screen.colors.dim(message)))
  const keys = await stores.tokens.ingestKeys()
  for (const key of keys) {
    if (options.json) process.stdout.write(`${JSON.stringify(key)}\n`)
    else
      process.stdout.write(
        `${key.id}  ${key.source.padEnd(14)} ${(key.signed ? 'signed' : 'unsigned').padEnd(9)} ${(key.revokedAt ? 'revoked' : 'valid').padEnd(8)} ${inert(key.name, 100)}\n`,
      )
  }
  if (keys.length === 0) screen.line('No keys yet. Make one with: fixpoint keys create sentry --repo <name>')
  return ExitCode.delivered
}

export async function revokeKey(id: string, env: Env, screen: Screen): Promise<ExitCode> {
  await using stores = await openStores(env, (message) => screen.line(screen.colors.dim(message)))
  if (!(await stores.tokens.revoke(id))) throw new UsageError(`no valid key has the id ${id}`, 'List them with: fixpoint keys list')
  screen.line(`${id} opens nothing any more`)
  return ExitCode.delivered
}
