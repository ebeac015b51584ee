import { userInfo } from 'node:os'
import type { Env } from '../env.ts'
import { ExitCode } from '../exit-codes.ts'
import type { Screen } from '../present/terminal.ts'
import { openStores } from '../serve/open-stores.ts'

/** The emergency stop: runs under way pause within seconds and no new one begins, in every process, until it is lifted. Alerts are still taken in. */
export async function emergencyStop(stopped: boolean, options: { readonly reason?: string }, env: Env, screen: Screen): Promise<ExitCode> {
  await using stores = await openStores(env, (message) => screen.line(screen.colors.dim(message)))
  await stores.stop.set({ stopped, by: userInfo().username, ...(options.reason !== undefined && { reason: options.reason }) })
  screen.line(stopped ? 'Stopped: no run goes on until `fixpoint stop lift`. Alerts are still taken in.' : 'Lifted: runs go on within half a minute.')
  return ExitCode.delivered
}

export async function stopStatus(options: { readonly json?: boolean }, env: Env, screen: Screen): Promise<ExitCode> {
  await using stores = await openStores(env, (message) => screen.line(screen.colors.dim(message)))
  const { stopped, by, since, reason } = await stores.stop.get()
  if (options.json) process.stdout.write(`${JSON.stringify({ stopped, by, since, reason })}\n`)
  else process.stdout.write(stopped ? `on, by ${by} since ${since?.toISOString()}${reason === undefined ? '' : `: ${reason}`}\n` : 'off\n')
  return ExitCode.delivered
}
