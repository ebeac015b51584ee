import type { Env } from '../env.ts'
import { ExitCode } from '../exit-codes.ts'
import type { Screen } from '../present/terminal.ts'
import { openStores } from '../serve/open-stores.ts'
import { readOperatorSettings } from '../serve/operator-settings.ts'
import { scopesOf } from './tokens.ts'

const LINK_MS = 15 * 60_000

export interface LoginOptions {
  readonly scope: string
  /** Who acts, in journals and logs. */
  readonly name: string
  /** The address under which a browser reaches this service. */
  readonly base?: string
}

/** A link that opens the dashboard once. Whoever may read the service's data may make one. */
export async function login({ scope, name, base }: LoginOptions, env: Env, screen: Screen): Promise<ExitCode> {
  const scopes = scopesOf(scope)
  const { settings } = await readOperatorSettings(env)
  await using stores = await openStores(env, (message) => screen.line(screen.colors.dim(message)))
  const { secret } = await stores.tokens.issueLoginLink({ name, scopes, expiresAt: new Date(Date.now() + LINK_MS) })
  const address = base ?? settings.server.publicUrl ?? `http://${settings.server.host}:${settings.server.port}`
  process.stdout.write(`${address.replace(/\/$/, '')}/login?link=${secret}\n`)
  screen.line(`${name} may ${scopes.join(', ')}; it opens the dashboard once, within 15 minutes`)
  return ExitCode.delivered
}
