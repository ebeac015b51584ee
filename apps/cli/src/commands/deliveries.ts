import { type DeliveryRecord, type DeliveryState, inert, type StoredReport } from '@fixpoint/core'
import { openQueue } from '@fixpoint/queue'
import type { Env } from '../env.ts'
import { ExitCode, UsageError } from '../exit-codes.ts'
import type { Screen } from '../present/terminal.ts'
import { openStores } from '../serve/open-stores.ts'

const PAGE = 50
const REASON = 300

export interface ListOptions {
  readonly state?: DeliveryState
  readonly source?: string
  readonly json?: boolean
}

/** What came in, what became of it, and where the reports stand that it was about. */
export async function listDeliveries({ state, source, json }: ListOptions, env: Env, screen: Screen): Promise<ExitCode> {
  await using stores = await openStores(env, (message) => screen.line(screen.colors.dim(message)))
  const deliveries = await stores.deliveries.list({ limit: PAGE, ...(state && { state }), ...(source !== undefined && { source }) })
  for (const delivery of deliveries) {
    const reports = (await Promise.all(delivery.reports.map((id) => stores.reports.get(id)))).filter((report) => report !== undefined)
    const told = reports.map(({ id, state: stands, reason, runs }) => ({ id, state: stands, reason, run: runs.at(-1) }))
    process.stdout.write(json ? `${JSON.stringify({ ...delivery, reports: told })}\n` : `${linesOf(delivery, reports).join('\n')}\n`)
  }
  if (deliveries.length === 0) screen.line('Nothing came in. Make an address for a source with: fixpoint keys create <source>')
  return ExitCode.delivered
}

/** A running service looks at it within half a minute. */
export async function replayDelivery(id: string, env: Env, screen: Screen): Promise<ExitCode> {
  await using stores = await openStores(env, (message) => screen.line(screen.colors.dim(message)))
  if (!(await stores.deliveries.replay(id)))
    throw new UsageError(`no delivery ${id} can be looked at again`, 'It was refused, or its content has expired. List them with: fixpoint deliveries list')
  await using queue = await openQueue({ url: env.redisUrl ?? stores.url, log: () => undefined })
  await queue.enqueue('deliveries', {})
  screen.line(`${id} is looked at once more by the service`)
  return ExitCode.delivered
}

function linesOf({ id, receivedAt, state, source, duplicates, reason }: DeliveryRecord, reports: readonly StoredReport[]): readonly string[] {
  const again = duplicates > 0 ? `+${duplicates} more` : ''
  const head = [id, receivedAt.toISOString().slice(0, 19), state.padEnd(8), inert(source, 20).padEnd(12), again, oneLine(reason ?? '')]
  return [
    head.join('  ').trimEnd(),
    ...reports.map((report) => `  ${report.id}  ${report.state.padEnd(8)}  ${oneLine(report.reason ?? report.runs.at(-1) ?? '')}`),
  ]
}

function oneLine(text: string): string {
  return inert(text, REASON).replaceAll('\n', ' ')
}
