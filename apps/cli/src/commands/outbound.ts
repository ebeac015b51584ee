import type { OutboundState } from '@fixpoint/core'
import type { Env } from '../env.ts'
import { ExitCode, UsageError } from '../exit-codes.ts'
import type { Screen } from '../present/terminal.ts'
import { openStores } from '../serve/open-stores.ts'

const PAGE = 200

export interface ListOptions {
  readonly state?: OutboundState
  readonly to?: string
  readonly json?: boolean
}

/** What others were told, or are to be told. */
export async function listOutbound({ state, to, json }: ListOptions, env: Env, screen: Screen): Promise<ExitCode> {
  await using stores = await openStores(env, (message) => screen.line(screen.colors.dim(message)))
  const messages = await stores.outbox.list({ limit: PAGE, state, subscriber: to })
  for (const message of messages) {
    const { id, subscriber, announcement, run, attempts, nextAt, reason } = message
    const when = message.state === 'waiting' && attempts > 0 ? `again at ${nextAt.toISOString().slice(0, 16)}` : ''
    process.stdout.write(
      json
        ? `${JSON.stringify(message)}\n`
        : `${[id, message.state.padEnd(7), subscriber.padEnd(12), announcement.topic.padEnd(14), run ?? '', when, reason ?? ''].join('  ').trimEnd()}\n`,
    )
  }
  if (messages.length === 0) screen.line('Nothing. Who is told is in the settings under outbound: docs/outbound.md')
  return ExitCode.delivered
}

/** A running service sends it within a minute, under the same id. */
export async function resendOutbound(id: string, env: Env, screen: Screen): Promise<ExitCode> {
  await using stores = await openStores(env, (message) => screen.line(screen.colors.dim(message)))
  if (!(await stores.outbox.resend(id))) throw new UsageError(`no message has the id ${id}`, 'List them with: fixpoint outbound list')
  screen.line(`${id} is sent again by the service, within a minute`)
  return ExitCode.delivered
}
