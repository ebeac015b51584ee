import type { HostActor, HostedRepository, HostPermission } from '@fixpoint/core'
import type { DeskSettings } from './desk-hands.ts'

const LEAST_FIRST: readonly HostPermission[] = ['none', 'read', 'triage', 'write', 'admin']

/**
 * Whether somebody may ask for something: people by what the host says they may do here, asked each time; apps only when they are listed. A login
 * that ends with `[bot]` proves nothing, and neither does what a payload says of its author.
 */
export async function refusalOf(by: HostActor, host: HostedRepository, settings: Pick<DeskSettings, 'bots' | 'mayAsk'>): Promise<string | undefined> {
  if (by.bot || by.login.endsWith('[bot]')) return settings.bots.includes(by.login) ? undefined : `${by.login} is an app that is not listed (bots)`
  const permission = await host.permissionOf(by.login)
  if (LEAST_FIRST.indexOf(permission) >= LEAST_FIRST.indexOf(settings.mayAsk)) return undefined
  return `${by.login} has ${permission} access here; asking takes ${settings.mayAsk}`
}
